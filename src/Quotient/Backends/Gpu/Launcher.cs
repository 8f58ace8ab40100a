namespace Quotient.Backends.Gpu;

/// <summary>What all families of operations share: how elements and rows are dealt to groups, and sums in two stages.</summary>
/// <param name="backend">Whose memory and programs it uses.</param>
/// <param name="tuned">What replaces kernels' defaults.</param>
internal sealed class Launcher<T>(GpuBackend backend, TunedValues tuned) where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Sums = "vector/dot";

    /// <summary>Threads of a group where nothing else is asked for; a processor's groups are of one.</summary>
    private const int Threads = 256;

    /// <summary>A row of up to so many columns is one thread's; a longer one is so many threads', or a whole group's.</summary>
    private const int ColumnsOfThread = 32, ColumnsOfFew = 1024, FewThreads = 32;

    private static readonly int[] RowThreads = [1, FewThreads, Threads];

    private readonly Dictionary<int, KernelParameters> _rowParameters = RowThreads.ToDictionary(
        threads => threads, threads => KernelParameters.Of(("GROUP_SIZE", GroupOf(backend)), ("ROW_THREADS", threads)));

    /// <summary>A processor adds its terms as vectors.</summary>
    private readonly Dictionary<int, KernelParameters> _sumParameters = RowThreads.ToDictionary(
        threads => threads,
        threads => KernelParameters.Of(
            ("LANES", backend.Gpu.Traits.IsProcessor ? 64 : 4), ("GROUP_SIZE", GroupOf(backend)), ("ROW_THREADS", threads)));

    /// <summary>How elements are dealt to groups.</summary>
    private readonly ElementsTile _elements =
        tuned.Find<ElementsTile>(TunedKey.Of<T>(ElementsTile.Kernel), backend.Gpu.Traits) ?? ElementsTile.Default;

    /// <summary>The first stage's sums.</summary>
    private readonly WorkSpace<double> _partials = new(backend);

    public GpuBackend Backend => backend;

    public GpuTraits Traits => backend.Gpu.Traits;

    public int ThreadsOfGroup { get; } = GroupOf(backend);

    /// <summary>Elements that are worth a group.</summary>
    public int ElementsOfGroup => _elements.ElementsOfGroup;

    /// <summary>Groups for a number of elements: enough to fill the device, no more than there is work for.</summary>
    public int Groups(long elements) => (int)Math.Clamp(
        LaunchShape.Ceiling(elements, _elements.ElementsOfGroup), 1, (long)Traits.ComputeUnits * _elements.GroupsOfUnit);

    public void Launch(string file, string kernel, LaunchShape shape, in Arguments arguments, KernelParameters parameters = default) =>
        backend.Gpu.Launch(backend.Catalogue.Get<T>(file, kernel, parameters), shape, arguments);

    /// <summary>A launch that goes over elements with FOR_EACH; there may be none.</summary>
    public void Each(string file, string kernel, long elements, in Arguments arguments, KernelParameters parameters = default)
    {
        if (elements > 0)
        {
            Launch(file, kernel, LaunchShape.Linear(Groups(elements), ThreadsOfGroup), arguments, parameters);
        }
    }

    /// <summary>
    /// A launch that goes over the rows of a matrix with FOR_EACH_ROW, and whose kernel takes their numbers last; there may be none.
    /// </summary>
    public void Rows(string file, string kernel, long rows, long columns, Arguments arguments)
    {
        arguments.Add(rows);
        arguments.Add(columns);
        if (rows > 0)
        {
            Launch(file, kernel, RowShape(rows, columns), arguments, RowParameters(columns));
        }
    }

    /// <summary>The same for a kernel that leaves a sum a group: result[0] ← result[0] + their sum.</summary>
    public void SumOverRows(string file, string kernel, long rows, long columns, Arguments arguments, VectorView<double> result)
    {
        var shape = RowShape(rows, columns);
        var partial = Partials(shape.GroupsX);
        arguments.Add(rows);
        arguments.Add(columns);
        arguments.Add(partial.Buffer);
        Launch(file, kernel, shape, arguments, RowParameters(columns));
        AddPartials("add_partials", partial, shape.GroupsX, 1, result);
    }

    /// <summary>result[0] ← the sum over elements of what a kernel of <c>vector/dot</c> makes of each.</summary>
    public void SumOverElements(string kernel, long elements, Arguments arguments, VectorView<double> result)
    {
        int groups = Groups(elements);
        var partial = Partials(groups);
        arguments.Add(partial.Buffer);
        Launch(Sums, kernel, LaunchShape.Linear(groups, ThreadsOfGroup), arguments, _sumParameters[ThreadsOfRow(groups)]);
        AddPartials("add_partials", partial, groups, 0, result);
    }

    /// <summary>Room for the first stage's sums.</summary>
    public VectorView<double> Partials(long count) => _partials.Take(count);

    /// <summary>
    /// result_row ← β·result_row + the sum over groups of partial[group][row]; with <c>round_partials</c>, in this precision.
    /// </summary>
    public void AddPartials<TResult>(
        string kernel, VectorView<double> partial, long groups, double beta, VectorView<TResult> result) where TResult : unmanaged =>
        Launch(
            Sums, kernel, RowShape(result.Length, groups), new() { partial.Buffer, groups, result.Length, beta, result },
            _sumParameters[ThreadsOfRow(groups)]);

    /// <summary>For kernels that go over the rows of a matrix.</summary>
    public KernelParameters RowParameters(long columns) => _rowParameters[ThreadsOfRow(columns)];

    private LaunchShape RowShape(long rows, long columns)
    {
        long turns = LaunchShape.Ceiling(rows, ThreadsOfGroup / ThreadsOfRow(columns));
        return LaunchShape.Linear(Math.Clamp(turns, 1, Groups(rows * columns)), ThreadsOfGroup);
    }

    private int ThreadsOfRow(long columns) =>
        Traits.IsProcessor || columns <= ColumnsOfThread ? 1 : columns <= ColumnsOfFew ? FewThreads : Threads;

    private static int GroupOf(GpuBackend backend) => backend.Gpu.Traits.IsProcessor ? 1 : Threads;
}
