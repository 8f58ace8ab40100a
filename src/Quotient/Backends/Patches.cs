namespace Quotient.Backends;

/// <summary>
/// How a window moves over images whose channels lie together: value (y, x, c) of an image is number (y·Width + x)·Channels + c of its row.
/// Window number (y, x), of OutHeight × OutWidth, sees the places (y·StrideY − Top + i, x·StrideX − Left + j) with i below KernelHeight and j
/// below KernelWidth; what lies outside the image is 0, or absent where values are compared or counted.
/// </summary>
/// <param name="Channels">Channels of the image.</param>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Columns of the image.</param>
/// <param name="OutHeight">Rows of windows.</param>
/// <param name="OutWidth">Columns of windows.</param>
/// <param name="KernelHeight">Rows that a window sees.</param>
/// <param name="KernelWidth">Columns that a window sees.</param>
/// <param name="StrideY">Rows from one window to the next.</param>
/// <param name="StrideX">Columns from one window to the next.</param>
/// <param name="Top">Rows of padding above the image.</param>
/// <param name="Left">Columns of padding before the image.</param>
/// <param name="Bottom">Rows of padding below the image, which count where padding does.</param>
/// <param name="Right">Columns of padding behind the image, which count where padding does.</param>
public sealed record Patches(
    int Channels, int Height, int Width, int OutHeight, int OutWidth, int KernelHeight, int KernelWidth, int StrideY, int StrideX, int Top, int Left,
    int Bottom, int Right)
{
    /// <summary>Values of an image.</summary>
    public long ImageSize => (long)Height * Width * Channels;

    /// <summary>Places of an image.</summary>
    public long Places => (long)Height * Width;

    /// <summary>Windows of an image.</summary>
    public long Windows => (long)OutHeight * OutWidth;

    /// <summary>Places of a window.</summary>
    public long KernelSize => (long)KernelHeight * KernelWidth;

    /// <summary>Values that a window sees, in the order (row, column, channel).</summary>
    public long PatchSize => KernelSize * Channels;

    /// <summary>The row and column that a window sees at one of its places; they may lie outside the image.</summary>
    public (long Y, long X) Seen(long window, long at) =>
        ((window / OutWidth * StrideY) - Top + (at / KernelWidth), (window % OutWidth * StrideX) - Left + (at % KernelWidth));

    /// <summary>Whether a row and a column are of the image.</summary>
    public bool Holds(long y, long x) => y >= 0 && y < Height && x >= 0 && x < Width;
}
