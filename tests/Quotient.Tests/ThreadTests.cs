using NUnit.Framework;
using Quotient.Spectra;
using Quotient.Tests.Linearisation;
using Quotient.Training;

namespace Quotient.Tests;

/// <summary>An engine serves one thread at a time, on every device: others are refused at once.</summary>
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
            () => ThreadSubject.Fresh(subject.Engine),
        ];
        object[] right = [.. work.Select(one => one())];
        int done = 0;
        OnThreads.Each(Threads, thread =>
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
        double right = ThreadSubject.Fresh(subject.Engine);
        var turn = new Lock();
        OnThreads.Each(Threads, _ =>
        {
            lock (turn)
            {
                Assert.That(ThreadSubject.Fresh(subject.Engine), Is.EqualTo(right));
            }
        });
    }

    [Test]
    public void Engines_on_threads_of_their_own_share_a_model_and_data()
    {
        using var engine = Engine.Open(device);
        double right = ThreadSubject.Fresh(engine);
        OnThreads.Each(Threads, _ =>
        {
            using var own = Engine.Open(device);
            Assert.That(ThreadSubject.Fresh(own), Is.EqualTo(right));
        });
    }

    [Test]
    public void While_one_thread_is_inside_every_call_of_another_is_refused()
    {
        using var subject = new ThreadSubject(device);
        var before = subject.At.Gradient();
        using (subject.Backend.Gate.Enter())
        {
            OnThreads.Each(1, _ => Assert.Multiple(() =>
            {
                foreach (var (name, call) in ThreadSubject.AllCalls)
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

        void ExpectRefusal() => OnThreads.Each(1, _ =>
        {
            reports++;
            Assert.That(subject.Backend.Synchronise, Throws.TypeOf<InvalidOperationException>());
            Assert.That(subject.Engine.Dispose, Throws.TypeOf<InvalidOperationException>());
            Assert.That(at.Dispose, Throws.TypeOf<InvalidOperationException>());
        });
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
}
