using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Linearisation;
using Quotient.Networks;
using Quotient.Networks.Layers;
using Quotient.Tests.Backends;

namespace Quotient.Tests.Linearisation;

/// <summary>Networks of very many layers, which small files can ask for.</summary>
public class DeepNetworkTests
{
    [TestCase("flatten", 20_000)]
    [TestCase("relu", 20_000)]
    [TestCase("sign", 40)]
    public void Deep_chains_are_planned(string kind, int depth)
    {
        Layer Between() => kind switch { "flatten" => new Flatten(), "relu" => new Relu(), _ => new Sign() };
        var network = Network.Chain(
            new(3), [new Dense(3, 3), .. Enumerable.Range(0, depth).Select(_ => Between()), new BinaryDense(3, 3), new Dense(3, 2)]);
        var (model, data) = Nets.Random(network, 4, 1, true);
        using var engine = Engine.Open("cpu", 1);

        // It once took as many steps as 2 has powers, or all of the stack.
        var work = Task.Run(() => engine.Evaluate(model, data));
        Assert.That(work.Wait(TimeSpan.FromMinutes(2)), Is.True);
        Assert.That(work.Result.Loss, Is.Positive);
    }

    [Test]
    public void Evaluation_takes_as_many_rows_as_memory_holds()
    {
        // Every one of the signals is read at the end.
        const int Depth = 60, Width = 32, Samples = 1000;
        var network = Network.Build(new(2), x =>
        {
            var signals = new List<Signal> { x.Dense(Width) };
            for (int i = 0; i < Depth; i++)
            {
                signals.Add(signals[^1].Relu());
            }

            return signals[0].Then(new Sum(), [.. signals.Skip(1)]).Dense(3);
        });
        var (model, data) = Nets.Random(network, Samples, 2, true);
        using var ample = new CountingBackend(1L << 40);
        using var scarce = new CountingBackend(1 << 20);
        var wanted = Evaluation.Run<double>(Engine.On(ample), model, data);
        var found = Evaluation.Run<double>(Engine.On(scarce), model, data);
        Assert.That(found.Loss, Is.EqualTo(wanted.Loss).Within(1e-12 * wanted.Loss));
        Assert.That(found.Error, Is.EqualTo(wanted.Error));
        Assert.That(ample.Taken, Is.GreaterThan((long)Samples * Depth * Width * sizeof(double)));
        Assert.That(scarce.Taken, Is.LessThan(1 << 20));
    }

    /// <summary>A processor that says how much memory it has, and counts what is taken of it.</summary>
    private sealed class CountingBackend(long available) : ForwardingBackend(new CpuBackend(1))
    {
        public long Taken { get; private set; }

        public override long AvailableMemory => available;

        public override unsafe DeviceBuffer<T> Allocate<T>(long length)
        {
            Taken += length * sizeof(T);
            return base.Allocate<T>(length);
        }
    }
}
