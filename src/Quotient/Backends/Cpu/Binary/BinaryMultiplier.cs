using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>Products with matrices of signs, dealt to the threads where that pays.</summary>
internal sealed class BinaryMultiplier<T>(SignKernels signs, MixedKernels<T> mixed, WorkerPool pool, Scratch scratch)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many times faster than a dense product is one of signs, and one of numbers with signs, about.</summary>
    private const int SignsPerOperation = 12, MixedPerOperation = 3;

    private const int PartsPerThread = 4;

    /// <summary>C ← α·A·Bᵀ, both of signs.</summary>
    public unsafe void Multiply(T alpha, BitPointer a, BitPointer b, MatrixPointer<T> c)
    {
        double operations = 2.0 * a.Rows * b.Rows * a.Columns / SignsPerOperation;
        if (!signs.UsesTables || a.Columns > SixBits.DeepestRow)
        {
            pool.Run(new SignProductParts<T>(a, b, alpha, c, signs, scratch), operations);
            return;
        }

        var codes = new SixBitCodes(a, b, scratch);
        pool.Run(codes, operations);
        pool.Run(new SixBitParts<T>(codes, alpha, c, scratch), operations);
    }

    /// <summary>C ← α·A·Bᵀ + β·C, only B of signs; the product says the rest.</summary>
    public unsafe void Multiply(in StridedProduct<T> product, BitPointer b)
    {
        if (product.Rows == 0 || product.Columns == 0)
        {
            return;
        }

        double operations = product.Operations / MixedPerOperation;
        var factors = new MixedFactors<T>(product, b, mixed, scratch);
        pool.Run(new PackParts<T, Strided<T>>(factors.Codes, default), operations);
        nint rowParts = Blocking.CeilingDivide(product.Rows, factors.TileRows);
        nint wanted = Blocking.CeilingDivide((pool.Threads - 1) * PartsPerThread, rowParts);
        nint most = Blocking.CeilingDivide(factors.Panels, MixedFactors<T>.PanelsWorthTables);
        pool.Run(new TileParts<T, MixedFactors<T>>(
            product, factors, (int)rowParts, (int)Math.Clamp(wanted, 1, most), mixed.Dense, scratch), operations);
    }
}
