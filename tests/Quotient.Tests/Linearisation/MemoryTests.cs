using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
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
        var (model, data) = Problems.Classes(samples: 5000);
        double[] v = [.. Enumerable.Range(0, (int)model.Network.ParameterCount).Select(i => Math.Sin(i))];
        using var roomy = new ReferenceBackend();
        using var whole = Linearisation<double>.Create(roomy, model, data, Loss.CrossEntropy, new());
        using var cramped = new Cramped(16 << 10, 4 << 20);
        using var small = Linearisation<double>.Create(cramped, model, data, Loss.CrossEntropy, new());
        Assert.That(cramped.Refused, Is.Positive, "the first attempt must not fit");
        Assert.That(small.ChunkSize, Is.LessThan(whole.ChunkSize));
        Close.Check(small.Hessian.Apply(v), whole.Hessian.Apply(v), 1e-12, "Hessian");
    }

    [Test]
    public void What_can_never_fit_is_said()
    {
        var net = Nets.ByName("ce-wider");
        using var cramped = new Cramped(64, 1 << 20);
        Assert.Throws<DeviceOutOfMemoryException>(
            () => Linearisation<double>.Create(cramped, net.Model, net.Data, net.LossKind, new()));
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
