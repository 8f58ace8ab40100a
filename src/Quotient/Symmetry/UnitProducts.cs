using Quotient.Backends;

namespace Quotient.Symmetry;

/// <summary>Inner products of all units of A with all of B, by blocks, on a device in double. Keeps A's blocks there.</summary>
internal sealed class UnitProducts(IBackend backend, MatchingPair pair) : IDisposable
{
    private readonly Dictionary<(UnitBlock Block, int Signs), DeviceBuffer<double>> _ofA = [];
    private readonly Dictionary<(UnitBlock Block, int Signs), double[]> _constant = [];

    /// <summary>The parameters.</summary>
    public MatchingPair Pair => pair;

    /// <summary>
    /// S[i, j] = ⟨row i of A's block, row j of B's⟩, over the places of a combination of signs, B's other axis changed. What no change can alter
    /// is computed once.
    /// </summary>
    public double[] Of(UnitBlock block, int signs, IReadOnlyList<UnitChange> changes)
    {
        if (_constant.TryGetValue((block, signs), out double[]? known))
        {
            return known;
        }

        var a = _ofA.TryGetValue((block, signs), out var kept) ? kept : _ofA[(block, signs)] = backend.Store<double>(RowsOfA(block, signs));
        double[] product = Multiply(a, RowsOfB(block, signs, changes), block.Units);
        if (!pair.NeighboursOf(block).Any())
        {
            _constant.Add((block, signs), product);
        }

        return product;
    }

    /// <summary>The same with each row divided by its norm: cosines; 0 with a unit whose row is 0.</summary>
    public double[] Cosines(UnitBlock block, int signs, IReadOnlyList<UnitChange> changes)
    {
        double[] rowsOfA = RowsOfA(block, signs), rowsOfB = RowsOfB(block, signs, changes);
        Normalise(rowsOfA, block.Units);
        Normalise(rowsOfB, block.Units);
        return Multiply(rowsOfA, rowsOfB, block.Units);
    }

    /// <summary>A Bᵀ of matrices with so many rows each.</summary>
    public double[] Multiply(double[] rowsOfA, double[] rowsOfB, int rows)
    {
        using var a = backend.Store<double>(rowsOfA);
        return Multiply(a, rowsOfB, rows);
    }

    private double[] Multiply(DeviceBuffer<double> a, double[] rowsOfB, int rows)
    {
        int width = rowsOfB.Length / rows;
        using var b = backend.Store<double>(rowsOfB);
        using var product = backend.Allocate<double>((long)rows * rows);
        backend.Ops<double>().Gemm(Transpose.No, Transpose.Yes, 1, a.Matrix(rows, width), b.Matrix(rows, width), 0, product.Matrix(rows, rows));
        double[] result = new double[rows * rows];
        backend.Read(product.All, result);
        return result;
    }

    public void Dispose()
    {
        foreach (var buffer in _ofA.Values)
        {
            buffer.Dispose();
        }
    }

    private double[] RowsOfA(UnitBlock block, int signs) => Rows(pair.A, block, signs, pair.Unchanged);

    private double[] RowsOfB(UnitBlock block, int signs, IReadOnlyList<UnitChange> changes) => Rows(pair.B, block, signs, changes);

    private double[] Rows(double[] theta, UnitBlock block, int signs, IReadOnlyList<UnitChange> changes)
    {
        double[] rows = new double[block.Units * block.WidthOf(signs)];
        block.Gather(theta, signs, pair.MoveOf(block.Tensor, block.OtherDimension, changes), rows);
        return rows;
    }

    private static void Normalise(double[] rows, int count)
    {
        int width = rows.Length / count;
        for (int i = 0; i < count; i++)
        {
            var row = rows.AsSpan(i * width, width);
            double squares = 0;
            foreach (double value in row)
            {
                squares += value * value;
            }

            double norm = Math.Sqrt(squares);
            foreach (ref double value in row)
            {
                value = norm > 0 ? value / norm : 0;
            }
        }
    }
}
