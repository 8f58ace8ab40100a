using System.Reflection;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Tests.Linearisation;

namespace Quotient.Tests;

/// <summary>What has been disposed refuses every call, on every device, and what it leaves behind does no harm.</summary>
[TestFixtureSource(typeof(Nets), nameof(Nets.Devices))]
public class DisposalTests(string device)
{
    [Test]
    public void After_disposal_every_call_is_refused_but_what_is_left_can_be_disposed()
    {
        using var subject = new ThreadSubject(device);
        subject.Engine.Dispose();
        Assert.Multiple(() =>
        {
            foreach (var (name, call) in ThreadSubject.AllCalls)
            {
                Assert.That(() => call(subject), Throws.TypeOf<ObjectDisposedException>(), name);
            }

            foreach (var part in subject.Parts.Append(subject.Engine))
            {
                Assert.That(part.Dispose, Throws.Nothing, part.GetType().Name);
            }
        });
    }

    [Test]
    public void After_a_linearisation_is_disposed_its_operators_are_refused()
    {
        using var subject = new ThreadSubject(device);
        subject.At.Dispose();
        subject.Problem.Dispose();
        string[] types = ["Linearisation.", "CurvatureOperator.", "Jacobian.", "Problem."];
        Assert.Multiple(() =>
        {
            foreach (var (name, call) in ThreadSubject.AllCalls.Where(call => types.Any(type => call.Name.StartsWith(type, StringComparison.Ordinal))))
            {
                Assert.That(() => call(subject), Throws.TypeOf<ObjectDisposedException>(), name);
            }
        });
        Assert.That(ThreadSubject.Fresh(subject.Engine), Is.Positive);
    }

    [Test]
    public void Every_operation_is_refused_before_it_looks_at_its_operands([Values] bool isDisposed)
    {
        var backend = Engine.Open(device).Backend;
        var refusal = isDisposed ? typeof(ObjectDisposedException) : typeof(InvalidOperationException);
        if (isDisposed)
        {
            backend.Dispose();
            CallAll();
        }
        else
        {
            using (backend.Gate.Enter())
            {
                OnThreads.Each(1, _ => CallAll());
            }

            backend.Dispose();
        }

        void CallAll()
        {
            foreach (var method in typeof(IOps<double>).GetInterfaces().SelectMany(family => family.GetMethods()).Where(method => method.ReturnType == typeof(void)))
            {
                var error = Assert.Throws<TargetInvocationException>(() => method.Invoke(backend.Ops<double>(), new object?[method.GetParameters().Length]), method.Name);
                Assert.That(error!.InnerException, Is.TypeOf(refusal), method.Name);
            }
        }
    }

    [Test]
    public void An_engine_that_does_not_own_its_backend_leaves_it_open()
    {
        using var owner = Engine.Open(device);
        var guest = Engine.On(owner.Backend);
        guest.Dispose();
        Assert.That(() => guest.Evaluate(ThreadSubject.Model, ThreadSubject.Data), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(ThreadSubject.Fresh(owner), Is.Positive);
    }

    [Test]
    public void Memory_that_nobody_gave_back_is_given_back_beside_the_work()
    {
        using var engine = Engine.Open(device);
        double right = ThreadSubject.Fresh(engine);
        for (int i = 0; i < 10; i++)
        {
            Abandon(engine.Backend);
            GC.Collect();
            Assert.That(ThreadSubject.Fresh(engine), Is.EqualTo(right));
        }

        static void Abandon(IBackend backend) => _ = Enumerable.Range(0, 100).Select(_ => backend.Allocate<double>(1000)).ToArray();
    }
}
