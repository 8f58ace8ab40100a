using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Convolutions;

/// <summary>
/// A convolution or its transpose, of one member: each place of the result is a sum over places of the sources times weights, and the product
/// of a place is one of matrices, images × channels of the result.
/// </summary>
internal readonly unsafe struct ImageProduct<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>What a place of the result sees.</summary>
    public required Directions Directions { get; init; }

    /// <summary>The terms, of which there are one or two.</summary>
    public required Source<T> First { get; init; }

    /// <inheritdoc cref="First"/>
    public Source<T>? Second { get; init; }

    /// <summary>Images.</summary>
    public required nint Images { get; init; }

    /// <summary>Channels of the result.</summary>
    public nint Channels => Place.Columns;

    /// <summary>The product at place 0, its rows images and its columns channels; it has no factors.</summary>
    public required StridedProduct<T> Place { get; init; }

    /// <summary>Elements from one place of the result, and of the mask, to the next.</summary>
    public required (nint Result, nint Mask) Step { get; init; }

    /// <summary>Multiplications and additions as if all taps of all places saw something.</summary>
    public double Operations => 2.0 * Images * Directions.Places * Channels * Directions.Taps * SourceChannels;

    /// <summary>Channels of the sources together.</summary>
    public nint SourceChannels => First.Channels + (Second?.Channels ?? 0);

    /// <summary>Reads what is asked of a member.</summary>
    public static ImageProduct<T> Of(in Product<T> p, int member)
    {
        var patches = p.A.Patches!;
        var directions = p.A.Reader == Reader.Patches ? Directions.Forward(patches) : Directions.Back(patches);
        var place = StridedProduct<T>.Of(p, member);
        nint images = (nint)p.A.Images.First.Rows, result = place.CRow, mask = place.MaskRow;
        place.Rows = images;
        place.CRow *= directions.Places;
        place.MaskRow *= directions.Places;
        return new()
        {
            Directions = directions,
            First = Source<T>.Of(p.A, p.B, member),
            Second = p.IsPair ? Source<T>.Of(p.A2, p.B2, member) : null,
            Images = images,
            Place = place,
            Step = (result, mask),
        };
    }

    /// <summary>The product at a place, of some images.</summary>
    public StridedProduct<T> At(nint place, nint firstImage) => Place with
    {
        C = Place.C + (place * Step.Result) + (firstImage * Place.CRow),
        Mask = Place.Mask == null ? null : Place.Mask + (place * Step.Mask) + (firstImage * Place.MaskRow),
    };
}
