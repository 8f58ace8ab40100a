namespace Quotient.Backends.Gpu.Products;

/// <summary>What the reader <c>product/operands/patches.h</c> is told of windows and images, once for all operands of a product.</summary>
internal static class PatchArguments
{
    /// <summary>Numbers of rows and columns, of which a tile may reach beyond, are of 31 bits.</summary>
    private const long Limit = int.MaxValue - (1 << 16);

    /// <summary>Channels of the images that are read: those of windows where these are seen from places.</summary>
    public static long ChannelsRead<T>(in this Operand<T> operand) where T : unmanaged => operand.Reader == Reader.Patches
        ? operand.Patches!.Channels
        : operand.Images.First.Columns / operand.Patches!.Windows;

    /// <summary>The arguments, in the order of <c>patches_SHARED</c>.</summary>
    /// <exception cref="QuotientException">The kernels do not count so far.</exception>
    public static void AddPatches<T>(ref this Arguments arguments, in Operand<T> operand) where T : unmanaged
    {
        var p = operand.Patches!;
        QuotientException.ThrowIf(
            Math.Max(Math.Max(operand.Rows, operand.Columns), operand.Images.First.Columns) > Limit,
            $"a convolution reads {operand.Rows} × {operand.Columns} values from images of {operand.Images.First.Columns}; a GPU's kernels count to {Limit}");
        bool isBack = operand.Reader == Reader.BackPatches;
        var (height, width) = isBack ? (p.OutHeight, p.OutWidth) : (p.Height, p.Width);
        arguments.Add(height);
        arguments.Add(width);
        arguments.Add(p.Top);
        arguments.Add(p.Left);
        arguments.Add(new Divisor((int)(isBack ? p.Places : p.Windows)));
        arguments.Add(new Divisor(isBack ? p.Width : p.OutWidth));
        arguments.Add(new Divisor((int)operand.ChannelsRead()));
        arguments.Add(new Divisor(p.KernelWidth));
        arguments.Add(new Divisor(p.StrideY));
        arguments.Add(new Divisor(p.StrideX));
    }
}
