using System.Globalization;
using System.Reflection;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Backends.Gpu;
using Quotient.Backends.Reference;
using Quotient.Cases.Ops;
using Quotient.Tests.Backends.Gpu;

namespace Quotient.Tests.Backends;

/// <summary>
/// What the tests verify of each operation on each backend, as a table in <c>kernels/README.md</c>. It says what runs in CI, so
/// that it is the same on every machine; the devices of this one are printed.
/// </summary>
public class OperationTableTests
{
    private const string Begin = "<!-- operations -->\n", End = "<!-- end of operations -->", Update = "QUOTIENT_UPDATE_TABLE";

    private static readonly string[] Operations = [.. OpNames.All];

    private static readonly string File = Repository.At("kernels", "README.md");

    private readonly ReferenceBackend _reference = new();
    private readonly CpuBackend _cpu = new(1);
    private readonly OperationSurvey _all = OperationSurvey.Of(OpCases.Groups), _small = OperationSurvey.Of(SmallCases.Groups);

    [OneTimeTearDown]
    public void Close()
    {
        _reference.Dispose();
        _cpu.Dispose();
    }

    [Test]
    public void Every_operation_has_cases([ValueSource(nameof(Operations))] string operation)
    {
        Assert.That(_all.Operations.Keys, Does.Contain(operation), "OpCases has no case of it");
        Assert.That(_small.Operations.Keys, Does.Contain(operation), "SmallCases has no case of it");
    }

    [Test]
    public void Every_kernel_is_launched_by_an_operation() => Assert.That(
        _all.Operations.Values.SelectMany(coverage => coverage.Kernels).Distinct(), Is.EquivalentTo(KernelCatalogue.Files()));

    [Test]
    public void The_table_of_the_kernels_README_is_what_the_tests_cover()
    {
        string text = System.IO.File.ReadAllText(File);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.That(begin >= Begin.Length && end >= begin, $"'{Begin.Trim()}' and '{End}' enclose the table");
        string table = Table();
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            System.IO.File.WriteAllText(File, text[..begin] + table + text[end..]);
            return;
        }

        Assert.That(text[begin..end], Is.EqualTo(table), $"run this test with {Update}=1 and commit kernels/README.md");
    }

    [Test]
    public void What_runs_here_is_printed()
    {
        foreach (var provider in Engine.Providers)
        {
            var devices = provider.Devices();
            string found = string.Join(", ", devices.Select(device => $"{device.Id} ({device.Name})"));
            string problem = string.Join("; ", provider.Refusals().Append(provider.WhyNone()).OfType<string>());
            TestContext.Out.WriteLine($"{provider.Kind}: {(devices.Count > 0 ? $"tested here on {found}" : $"not run here: {problem}")}");
        }

        Assert.That(OpTests.Devices(), Does.Contain("cpu"));
    }

    private string Table()
    {
        string[] head = ["operation", "cases", "`reference`", "`cpu`", "`opencl`, as a processor", "`opencl`, as a GPU", "`cuda`", "kernels"];
        IEnumerable<string[]> rows = [head, [.. head.Select(_ => "---")], .. Operations.Select(Row)];
        return string.Concat(rows.Select(row => $"| {string.Join(" | ", row)} |\n"));
    }

    private string[] Row(string operation)
    {
        var (all, small) = (_all.Operations[operation], _small.Operations[operation]);
        string oclgrind = Ran(small, OclgrindTests.Groups(), "oclgrind");
        var links = all.Kernels.Union(small.Kernels).Select(file => $"[`{file}`]({file}.cl)");
        return
        [
            $"`{operation}`",
            all.Cases.ToString(CultureInfo.InvariantCulture),
            Has(_reference.Ops<float>(), operation) ? Joined("oracle", Has(_reference.Linear<Residue>(), operation) ? "modulo a prime" : "") : "",
            Has(_cpu.Ops<float>(), operation) ? Ran(all, OpTests.Groups(), "run") : "",
            Joined(Ran(all, OpTests.Groups(), "PoCL"), oclgrind),
            Joined(Ran(all, GpuShapeTests.Groups(), "PoCL"), oclgrind),
            Ran(all, CudaCompilationTests.Groups(), $"compiled for {Architectures()}"),
            string.Join(", ", links),
        ];
    }

    /// <summary>What is said of an operation if one of the groups of a test has cases of it.</summary>
    private static string Ran(OperationSurvey.Coverage coverage, IEnumerable<string> groups, string how) =>
        coverage.Groups.Overlaps(groups) ? how : "";

    private static bool Has(IOpFamily family, string operation) => family.Supports(operation);

    private static string Joined(params string[] ways) => string.Join(", ", ways.Where(way => way.Length > 0));

    private static string Architectures() => string.Join(", ", typeof(CudaCompilationTests)
        .GetCustomAttributes<TestFixtureAttribute>()
        .Select(fixture => $"sm_{fixture.Arguments[0]}")
        .Order());
}
