using NUnit.Framework;
using Quotient.Backends.Reference;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends;

/// <summary>Every operation of every device of this machine against the reference, in both precisions.</summary>
[TestFixtureSource(nameof(Devices))]
public class OpTests(string device)
{
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
        AgainstReference.PrintSeed();
    }

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [TestCaseSource(nameof(Groups))]
    public void Single_precision_agrees_with_the_reference(string group) =>
        AgainstReference.Check<float>(_engine.Backend, AgainstReference.Cases(group), OpCases.SingleTolerance);

    [TestCaseSource(nameof(Groups))]
    public void Double_precision_agrees_with_the_reference(string group) =>
        AgainstReference.Check<double>(_engine.Backend, AgainstReference.Cases(group), OpCases.DoubleTolerance);

    [TestCaseSource(nameof(Groups))]
    public void The_same_inputs_give_the_same_bits_again(string group)
    {
        int seed = AgainstReference.Seed;
        foreach (var item in AgainstReference.Cases(group))
        {
            var (first, second) = (item.Run<float>(_engine.Backend, seed), item.Run<float>(_engine.Backend, seed));
            Assert.That(
                first.Zip(second).All(pair => pair.First.Values.AsSpan().SequenceEqual(pair.Second.Values)),
                $"{item}, seed {seed}");
        }
    }
}
