using System.Text.Json.Nodes;
using Quotient.Backends;

namespace Quotient.Networks;

/// <summary>A window that moves over an image: that of a convolution, or of pooling.</summary>
/// <param name="Height">Rows that it sees.</param>
/// <param name="Width">Columns that it sees.</param>
public sealed record Window(int Height, int Width)
{
    /// <summary>Rows from one window to the next.</summary>
    public int StrideY { get; init; } = 1;

    /// <summary>Columns from one window to the next.</summary>
    public int StrideX { get; init; } = 1;

    /// <summary>Rows of padding above the image.</summary>
    public int Top { get; init; }

    /// <summary>Columns of padding before the image.</summary>
    public int Left { get; init; }

    /// <summary>Rows of padding below the image.</summary>
    public int Bottom { get; init; }

    /// <summary>Columns of padding behind the image.</summary>
    public int Right { get; init; }

    /// <summary>
    /// Whether a last window that reaches beyond the padding counts too, as <c>ceil_mode</c> of PyTorch says: if it begins in the image or in
    /// the padding before it.
    /// </summary>
    public bool Ceiling { get; init; }

    /// <summary>Places that it sees.</summary>
    public int Size => Height * Width;

    /// <summary>A square one, with the same stride and padding on all sides.</summary>
    public static Window Square(int size, int stride = 1, int padding = 0) => new(size, size)
    {
        StrideY = stride,
        StrideX = stride,
        Top = padding,
        Left = padding,
        Bottom = padding,
        Right = padding,
    };

    /// <summary>Where it stands on an image.</summary>
    /// <exception cref="QuotientException">It is larger than the image with its padding, or one of its numbers makes no sense.</exception>
    public Patches On(Shape image)
    {
        Check();
        return new(
            image.Channels, image.Height, image.Width, Positions(image.Height, Height, StrideY, Top, Bottom, image),
            Positions(image.Width, Width, StrideX, Left, Right, image), Height, Width, StrideY, StrideX, Top, Left, Bottom, Right);
    }

    /// <summary>As in a network's text: <c>5</c>, <c>3s2p1</c>; extents that differ are joined by ×, paddings by commas.</summary>
    public override string ToString() => ToText(1, 1);

    /// <summary>The same for pooling, whose windows lie side by side unless a stride is told.</summary>
    public string ToPoolText() => ToText(Height, Width);

    private string ToText(int usualY, int usualX)
    {
        string size = Height == Width ? $"{Height}" : $"{Height}×{Width}";
        string stride = (StrideY, StrideX) == (usualY, usualX) ? "" : StrideY == StrideX ? $"s{StrideY}" : $"s{StrideY}×{StrideX}";
        bool even = (Left, Bottom, Right) == (Top, Top, Top);
        string padding = !even ? $"p{Top},{Left},{Bottom},{Right}" : Top > 0 ? $"p{Top}" : "";
        return size + stride + padding + (Ceiling ? "ceil" : "");
    }

    /// <summary>Where it stands on an image for pooling: each window sees some of it.</summary>
    /// <exception cref="QuotientException">As of <see cref="On"/>, or a window could see padding alone.</exception>
    public Patches OnPooled(Shape image)
    {
        QuotientException.ThrowIf(
            Top >= Height || Bottom >= Height || Left >= Width || Right >= Width,
            $"a pooling window {this} cannot be: its paddings must be smaller than itself");
        return On(image);
    }

    /// <summary>Takes the fields of <see cref="Write"/>.</summary>
    internal static Window Take(JsonFields fields)
    {
        var size = fields.TakeWholes("window", 1, int.MaxValue);
        var stride = fields.TakeWholes("stride", 1, int.MaxValue);
        var padding = fields.TakeWholes("padding", 0, int.MaxValue);
        if (size.Count != 2 || stride.Count != 2 || padding.Count != 4)
        {
            throw new QuotientException(
                "a window has 'window' [height, width], 'stride' [rows, columns] and 'padding' [top, left, bottom, right], but " +
                $"{size.Count}, {stride.Count} and {padding.Count} numbers were given");
        }

        return new((int)size[0], (int)size[1])
        {
            StrideY = (int)stride[0],
            StrideX = (int)stride[1],
            Top = (int)padding[0],
            Left = (int)padding[1],
            Bottom = (int)padding[2],
            Right = (int)padding[3],
            Ceiling = fields.Has("ceiling") && fields.TakeFlag("ceiling"),
        };
    }

    /// <summary>Adds its fields to a layer's.</summary>
    internal JsonObject Write(JsonObject fields)
    {
        fields["window"] = JsonFields.ListOf([Height, Width]);
        fields["stride"] = JsonFields.ListOf([StrideY, StrideX]);
        fields["padding"] = JsonFields.ListOf([Top, Left, Bottom, Right]);
        if (Ceiling)
        {
            fields["ceiling"] = true;
        }

        return fields;
    }

    private void Check()
    {
        bool isSound = Height > 0 && Width > 0 && StrideY > 0 && StrideX > 0 && Top >= 0 && Left >= 0 && Bottom >= 0 && Right >= 0
            && (long)Height * Width <= int.MaxValue;
        QuotientException.ThrowIf(!isSound, $"a window {this} cannot be: its extents and strides are at least 1, its paddings at least 0, its places at most 2³¹ − 1");
    }

    private int Positions(int extent, int size, int stride, int before, int behind, Shape image)
    {
        long room = (long)extent + before + behind - size;
        if (room < 0)
        {
            throw new QuotientException($"a window {this} does not fit into an image of {image.Channels}×{image.Height}×{image.Width}");
        }

        long steps = Ceiling ? (room + stride - 1) / stride : room / stride;
        long positions = Ceiling && steps * stride >= (long)extent + before ? steps : steps + 1;
        return positions <= int.MaxValue
            ? (int)positions
            : throw new QuotientException($"a window {this} has {positions} places on an image of {image}, more than can be counted");
    }
}
