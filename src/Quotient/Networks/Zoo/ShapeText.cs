namespace Quotient.Networks.Zoo;

/// <summary>Extents and counts in the text of an architecture.</summary>
internal static class ShapeText
{
    /// <summary>Channels × height × width, written 3×32×32 or 3x32x32; or one number, a vector. Null for all else.</summary>
    public static Shape? TryRead(string text)
    {
        int?[] extents = [.. text.Split('x', '×').Select(extent => TryCount(extent))];
        Shape? shape = extents switch
        {
            [{ } values] => new(values),
            [{ } channels, { } height, { } width] => new(channels, height, width),
            _ => null,
        };
        return shape is { IsValid: true } ? shape : null;
    }

    /// <summary>A whole number of at least <paramref name="least"/>, in digits; null for all else.</summary>
    public static int? TryCount(string text, int least = 1) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least ? count : null;
}
