using System.Globalization;
using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Reference;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends;

/// <summary>
/// Cases on a backend against the reference. Their inputs, and some of their shapes, are drawn from a seed that is new in every
/// run, and printed; <c>QUOTIENT_TEST_SEED</c> repeats a run.
/// </summary>
internal static class AgainstReference
{
    private const string SeedVariable = "QUOTIENT_TEST_SEED";

    /// <summary>The seed of this run.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out int seed)
            ? seed
            : Environment.TickCount;

    /// <summary>Prints the seed beside a test's results.</summary>
    public static void PrintSeed() => TestContext.Out.WriteLine($"{SeedVariable}={Seed}");

    /// <summary>The cases of a group in this run.</summary>
    public static IEnumerable<OpCase> Cases(string group) => OpCases.Groups[group](new Random(Seed));

    /// <summary>Asserts that a backend writes what the reference does, and nothing around it; returns the largest error.</summary>
    public static double Check<T>(IBackend backend, IEnumerable<OpCase> cases, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var reference = new ReferenceBackend();
        double largest = 0;
        foreach (var item in cases)
        {
            foreach (var (output, difference) in item.Compare<T>(backend, reference, Seed).Index())
            {
                Assert.That(difference.Overrun, Is.Null, $"{item}, output {output}, seed {Seed}");
                Assert.That(difference.Error, Is.LessThanOrEqualTo(tolerance), $"{item}, output {output}, seed {Seed}");
                largest = Math.Max(largest, difference.Error);
            }
        }

        return largest;
    }
}
