using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Reference;
using Quotient.Operators;
using Quotient.Spectra;

namespace Quotient.Tests;

/// <summary>Quotient inside another tool, which brings a backend and a matrix of its own.</summary>
public class EmbeddingTests
{
    [Test]
    public void A_backend_of_the_callers_own_does_the_work_and_outlives_the_engine()
    {
        var model = Model.Initialise(Network.Mlp([2, 6, 3]), Initialisation.PyTorch, 5);
        var data = Dataset.Open("spirals[0:60]");
        using var own = new ToolsBackend();
        double top;
        using (var engine = Engine.On(own))
        {
            Assert.That(engine.Backend, Is.SameAs(own));
            using var at = engine.Linearise<double>(model, data);
            top = at.Hessian.Top(1)[0].Value;
        }

        Assert.That(own.Allocations, Is.Positive);
        Assert.That(own.IsDisposed, Is.False);
        using var usual = Engine.Open("reference");
        using var there = usual.Linearise<double>(model, data);
        Assert.That(top, Is.EqualTo(there.Hessian.Top(1)[0].Value));
    }

    [Test]
    public void A_backend_that_makes_no_gate_is_given_one()
    {
        using var own = new ToolsBackend();
        using var engine = Engine.On(own);
        using var at = engine.Linearise<double>(Model.Initialise(Network.Mlp([2, 6, 3]), Initialisation.PyTorch, 5), Dataset.Open("spirals[0:60]"));
        using var pass = engine.Backend.Gate.Enter();
        Exception? refusal = null;
        var other = new Thread(() => refusal = Assert.Catch(() => at.Gradient()));
        other.Start();
        other.Join();
        Assert.That(refusal, Is.TypeOf<InvalidOperationException>().With.Message.Contains("'tool'"));
    }

    [Test]
    public void A_matrix_of_the_callers_own_has_a_spectrum()
    {
        const int N = 40;
        using var own = new ToolsBackend();
        var chain = new Chain(own, N);
        double[] expected = [.. Enumerable.Range(0, 3).Select(k => 2 - (2 * Math.Cos(Math.PI * (N - k) / (N + 1))))];
        Assert.That(chain.Top(3).Select(pair => pair.Value), Is.EqualTo(expected).Within(1e-4).Percent);
        var found = SpectrumAnalysis.Run(chain, new() { Top = 1, Bottom = 1, Trace = new() });
        Assert.That(found.Bottom[0].Value, Is.EqualTo(2 - (2 * Math.Cos(Math.PI / (N + 1)))).Within(1e-6));
        Assert.That(found.Trace!.Value, Is.EqualTo(2 * N).Within(5 * found.Trace.StandardError));
    }

    /// <summary>A backend as a tool would bring it; it counts, and leaves the work to another.</summary>
    private sealed class ToolsBackend : IBackend
    {
        private readonly ReferenceBackend _inner = new();

        public int Allocations { get; private set; }

        public bool IsDisposed { get; private set; }

        public DeviceInfo Device => _inner.Device with { Id = "tool", Name = "a tool's own" };

        public long AvailableMemory => _inner.AvailableMemory;

        public IOps<T> Ops<T>() where T : unmanaged, IFloatingPointIeee754<T> => _inner.Ops<T>();

        public DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged
        {
            Allocations++;
            return _inner.Allocate<T>(length);
        }

        public void Write<T>(ReadOnlySpan<T> source, VectorView<T> destination) where T : unmanaged => _inner.Write(source, destination);

        public void Read<T>(VectorView<T> source, Span<T> destination) where T : unmanaged => _inner.Read(source, destination);

        public void Synchronise() => _inner.Synchronise();

        public void Dispose()
        {
            IsDisposed = true;
            _inner.Dispose();
        }
    }

    /// <summary>Springs between neighbours: 2 on the diagonal, −1 beside it; λ_k = 2 − 2 cos(πk / (n + 1)).</summary>
    private sealed class Chain(IBackend backend, int n) : ISymmetricOperator<double>
    {
        public long Dimension => n;

        public IBackend Backend => backend;

        public void ApplyBlock(
            MatrixView<double> v, MatrixView<double> result, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        {
            double[] x = new double[n + 2], y = new double[n];
            for (int row = 0; row < v.Rows; row++)
            {
                backend.Read(v.Row(row), x.AsSpan(1, n));
                for (int i = 0; i < n; i++)
                {
                    y[i] = (2 * x[i + 1]) - x[i] - x[i + 2];
                }

                backend.Write<double>(y, result.Row(row));
            }
        }
    }
}
