using System.Numerics;
using NUnit.Framework;
using Quotient.Backends.Reference;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends;

/// <summary>Every operation of every device of this machine against the reference, in both precisions.</summary>
[TestFixtureSource(nameof(Devices))]
public class OpTests(string device)
{
    // Relative to the largest value. The reference adds up to 200,003 terms one after the other: √n roundings of its own.
    private const double SingleTolerance = 1e-5, DoubleTolerance = 2e-13;

    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("QUOTIENT_TEST_SEED"), out int seed) ? seed : Environment.TickCount;

    private Engine _engine = null!;

    public static IEnumerable<string> Devices() =>
        from provider in Engine.Providers
        where provider is not ReferenceProvider
        from found in provider.Devices()
        select found.Id;

    public static IEnumerable<string> Groups() => OpCases.Groups.Keys;

    [OneTimeSetUp]
    public void Open()
    {
        _engine = Engine.Open(device);
        TestContext.Out.WriteLine($"QUOTIENT_TEST_SEED={Seed}");
    }

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TestCaseSource(nameof(Groups))]
    public void Single_precision_agrees_with_the_reference(string group) => Compare<float>(group, SingleTolerance);

    [TestCaseSource(nameof(Groups))]
    public void Double_precision_agrees_with_the_reference(string group) => Compare<double>(group, DoubleTolerance);

    [TestCaseSource(nameof(Groups))]
    public void The_same_inputs_give_the_same_bits_again(string group)
    {
        foreach (var item in Cases(group))
        {
            var (first, second) = (item.Run<float>(_engine.Backend, Seed), item.Run<float>(_engine.Backend, Seed));
            Assert.That(
                first.Zip(second).All(pair => pair.First.Values.AsSpan().SequenceEqual(pair.Second.Values)),
                $"{item}, seed {Seed}");
        }
    }

    private static IEnumerable<OpCase> Cases(string group) => OpCases.Groups[group](new Random(Seed));

    private void Compare<T>(string group, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var reference = new ReferenceBackend();
        foreach (var item in Cases(group))
        {
            var (got, wanted) = (item.Run<T>(_engine.Backend, Seed), item.Run<T>(reference, Seed));
            for (int i = 0; i < wanted.Count; i++)
            {
                Assert.That(got[i].Overrun, Is.Null, $"{item}, output {i}, seed {Seed}");
                Assert.That(got[i].ErrorAgainst(wanted[i]), Is.LessThanOrEqualTo(tolerance), $"{item}, output {i}, seed {Seed}");
            }
        }
    }
}
