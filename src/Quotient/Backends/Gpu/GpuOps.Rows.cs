using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>Sums in two stages, and what goes over a matrix row by row.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Sums = "vector/dot", RowSums = "dense/sum_rows";

    /// <summary>A row of up to so many columns is one thread's; a longer one is 32 threads', or a whole group's.</summary>
    private const int ColumnsOfThread = 32, ColumnsOfFew = 1024;

    private readonly Dictionary<int, KernelParameters> _rowParameters = [], _sumParameters = [], _sumRowsParameters = [];

    /// <summary>
    /// So many rows are added in one launch: a second one would take longer than the rest of a run. A GPU's groups take fewer
    /// columns then, the more threads share each.
    /// </summary>
    private int RowsOfOneStage => Traits.IsProcessor ? 256 : 1024;

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result)
    {
        RequireSame(result.Length, x.Columns);
        if (x.Columns == 0)
        {
            return;
        }

        bool isFew = x.Rows <= RowsOfOneStage;
        int threadsAcross = Traits.IsProcessor ? 1 : isFew ? 8 : 32;
        long across = LaunchShape.Ceiling(x.Columns, Traits.IsProcessor ? 64 : threadsAcross);
        long runs = isFew ? 1 : Math.Clamp(Groups(x.Rows * x.Columns) / across, 1, x.Rows);
        var partial = _partials.Take(runs > 1 ? runs * x.Columns : 1);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(x.Rows);
        arguments.Add(x.Columns);
        arguments.AddMemory(partial);
        arguments.Add(beta);
        arguments.Add(result);
        Launch(RowSums, "sum_rows", new((int)across, (int)runs, 1, ThreadsOfGroup), arguments, SumRowsParameters(threadsAcross));
        if (runs > 1)
        {
            AddPartials("round_partials", partial, runs, beta, result);
        }
    }

    public void RowSquares(MatrixView<T> x, VectorView<T> result)
    {
        RequireSame(result.Length, x.Rows);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(result);
        LaunchRows(RowSums, "row_squares", x.Rows, x.Columns, arguments);
    }

    /// <summary>A launch over the rows of a matrix, whose kernel takes their numbers last; there may be none.</summary>
    private void LaunchRows(string file, string kernel, long rows, long columns, Arguments arguments)
    {
        arguments.Add(rows);
        arguments.Add(columns);
        if (rows > 0)
        {
            Launch(file, kernel, Rows(rows, columns), arguments, RowParameters(columns));
        }
    }

    /// <summary>The same for a kernel that leaves a sum a group: result[0] ← result[0] + their sum.</summary>
    private void SumOverRows(string file, string kernel, long rows, long columns, Arguments arguments, VectorView<double> result)
    {
        int groups = Rows(rows, columns).GroupsX;
        var partial = _partials.Take(groups);
        arguments.Add(rows);
        arguments.Add(columns);
        arguments.AddMemory(partial);
        Launch(file, kernel, Rows(rows, columns), arguments, RowParameters(columns));
        AddPartials("add_partials", partial, groups, 1, result);
    }

    /// <summary>
    /// result_row ← β·result_row + the sum over groups of partial[group][row]; with <c>round_partials</c>, in this precision.
    /// </summary>
    private void AddPartials<TResult>(
        string kernel, VectorView<double> partial, long groups, double beta, VectorView<TResult> result) where TResult : unmanaged
    {
        var arguments = default(Arguments);
        arguments.AddMemory(partial);
        arguments.Add(groups);
        arguments.Add(result.Length);
        arguments.Add(beta);
        arguments.Add(result);
        Launch(Sums, kernel, Rows(result.Length, groups), arguments, SumParameters(groups));
    }

    /// <summary>The launch of a kernel that goes over rows with FOR_EACH_ROW.</summary>
    private LaunchShape Rows(long rows, long columns)
    {
        long turns = LaunchShape.Ceiling(rows, ThreadsOfGroup / ThreadsOfRow(columns));
        return LaunchShape.Linear(Math.Clamp(turns, 1, Groups(rows * columns)), ThreadsOfGroup);
    }

    private int ThreadsOfRow(long columns) =>
        Traits.IsProcessor || columns <= ColumnsOfThread ? 1 : columns <= ColumnsOfFew ? 32 : Threads;

    private KernelParameters RowParameters(long columns)
    {
        int threads = ThreadsOfRow(columns);
        if (!_rowParameters.TryGetValue(threads, out var parameters))
        {
            parameters = KernelParameters.Of(("GROUP_SIZE", ThreadsOfGroup), ("ROW_THREADS", threads));
            _rowParameters.Add(threads, parameters);
        }

        return parameters;
    }

    private KernelParameters SumRowsParameters(int threadsAcross)
    {
        if (!_sumRowsParameters.TryGetValue(threadsAcross, out var parameters))
        {
            parameters = KernelParameters.Of(("GROUP_SIZE", ThreadsOfGroup), ("THREADS_ACROSS", threadsAcross));
            _sumRowsParameters.Add(threadsAcross, parameters);
        }

        return parameters;
    }

    /// <summary>Parameters for sums that leave so many partial ones. A processor adds its terms as vectors.</summary>
    private KernelParameters SumParameters(long partials)
    {
        int threads = ThreadsOfRow(partials);
        if (!_sumParameters.TryGetValue(threads, out var parameters))
        {
            parameters = KernelParameters.Of(
                ("LANES", Traits.IsProcessor ? 64 : 4), ("GROUP_SIZE", ThreadsOfGroup), ("ROW_THREADS", threads));
            _sumParameters.Add(threads, parameters);
        }

        return parameters;
    }
}
