using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>One of the terms of the transpose of a convolution by its weights: values of windows, and images.</summary>
/// <param name="Values">Value (n, window, o) is at Values[(n·windows + window)·Stride + o].</param>
/// <param name="Stride">Elements from one window to the next.</param>
/// <param name="Images">The first image.</param>
/// <param name="ImageStride">Elements from one image to the next.</param>
internal readonly unsafe record struct WeightTerm<T>(nint Values, nint Stride, nint Images, nint ImageStride) where T : unmanaged
{
    /// <summary>The term that a pair of operands is, in one member.</summary>
    public static WeightTerm<T> Of(in Operand<T> values, in Operand<T> images, int member)
    {
        var (d, x) = (values.Values[member], images.Images[member]);
        return new((nint)d.Pointer(), (nint)d.Stride, (nint)x.Pointer(), (nint)x.Stride);
    }
}

/// <summary>The transpose of a convolution by its weights, of one member: out channels × patch, summed over windows and images.</summary>
internal readonly unsafe struct WeightProduct<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The windows.</summary>
    public required Patches Patches { get; init; }

    /// <summary>The terms, of which there are one or two.</summary>
    public required WeightTerm<T> First { get; init; }

    /// <inheritdoc cref="First"/>
    public WeightTerm<T>? Second { get; init; }

    /// <summary>Images.</summary>
    public required nint Images { get; init; }

    /// <summary>The result, without factors.</summary>
    public required StridedProduct<T> Result { get; init; }

    /// <summary>Multiplications and additions, those with what is outside the images too.</summary>
    public double Operations => 2.0 * Images * Patches.Windows * Result.Rows * Patches.PatchSize * (Second is null ? 1 : 2);

    /// <summary>Values of one row of a window, which are neighbours in an image.</summary>
    public nint RowSize => (nint)Patches.KernelWidth * Patches.Channels;

    /// <summary>Values of one row of an image as far as windows see it, padding included.</summary>
    public nint FrameRow => (((nint)(Patches.OutWidth - 1) * Patches.StrideX) + Patches.KernelWidth) * Patches.Channels;

    /// <summary>Values of an image as far as windows see it, padding included.</summary>
    public nint FrameSize => (((nint)(Patches.OutHeight - 1) * Patches.StrideY) + Patches.KernelHeight) * FrameRow;

    /// <summary>Whether the windows' values of an image are neighbours.</summary>
    public bool HasNeighbours => First.Stride == Result.Rows && (Second is not { } second || second.Stride == Result.Rows);

    /// <summary>Reads what is asked of a member.</summary>
    public static WeightProduct<T> Of(in Product<T> p, int member) => new()
    {
        Patches = p.B.Patches!,
        First = WeightTerm<T>.Of(p.A, p.B, member),
        Second = p.IsPair ? WeightTerm<T>.Of(p.A2, p.B2, member) : null,
        Images = (nint)p.B.Images.First.Rows,
        Result = StridedProduct<T>.Of(p, member),
    };
}
