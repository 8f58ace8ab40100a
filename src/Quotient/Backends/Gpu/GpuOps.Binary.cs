using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>Signs, packed and not, and what gives them a derivative.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Signs = "binary/signs";

    /// <summary>Rows that a group of <c>pack_signs</c> packs a word of, and its threads on a GPU.</summary>
    private const int PackedRows = 64;

    private readonly KernelParameters _packed = Packing(backend.Gpu.Traits, 0), _packedTransposed = Packing(backend.Gpu.Traits, 1);

    public void Sign(VectorView<T> x, double threshold, VectorView<T> y)
    {
        RequireSame(x.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(threshold);
        arguments.Add(y);
        arguments.Add(x.Length);
        LaunchEach(Signs, "sign", x.Length, arguments);
    }

    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        bool turn = transpose == Transpose.Yes;
        RequireSame(turn ? x.Columns : x.Rows, bits.Rows);
        RequireSame(turn ? x.Rows : x.Columns, bits.Columns);
        if (bits.Rows == 0 || bits.Columns == 0)
        {
            return;
        }

        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(threshold);
        arguments.Add(bits);
        arguments.Add(bits.Rows);
        arguments.Add(bits.Columns);
        var grid = new LaunchShape(
            (int)LaunchShape.Ceiling(bits.Rows, PackedRows), (int)bits.Words, 1, Traits.IsProcessor ? 1 : PackedRows);
        Launch("binary/pack_signs", "pack_signs", grid, arguments, turn ? _packedTransposed : _packed);
    }

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y)
    {
        RequireSame(bits.Rows, y.Rows);
        RequireSame(bits.Columns, y.Columns);
        var arguments = default(Arguments);
        arguments.Add(bits);
        arguments.Add(y);
        LaunchRows(Signs, "unpack_signs", y.Rows, y.Columns, arguments);
    }

    public void Clamp(VectorView<T> x, double bound, VectorView<T> y)
    {
        RequireSame(x.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(bound);
        arguments.Add(y);
        arguments.Add(x.Length);
        LaunchEach(Signs, "clamp", x.Length, arguments);
    }

    public void MaskNear(VectorView<T> z, double centre, VectorView<T> x, VectorView<T> y)
    {
        RequireSame(x.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(z);
        arguments.Add(z.Length);
        arguments.Add(centre);
        arguments.Add(x);
        arguments.Add(y);
        arguments.Add(x.Length);
        LaunchEach(Signs, "mask_near", x.Length, arguments);
    }

    public void ScaleByMagnitude(VectorView<T> w, double eta, VectorView<T> x, VectorView<T> y)
    {
        RequireSame(w.Length, y.Length);
        RequireSame(x.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(w);
        arguments.Add(eta);
        arguments.Add(x);
        arguments.Add(y);
        arguments.Add(x.Length);
        LaunchEach(Signs, "scale_by_magnitude", x.Length, arguments);
    }

    private static KernelParameters Packing(GpuTraits traits, int transpose) =>
        KernelParameters.Of(("GROUP_SIZE", traits.IsProcessor ? 1 : PackedRows), ("TRANSPOSE", transpose));
}
