using System.Numerics;
using static Quotient.Backends.Reference.Loops;

namespace Quotient.Backends.Reference;

/// <summary>Signs to bits and back, sign by sign.</summary>
internal sealed unsafe class ReferenceBitOps<T> : IBitOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void PackSigns(Transpose transpose, MatrixView<T> x, double threshold, BitMatrix bits)
    {
        var t = T.CreateChecked(threshold);
        for (long i = 0; i < bits.Rows; i++)
        {
            for (long word = 0; word < bits.Words; word++)
            {
                Word(bits, i, word) = 0;
            }

            for (long j = 0; j < bits.Columns; j++)
            {
                var (row, column) = transpose == Transpose.No ? (i, j) : (j, i);
                bool positive = x.Pointer()[(row * x.Stride) + column] >= t;
                Word(bits, i, j / BitMatrix.WordBits) |= (positive ? 1UL : 0) << (int)(j % BitMatrix.WordBits);
            }
        }
    }

    public void UnpackSigns(BitMatrix bits, MatrixView<T> y) => EachRow(y, (i, j) => SignAt(bits, i, j));
}
