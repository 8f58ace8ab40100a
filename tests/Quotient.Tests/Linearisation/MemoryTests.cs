using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Backends.Reference;
using Quotient.Linearisation;
using Quotient.Tests.Backends;
using Quotient.Tests.Training;

namespace Quotient.Tests.Linearisation;

/// <summary>A device that has less memory than it says.</summary>
public class MemoryTests
{
    [Test]
    public void What_does_not_fit_is_taken_in_smaller_chunks()
    {
        var (model, data) = TrainingCases.Classes(samples: 5000);
        double[] v = [.. Enumerable.Range(0, (int)model.Network.ParameterCount).Select(i => Math.Sin(i))];
        using var roomy = new ReferenceBackend();
        using var whole = new Linearisation<double>(roomy, model, data, Loss.CrossEntropy, new());
        using var cramped = new Cramped(16 << 10, 4 << 20);
        using var small = new Linearisation<double>(cramped, model, data, Loss.CrossEntropy, new());
        Assert.That(cramped.Refused, Is.Positive, "the first attempt must not fit");
        Assert.That(small.Kept.Sweep.ChunkSize, Is.LessThan(whole.Kept.Sweep.ChunkSize));
        Close.Check(small.Hessian.Apply(v), whole.Hessian.Apply(v), 1e-12, "Hessian");
    }

    [Test]
    public void What_can_never_fit_is_said()
    {
        var net = Nets.ByName("ce-wider");
        using var cramped = new Cramped(64, 1 << 20);
        Assert.Throws<DeviceOutOfMemoryException>(
            () => new Linearisation<double>(cramped, net.Model, net.Data, net.LossKind, new()));
    }

    [Test]
    public void A_host_with_less_memory_than_asked_for_goes_on_in_smaller_chunks()
    {
        var (model, data) = TrainingCases.Classes(samples: 5000);
        double[] v = [.. Enumerable.Range(0, (int)model.Network.ParameterCount).Select(i => Math.Sin(i))];
        var options = new LineariseOptions { MemoryBudget = 1 << 30 };
        using var roomy = new CpuBackend(1);
        using var whole = new Linearisation<double>(roomy, model, data, Loss.CrossEntropy, options);
        using var cramped = new CpuBackend(1, 2 << 20);
        using var small = new Linearisation<double>(cramped, model, data, Loss.CrossEntropy, options);
        Assert.That(small.Kept.Sweep.ChunkSize, Is.LessThan(whole.Kept.Sweep.ChunkSize));
        Close.Check(small.Hessian.Apply(v), whole.Hessian.Apply(v), 1e-12, "Hessian");
    }

    [Test]
    public void An_evaluation_goes_on_in_smaller_chunks()
    {
        var (model, data) = TrainingCases.Classes(samples: 20000);
        using var roomy = Engine.Open("cpu");
        using var backend = new CpuBackend(1, 2 << 20);
        using var cramped = Engine.On(backend);
        var wanted = Evaluation.Run<double>(roomy, model, data);
        var found = Evaluation.Run<double>(cramped, model, data);
        Assert.That(found.Loss, Is.EqualTo(wanted.Loss).Within(1e-12 * wanted.Loss));
        Assert.That(found.Error, Is.EqualTo(wanted.Error));
    }

    [Test]
    public void A_host_gives_no_more_than_its_limit()
    {
        using var backend = new CpuBackend(1, 1000);
        var first = backend.Allocate<double>(100);
        Assert.That(backend.AvailableMemory, Is.EqualTo(200));
        Assert.Throws<DeviceOutOfMemoryException>(() => backend.Allocate<double>(26));
        first.Dispose();
        using var second = backend.Allocate<double>(125);
        Assert.That(backend.AvailableMemory, Is.Zero);
    }

    [Test]
    public void More_than_the_host_has_is_refused_as_on_any_device()
    {
        using var backend = new ReferenceBackend();
        Assert.Throws<DeviceOutOfMemoryException>(() => backend.Allocate<double>(1L << 46));
    }

    /// <summary>The reference, with a limit to the bytes of a buffer that it does not tell.</summary>
    private sealed class Cramped(long limit, long told) : ForwardingBackend(new ReferenceBackend())
    {
        public int Refused { get; private set; }

        public override long AvailableMemory => told;

        public override unsafe DeviceBuffer<T> Allocate<T>(long length)
        {
            if (length * sizeof(T) > limit)
            {
                Refused++;
                throw new DeviceOutOfMemoryException($"{length * sizeof(T)} bytes wanted, {limit} are there");
            }

            return base.Allocate<T>(length);
        }
    }
}
