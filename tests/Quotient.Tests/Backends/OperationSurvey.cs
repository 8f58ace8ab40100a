using System.Text.RegularExpressions;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Cases.Ops;
using Quotient.Tests.Backends.Gpu;

namespace Quotient.Tests.Backends;

/// <summary>What some groups of cases call and launch, found out by running them on a GPU that notes what it is asked to do.</summary>
internal sealed partial class OperationSurvey
{
    private static readonly Dictionary<string, string> Files = (
        from file in KernelCatalogue.Files()
        from Match kernel in KernelName().Matches(KernelCatalogue.Resource($"{file}.cl"))
        select (file, kernel: kernel.Groups[1].Value))
        .Concat(RealElements<float>.All.Select(f => (file: "vector/elements", kernel: f.Name)))
        .ToDictionary(kernel => $"quotient_{kernel.kernel}", kernel => kernel.file);

    private readonly Dictionary<string, Coverage> _operations = [];

    /// <summary>The operations by name.</summary>
    public IReadOnlyDictionary<string, Coverage> Operations => _operations;

    public static OperationSurvey Of(IReadOnlyDictionary<string, Func<Random, IEnumerable<OpCase>>> groups)
    {
        var survey = new OperationSurvey();
        var device = new RecordingDevice(RecordingDevice.Cuda(90, 132, 227 << 10));
        var called = new HashSet<string>();
        using var backend = new Observed(
            new GpuBackend(device, MatrixPrecision.Auto, new ProgramCache(null)),
            operation =>
            {
                called.Add(operation);
                survey.Of(operation).Kernels.UnionWith(device.Launches.Select(launch => Files[launch.Kernel]));
                device.Launches.Clear();
            });
        foreach (var (group, item) in groups.SelectMany(group => group.Value(new Random(1)).Select(item => (group.Key, item))))
        {
            using var bench = new OpBench<float>(backend, 1);
            item.Prepare(bench)();
            foreach (string operation in called)
            {
                survey.Of(operation).Add(group);
            }

            called.Clear();
        }

        return survey;
    }

    private Coverage Of(string operation) =>
        _operations.TryGetValue(operation, out var known) ? known : _operations[operation] = new();

    [GeneratedRegex(@"^KERNEL\((\w+)\)", RegexOptions.Multiline)]
    private static partial Regex KernelName();

    /// <summary>What covers an operation.</summary>
    public sealed class Coverage
    {
        /// <summary>Cases that call it.</summary>
        public int Cases { get; private set; }

        /// <summary>The groups of these cases.</summary>
        public HashSet<string> Groups { get; } = [];

        /// <summary>The files of the kernels that it launches.</summary>
        public SortedSet<string> Kernels { get; } = new(StringComparer.Ordinal);

        /// <summary>One more case, of some group.</summary>
        public void Add(string group)
        {
            Cases++;
            Groups.Add(group);
        }
    }

    /// <summary>A backend that tells of every operation called.</summary>
    private sealed class Observed(IBackend inner, Action<string> called) : ForwardingBackend(inner)
    {
        public override IOps<T> Ops<T>() => ObservedOps<T>.Of(base.Ops<T>(), (method, arguments) => called(ObservedOps<T>.NameOf(method, arguments)));
    }
}
