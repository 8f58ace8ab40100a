using System.Numerics;

namespace Quotient.Backends.Reference;

/// <summary>The plain loops, and access to elements, that the reference is made of.</summary>
internal static unsafe class Loops
{
    public static double At<T>(VectorView<T> x, long i) where T : unmanaged, INumberBase<T> => double.CreateChecked(x.Pointer()[i]);

    public static double At<T>(MatrixView<T> x, long i, long j) where T : unmanaged, INumberBase<T> => double.CreateChecked(x.Pointer()[(i * x.Stride) + j]);

    public static void Set<T>(VectorView<T> x, long i, double value) where T : unmanaged, INumberBase<T> => x.Pointer()[i] = T.CreateChecked(value);

    public static void Set<T>(MatrixView<T> x, long i, long j, double value) where T : unmanaged, INumberBase<T> =>
        x.Pointer()[(i * x.Stride) + j] = T.CreateChecked(value);

    public static void Each<T>(VectorView<T> x, Func<long, double> value) where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < x.Length; i++)
        {
            Set(x, i, value(i));
        }
    }

    public static void EachRow<T>(MatrixView<T> y, Func<long, long, double> value) where T : unmanaged, INumberBase<T>
    {
        for (long i = 0; i < y.Rows; i++)
        {
            for (long j = 0; j < y.Columns; j++)
            {
                Set(y, i, j, value(i, j));
            }
        }
    }

    /// <summary>
    /// A sum whose rounding does not grow with its length: the error of each addition (Knuth, TAOCP 4.2.2, theorem B) is added at the
    /// end. The oracle's own error must not count.
    /// </summary>
    public static TSum Sum<TSum>(long count, Func<long, TSum> term) where TSum : INumberBase<TSum>
    {
        TSum sum = TSum.Zero, lost = TSum.Zero;
        for (long i = 0; i < count; i++)
        {
            TSum value = term(i), next = sum + value, added = next - sum;
            lost += sum - (next - added) + (value - added);
            sum = next;
        }

        return TSum.IsFinite(lost) ? sum + lost : sum;
    }

    public static ref ulong Word(BitMatrix bits, long row, long word) =>
        ref bits.Buffer.All.Pointer()[bits.Offset + (row * bits.Stride) + word];

    public static int SignAt(BitMatrix bits, long row, long column) =>
        ((Word(bits, row, column / BitMatrix.WordBits) >> (int)(column % BitMatrix.WordBits)) & 1) == 1 ? 1 : -1;
}
