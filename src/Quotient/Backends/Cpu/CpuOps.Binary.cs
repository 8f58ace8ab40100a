using Quotient.Backends.Cpu.Binary;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu;

/// <summary>The operations of binary networks.</summary>
internal sealed unsafe partial class CpuOps<T>
{
    private readonly BinaryMultiplier<T> _binary = new(SignKernels.Best, MixedKernels<T>.Best, pool, scratch);

    public void Sign(VectorView<T> x, double threshold, VectorView<T> y) =>
        Map(x, x, y, new SignMap<T>(T.CreateTruncating(threshold)));

    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        T limit = T.CreateTruncating(threshold);
        if (transpose == Transpose.No)
        {
            RequireShape(x, bits.Rows, bits.Columns);
            var parts = new PackRowsParts<T>(new(x), limit, new(bits));
            pool.Run(ref parts, parts.Count);
        }
        else
        {
            RequireShape(x, bits.Columns, bits.Rows);
            var parts = new PackColumnsParts<T>(new(x), limit, new(bits));
            pool.Run(ref parts, parts.Count);
        }

        Hold(x, bits);
    }

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y)
    {
        RequireShape(y, bits.Rows, bits.Columns);
        var parts = new UnpackParts<T>(new(bits), new(y));
        pool.Run(ref parts, parts.Count);
        Hold(y, bits);
    }

    public void SignProduct(double alpha, BitMatrix a, BitMatrix b, MatrixView<T> c)
    {
        RequireSame(b.Columns, a.Columns);
        RequireShape(c, a.Rows, b.Rows);
        _binary.Multiply(T.CreateTruncating(alpha), new(a), new(b), new(c));
        Hold(c, a);
        GC.KeepAlive(b.Buffer);
    }

    public void MixedProduct(Transpose transpose, double alpha, MatrixView<T> x, BitMatrix b, double beta, MatrixView<T> c)
    {
        var (rows, depth) = transpose == Transpose.No ? (x.Rows, x.Columns) : (x.Columns, x.Rows);
        RequireSame(b.Columns, depth);
        RequireShape(c, rows, b.Rows);
        _binary.Multiply(
            new Product<T>
            {
                Rows = (nint)rows,
                Columns = (nint)b.Rows,
                Depth = (nint)depth,
                A = x.Pointer(),
                ARow = (nint)(transpose == Transpose.No ? x.Stride : 1),
                AColumn = (nint)(transpose == Transpose.No ? 1 : x.Stride),
                C = c.Pointer(),
                CRow = (nint)c.Stride,
                CColumn = 1,
                Alpha = T.CreateTruncating(alpha),
                Beta = T.CreateTruncating(beta),
            },
            new(b));
        Hold(x, c);
        GC.KeepAlive(b.Buffer);
    }

    public void Clamp(VectorView<T> x, double bound, VectorView<T> y) =>
        Map(x, x, y, new ClampMap<T>(T.CreateTruncating(bound)));

    public void MaskNear(VectorView<T> z, double centre, VectorView<T> x, VectorView<T> y)
    {
        for (long offset = 0; offset < x.Length; offset += z.Length)
        {
            var map = new MaskNearMap<T>(T.CreateTruncating(centre));
            Map(z, x.Slice(offset, z.Length), y.Slice(offset, z.Length), map);
        }
    }

    public void ScaleByMagnitude(VectorView<T> w, double eta, VectorView<T> x, VectorView<T> y) =>
        Map(w, x, y, new MagnitudeMap<T>(T.CreateTruncating(eta)));

    private static void RequireShape(MatrixView<T> x, long rows, long columns)
    {
        RequireSame(x.Rows, rows);
        RequireSame(x.Columns, columns);
    }

    private static void Hold(MatrixView<T> x, BitMatrix bits)
    {
        GC.KeepAlive(x.Buffer);
        GC.KeepAlive(bits.Buffer);
    }
}
