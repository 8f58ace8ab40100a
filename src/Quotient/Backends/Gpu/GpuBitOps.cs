namespace Quotient.Backends.Gpu;

/// <summary>Signs to bits and back.</summary>
internal sealed class GpuBitOps<T>(Launcher<T> launcher) : IBitOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows that a group of <c>pack_signs</c> packs a word of, and its threads on a GPU.</summary>
    private const int PackedRows = 64;

    private readonly int _threads = launcher.Traits.IsProcessor ? 1 : PackedRows;
    private readonly KernelParameters _packed = Packing(launcher.Traits, 0), _packedTransposed = Packing(launcher.Traits, 1);

    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        if (bits.Rows > 0 && bits.Columns > 0)
        {
            var grid = new LaunchShape((int)LaunchShape.Ceiling(bits.Rows, PackedRows), (int)bits.Words, 1, _threads);
            launcher.Launch(
                "binary/pack_signs", "pack_signs", grid, new() { x, threshold, bits, bits.Rows, bits.Columns },
                transpose == Transpose.Yes ? _packedTransposed : _packed);
        }
    }

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y) =>
        launcher.Rows("binary/unpack_signs", "unpack_signs", y.Rows, y.Columns, new() { bits, y });

    private static KernelParameters Packing(GpuTraits traits, int transpose) =>
        KernelParameters.Of(("GROUP_SIZE", traits.IsProcessor ? 1 : PackedRows), ("TRANSPOSE", transpose));
}
