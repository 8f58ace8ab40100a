using System.Collections.Concurrent;
using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>
/// Every kernel as CUDA, without a GPU: compiled by clang with its defaults, and with each set of parameters with which the
/// operations launch it on such a device; and the launches fit the kernels and the device.
/// </summary>
[TestFixture(80, 108, 163 << 10)]
[TestFixture(90, 132, 227 << 10)]
public class CudaCompilationTests(int architecture, int units, int localBytes)
{
    /// <summary>What a kernel may declare; more must be asked for at its launch.</summary>
    private const int DeclaredSharedLimit = 48 << 10;

    private const int GroupsLimit = 65535, ThreadsLimit = 1024;

    private static readonly ConcurrentDictionary<(string Source, int Architecture), (Ptx?, string?)> Compilations = [];

    /// <summary>Every kernel in both precisions; the one for tensor cores is for floats alone.</summary>
    public static IEnumerable<object[]> Programs() =>
        from file in KernelCatalogue.Files()
        from real in new[] { "float", "double" }
        where (file, real) != ("product/product_tensor", "double")
        select new object[] { file, real };

    public static IEnumerable<string> Groups() => OpCases.Groups.Keys;

    [OneTimeSetUp]
    public void FindCompiler()
    {
        if (Ptx.Compiler is not null)
        {
            return;
        }

        const string Missing = "There is no clang that compiles CUDA for sm_90: install clang-16.";
        Assert.That(Environment.GetEnvironmentVariable("CI"), Is.Null.Or.Empty, Missing);
        Assert.Ignore(Missing);
    }

    [TestCaseSource(nameof(Programs))]
    public void A_kernel_compiles_with_its_defaults(string file, string real)
    {
        var (_, error) = Ptx.Compile(Ptx.Compiler!, KernelCatalogue.Source("cuda", file, real, default), architecture);
        Assert.That(error, Is.Null);
    }

    [TestCaseSource(nameof(Groups))]
    public void What_an_operation_launches_compiles_and_fits(string group)
    {
        var cases = OpCases.Groups[group](new Random(1)).ToList();
        Verify(backend => cases.ForEach(item => item.Run<float>(backend, 1)), Enum.GetValues<MatrixPrecision>());
        Verify(backend => cases.ForEach(item => item.Run<double>(backend, 1)), MatrixPrecision.Auto);
    }

    [Test]
    public void What_products_of_large_matrices_launch_compiles_and_fits(
        [Values] Transpose transposeA, [Values] Transpose transposeB, [Values(2048, 4096, 4099)] int n)
    {
        Verify(Multiply<float>, Enum.GetValues<MatrixPrecision>());
        Verify(Multiply<double>, MatrixPrecision.Auto);

        void Multiply<T>(IBackend backend) where T : unmanaged, IFloatingPointIeee754<T>
        {
            var (a, b, c) = (backend.Allocate<T>(n * n), backend.Allocate<T>(n * n), backend.Allocate<T>(n * n));
            var (first, second, result) = (a.Matrix(n, n), b.Matrix(n, n), c.Matrix(n, n));
            backend.Ops<T>().Gemm(transposeA, transposeB, 1, first, second, 0, result);
            backend.Ops<T>().GemmPair(transposeA, transposeB, 1, first, second, second, first, 0, result);
        }
    }

    private void Verify(Action<IBackend> work, params MatrixPrecision[] precisions)
    {
        var launches = precisions.SelectMany(precision => Launches(work, precision)).Distinct().ToList();
        Assert.That(launches, Is.Not.Empty);
        var problems = new ConcurrentBag<string>();
        Parallel.ForEach(launches.GroupBy(launch => launch.Source), program =>
        {
            var (ptx, error) = Compiled(program.Key);
            foreach (var launch in program)
            {
                if ((ptx is null ? error : Problem(launch, ptx)) is { } problem)
                {
                    problems.Add($"{launch.Kernel} {launch.Shape}: {problem}\n{Parameters(launch.Source)}");
                }
            }
        });
        Assert.That(string.Join("\n", problems.Take(5)), Is.Empty);
    }

    private string? Problem(RecordedLaunch launch, Ptx ptx)
    {
        var shape = launch.Shape;
        int declared = ptx.SharedBytes(launch.Kernel);
        bool hasGroups = shape is { GroupsX: >= 1, GroupsY: >= 1 and <= GroupsLimit, GroupsZ: >= 1 and <= GroupsLimit };
        bool hasThreads = shape is { ThreadsX: >= 1, ThreadsY: >= 1 } && shape.ThreadsX * shape.ThreadsY <= ThreadsLimit;
        return ptx.ParameterSizes(launch.Kernel) is not { } wanted ? "there is no such kernel"
            : wanted != launch.ArgumentSizes ? $"arguments of {launch.ArgumentSizes} bytes for parameters of {wanted}"
            : declared > DeclaredSharedLimit ? $"declares {declared} bytes of shared memory"
            : declared + shape.SharedBytes > localBytes ? $"shares {declared} + {shape.SharedBytes} bytes of {localBytes}"
            : launch.Kernel.StartsWith("quotient_product", StringComparison.Ordinal) && ptx.KeepsInMemory ? "keeps variables in memory"
            : !hasGroups ? "too few or too many groups"
            : !hasThreads ? "too few or too many threads"
            : null;
    }

    private HashSet<RecordedLaunch> Launches(Action<IBackend> work, MatrixPrecision precision)
    {
        var device = new RecordingDevice(RecordingDevice.Cuda(architecture, units, localBytes));
        using var backend = new GpuBackend(device, precision, new ProgramCache(null));
        work(backend);
        return device.Launches;
    }

    private (Ptx? Program, string? Error) Compiled(string source) =>
        Compilations.GetOrAdd((source, architecture), key => Ptx.Compile(Ptx.Compiler!, key.Source, key.Architecture));

    private static string Parameters(string source) =>
        string.Join("\n", source.Split('\n').TakeWhile(line => line.StartsWith("#define", StringComparison.Ordinal)));
}
