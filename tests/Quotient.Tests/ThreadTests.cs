using System.Collections.Concurrent;
using System.Reflection;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Spectra;
using Quotient.Tests.Linearisation;
using Quotient.Training;

namespace Quotient.Tests;

/// <summary>An engine serves one thread at a time, on every device: others are refused at once, and all are after its disposal.</summary>
[TestFixtureSource(typeof(Nets), nameof(Nets.Devices))]
public class ThreadTests(string device)
{
    private const int Threads = 8, Rounds = 6;

    [Test]
    public void What_many_threads_do_on_one_engine_is_right_to_the_last_bit_or_refused()
    {
        using var subject = new ThreadSubject(device);
        var (at, problem) = (subject.At, subject.Problem);
        Func<object>[] work =
        [
            () => at.Hessian.Top(1)[0].Value,
            () => at.Gradient(),
            () => at.GaussNewton.Trace(),
            () => problem.Product("hessian", ThreadSubject.Model.Parameters),
            () => problem.Spectrum("fisher", new() { Top = 2, Trace = new() }).Top[1].Value,
            () => subject.Engine.Evaluate(ThreadSubject.Model, ThreadSubject.Data).Loss,
            () => subject.Engine.Train(ThreadSubject.Model, ThreadSubject.Data, null, new() { Epochs = 1 }).Model.Parameters,
            () => Fresh(subject.Engine),
        ];
        object[] right = [.. work.Select(one => one())];
        int done = 0;
        Each(Threads, thread =>
        {
            for (int i = 0; i < Rounds * work.Length; i++)
            {
                int which = (i + thread) % work.Length;
                if (Attempt(work[which]) is { } found)
                {
                    Assert.That(found, Is.EqualTo(right[which]));
                    Interlocked.Increment(ref done);
                }
            }
        });
        Assert.That(done, Is.Positive);
        Assert.That(work.Select(one => one()), Is.EqualTo(right));
    }

    [Test]
    public void Threads_that_take_turns_are_all_served()
    {
        using var subject = new ThreadSubject(device);
        double right = Fresh(subject.Engine);
        var turn = new Lock();
        Each(Threads, _ =>
        {
            lock (turn)
            {
                Assert.That(Fresh(subject.Engine), Is.EqualTo(right));
            }
        });
    }

    [Test]
    public void Engines_on_threads_of_their_own_share_a_model_and_data()
    {
        using var engine = Engine.Open(device);
        double right = Fresh(engine);
        Each(Threads, _ =>
        {
            using var own = Engine.Open(device);
            Assert.That(Fresh(own), Is.EqualTo(right));
        });
    }

    [Test]
    public void While_one_thread_is_inside_every_call_of_another_is_refused()
    {
        using var subject = new ThreadSubject(device);
        var before = subject.At.Gradient();
        using (subject.Backend.Gate.Enter())
        {
            Each(1, _ => Assert.Multiple(() =>
            {
                foreach (var (name, call) in AllCalls)
                {
                    Assert.That(() => call(subject), Throws.TypeOf<InvalidOperationException>().With.Message.Contains("another thread"), name);
                }

                foreach (var part in subject.Parts.Append(subject.Engine))
                {
                    Assert.That(part.Dispose, Throws.TypeOf<InvalidOperationException>(), part.GetType().Name);
                }
            }));
            Assert.That(() => subject.Engine.Dispose(), Throws.InvalidOperationException.With.Message.Contains("from within"));
        }

        Assert.That(subject.At.Gradient(), Is.EqualTo(before));
    }

    /// <summary>Not merely within its operations: between these others would find its work space half-written.</summary>
    [Test]
    public void Work_is_inside_from_its_beginning_to_its_end()
    {
        using var subject = new ThreadSubject(device);
        var (at, problem) = (subject.At, subject.Problem);
        int reports = 0;
        var share = new Relay<double>(_ => ExpectRefusal());
        var spectrum = new Relay<SpectrumProgress>(_ => ExpectRefusal());
        Action[] work =
        [
            () => at.Gradient(share), () => at.MoveTo(ThreadSubject.Model, share), () => at.Hessian.Apply(ThreadSubject.Model.Parameters, share),
            () => at.Hessian.ApplyBlock(subject.Rows, subject.Results, share), () => at.Hessian.Diagonal(subject.X, share), () => at.Hessian.Trace(share),
            () => at.Jacobian.ApplyBlock(subject.Rows, subject.Outputs, share), () => at.Hessian.Top(1, null, spectrum),
            () => Quadrature.Of(at.Hessian, new(), null, spectrum), () => Trace.Estimate(at.Hessian, new() { Method = TraceMethod.Hutchinson }, null, spectrum),
            () => problem.Gradient(share), () => problem.Diagonal("fisher", share), () => problem.MoveTo(ThreadSubject.Model.Parameters, share),
            () => problem.Spectrum("hessian", new() { Top = 1 }, spectrum), () => problem.LayerSpectra("hessian", new() { Top = 1 }, spectrum),
            () => subject.Engine.Evaluate(ThreadSubject.Model, ThreadSubject.Data, progress: share),
            () => subject.Engine.Linearise(ThreadSubject.Model, ThreadSubject.Data, progress: share).Dispose(),
            () => subject.Engine.Train(
                ThreadSubject.Model, ThreadSubject.Data, null, new() { Epochs = 1 }, progress: new Relay<TrainingProgress>(_ => ExpectRefusal())),
        ];
        foreach (var (i, one) in work.Index())
        {
            reports = 0;
            one();
            Assert.That(reports, Is.Positive, $"work {i}");
        }

        void ExpectRefusal() => Each(1, _ =>
        {
            reports++;
            Assert.That(subject.Backend.Synchronise, Throws.TypeOf<InvalidOperationException>());
            Assert.That(subject.Engine.Dispose, Throws.TypeOf<InvalidOperationException>());
            Assert.That(at.Dispose, Throws.TypeOf<InvalidOperationException>());
        });
    }

    [Test]
    public void After_disposal_every_call_is_refused_but_what_is_left_can_be_disposed()
    {
        using var subject = new ThreadSubject(device);
        subject.Engine.Dispose();
        Assert.Multiple(() =>
        {
            foreach (var (name, call) in AllCalls)
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
            foreach (var (name, call) in AllCalls.Where(call => types.Any(type => call.Name.StartsWith(type, StringComparison.Ordinal))))
            {
                Assert.That(() => call(subject), Throws.TypeOf<ObjectDisposedException>(), name);
            }
        });
        Assert.That(Fresh(subject.Engine), Is.Positive);
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
                Each(1, _ => CallAll());
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
        Assert.That(Fresh(owner), Is.Positive);
    }

    [Test]
    public void Memory_that_nobody_gave_back_is_given_back_beside_the_work()
    {
        using var engine = Engine.Open(device);
        double right = Fresh(engine);
        for (int i = 0; i < 10; i++)
        {
            Abandon(engine.Backend);
            GC.Collect();
            Assert.That(Fresh(engine), Is.EqualTo(right));
        }

        static void Abandon(IBackend backend) => _ = Enumerable.Range(0, 100).Select(_ => backend.Allocate<double>(1000)).ToArray();
    }

    private static IEnumerable<(string Name, Action<ThreadSubject> Call)> AllCalls =>
        ThreadSubject.Calls.SelectMany(entry => entry.Value.Select((call, i) => ($"{entry.Key}, {i}", call)));

    private static double Fresh(Engine engine)
    {
        using var at = engine.Linearise<double>(ThreadSubject.Model, ThreadSubject.Data);
        return at.Hessian.Top(1)[0].Value;
    }

    /// <summary>What it finds; null where it is refused because others are at work.</summary>
    private static object? Attempt(Func<object> work)
    {
        try
        {
            return work();
        }
        catch (InvalidOperationException refusal) when (refusal.GetType() == typeof(InvalidOperationException))
        {
            return null;
        }
    }

    /// <summary>Does something on so many threads at once; what is thrown there is thrown here.</summary>
    private static void Each(int threads, Action<int> work)
    {
        var failures = new ConcurrentQueue<Exception>();
        using var start = new Barrier(threads);
        var all = Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                work(thread);
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        })).ToList();
        all.ForEach(thread => thread.Start());
        all.ForEach(thread => thread.Join());
        if (!failures.IsEmpty)
        {
            throw new AggregateException(failures);
        }
    }
}

/// <summary>The table of <see cref="ThreadSubject"/> holds all public work.</summary>
public class ThreadCallTests
{
    /// <summary>What needs no device, opens its own, or takes what it needs from a device.</summary>
    private static readonly string[] Exempt =
        ["Dataset.Open", "Dataset.OpenAsync", "SelfTest.Run", "DeviceBenchmark.Run", "DiagonalMetric.Trace"];

    [Test]
    public void No_public_call_is_left_out()
    {
        var methods =
            from type in typeof(Engine).Assembly.GetExportedTypes()
            where !type.IsInterface
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken))
            select $"{type.Name.Split('`')[0]}.{method.Name}";
        Assert.That(methods.Distinct().Except(Exempt).Except(ThreadSubject.Calls.Keys), Is.Empty);
    }
}
