using System.Numerics;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Which curvature of the loss by the outputs stands between Jᵀ and J, and whether the network's own is added.</summary>
internal enum CurvatureKind
{
    /// <summary>∇²L: Gauss–Newton plus the curvature of the network.</summary>
    Hessian,

    /// <summary>Jᵀ (∂²ℓ/∂z²) J.</summary>
    GaussNewton,

    /// <summary>Jᵀ (∂ℓ/∂z ∂ℓ/∂zᵀ) J, at the data's labels.</summary>
    EmpiricalFisher,
}

/// <summary>Products with curvature matrices and Jacobians of one linearisation, and the work space that they share.</summary>
internal sealed partial class CurvatureProducts<T>(Linearisation<T> linearisation) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Factors of the loss's curvature passed back at once: enough to fill a product, few enough to stop between.</summary>
    private const int FactorsAtOnce = 16;

    private readonly NetworkPlan<T> _plan = linearisation.Plan;

    private IBackend Backend => linearisation.Backend;

    private IOps<T> Ops => Backend.Ops<T>();

    private int Last => _plan.Steps.Count - 1;

    /// <summary>Row i of result ← A · row i of v, both in the scope's parameters.</summary>
    public void Multiply(CurvatureKind kind, ParameterScope<T> scope, MatrixView<T> v, MatrixView<T> result) =>
        InBlocks(v.Rows, (first, count) => MultiplyBlock(kind, scope, v.RowRange(first, count), result.RowRange(first, count)));

    /// <summary>Row i of result ← J · row i of v. Shapes: v k × D, result k × (N·C), sample by sample.</summary>
    public void Jacobian(MatrixView<T> v, MatrixView<T> result)
    {
        InBlocks(v.Rows, (first, count) => linearisation.ForEachChunk((state, start) =>
        {
            var tangents = Tangents(count, state.Rows);
            linearisation.Passes.Tangent(
                _plan.Whole, linearisation.Theta, v.RowRange(first, count), state.Inputs, state.Values, tangents);
            for (int j = 0; j < count; j++)
            {
                Ops.Copy(tangents[Last][j].AsVector(), OutputsOf(result.Row(first + j), state, start));
            }
        }));
    }

    /// <summary>Row i of result ← Jᵀ · row i of u. Shapes: u k × (N·C), result k × D.</summary>
    public void JacobianTranspose(MatrixView<T> u, MatrixView<T> result)
    {
        InBlocks(u.Rows, (first, count) => linearisation.ForEachChunk((state, start) =>
        {
            var adjoints = Adjoints(count, state.Rows);
            for (int j = 0; j < count; j++)
            {
                Ops.Copy(OutputsOf(u.Row(first + j), state, start), adjoints[Last][j].AsVector());
            }

            Backward(_plan.Whole, state, adjoints, result.RowRange(first, count), start == 0 ? 0 : 1, null);
        }));
    }

    /// <summary>diagonal ← diag A, from the factors of the loss's curvature. For a ReLU net diag H = diag GGN.</summary>
    public void Diagonal(CurvatureKind kind, ParameterScope<T> scope, VectorView<T> diagonal)
    {
        WithinMemory(() =>
        {
            using var scratch = NewScratch();
            ForEachFactoredChunk(kind, scope, (state, adjoints, isFirst, index) =>
            {
                var step = _plan.Steps[index];
                var part = diagonal.Slice(step.Offset - scope.Offset, step.Stage.ParameterCount);
                step.Stage.Diagonal(adjoints[index], Passes<T>.Input(state.Inputs, state.Values, step), part, isFirst ? 0 : 1, scratch);
            });
        });
    }

    /// <summary>tr A, by the same factors but without forming anything as large as θ.</summary>
    public double Trace(CurvatureKind kind, ParameterScope<T> scope)
    {
        double trace = 0;
        WithinMemory(() => trace = SumOfTraceParts(kind, scope));
        return trace;
    }

    /// <summary>Multiply–adds a sample of one product.</summary>
    public double ProductCost(CurvatureKind kind, ParameterScope<T> scope) => _plan.Steps.Index().Sum(entry =>
    {
        var (index, step) = entry;
        bool varies = scope.Contains(index) && step.IsTrainable, passes = scope.Reaches(step.Input);
        int both = kind == CurvatureKind.Hessian && varies && passes ? 2 : 0;
        return (double)step.Stage.ProductCost * ((varies ? 2 : 0) + (passes ? 2 : 0) + both);
    });

    /// <summary>Multiply–adds a sample of the exact diagonal, or of the trace alone.</summary>
    public double DiagonalCost(CurvatureKind kind, ParameterScope<T> scope, bool traceOnly) => _plan.Steps.Index().Sum(entry =>
    {
        var (index, step) = entry;
        double passing = scope.Reaches(step.Input) ? FactorCount(kind) : 0;
        return step.Stage.ProductCost * (passing + (scope.Contains(index) && !traceOnly ? 1 : 0));
    });

    /// <summary>result ← what the samples of one chunk add to A v; the first chunk's replaces what is there.</summary>
    private void MultiplyChunk(
        CurvatureKind kind, ParameterScope<T> scope, MatrixView<T> v, MatrixView<T> result, ChunkState<T> state, int start)
    {
        int count = (int)v.Rows;
        var (tangents, adjoints) = (Tangents(count, state.Rows), Adjoints(count, state.Rows));
        linearisation.Passes.Tangent(scope, linearisation.Theta, v, state.Inputs, state.Values, tangents);
        LossCurvature(kind, state, tangents.Stacked(Last), adjoints.Stacked(Last));
        var curvature = kind == CurvatureKind.Hessian ? new Passes<T>.Curvature(v, tangents, state.Adjoints) : null;
        Backward(scope, state, adjoints, result, start == 0 ? 0 : 1, curvature);
    }

    private double SumOfTraceParts(CurvatureKind kind, ParameterScope<T> scope)
    {
        using var scratch = NewScratch();
        int partsPerChunk = _plan.Steps.Sum(step => step.Stage.TraceParts(FactorCount(kind)));
        int chunks = (linearisation.Samples + linearisation.ChunkSize - 1) / linearisation.ChunkSize;
        using var parts = Backend.Allocate<double>((long)partsPerChunk * chunks);
        long next = 0;
        ForEachFactoredChunk(kind, scope, (state, adjoints, _, index) =>
        {
            var step = _plan.Steps[index];
            int count = step.Stage.TraceParts(adjoints.Count);
            step.Stage.Trace(adjoints[index], Passes<T>.Input(state.Inputs, state.Values, step), parts.Slice(next, count), scratch);
            next += count;
        });
        var host = new double[next];
        Backend.Read(parts.Slice(0, next), host.AsSpan());
        return host.Sum();
    }

    private int FactorCount(CurvatureKind kind) => kind == CurvatureKind.EmpiricalFisher ? 1 : _plan.Classes;

    private DiagonalScratch<T> NewScratch() => new(Backend, linearisation.ChunkSize, _plan.Widest);

    /// <summary>
    /// Passes the factors of the loss's curvature back, some at a time, and visits the trainable steps of the scope with their
    /// adjoints; is told whether this is the first visit of all.
    /// </summary>
    private void ForEachFactoredChunk(
        CurvatureKind kind, ParameterScope<T> scope, Action<ChunkState<T>, SignalSet<T>, bool, int> visit)
    {
        linearisation.ForEachChunk((state, start) =>
        {
            int factors = FactorCount(kind), most = AtOnce(Math.Min(factors, FactorsAtOnce));
            for (int first = 0; first < factors; first += most)
            {
                linearisation.ThrowIfCancelled();
                var adjoints = Adjoints(Math.Min(most, factors - first), state.Rows);
                WriteFactors(kind, state, first, adjoints.Stacked(Last));
                Backward(scope, state, adjoints, null, 0, null);
                for (int index = scope.First; index <= scope.Last; index++)
                {
                    if (_plan.Steps[index].IsTrainable)
                    {
                        visit(state, adjoints, start == 0 && first == 0, index);
                    }
                }
            }
        });
    }

    private void WriteFactors(CurvatureKind kind, ChunkState<T> state, int first, MatrixView<T> target)
    {
        if (kind == CurvatureKind.EmpiricalFisher)
        {
            Ops.Copy(state.Adjoints[Last].First.AsVector(), target.AsVector());
            Ops.Scale(1 / Math.Sqrt(linearisation.SampleScale), target.AsVector());
        }
        else
        {
            linearisation.LossStage.Factors(Backend, state.Saved, linearisation.SampleScale, first, target);
        }
    }

    private void LossCurvature(CurvatureKind kind, ChunkState<T> state, MatrixView<T> x, MatrixView<T> y)
    {
        if (kind == CurvatureKind.EmpiricalFisher)
        {
            // The adjoints carry the sample scale s twice; the empirical Fisher wants it once.
            Ops.RowOuter(state.Adjoints[Last].First, 1 / linearisation.SampleScale, x, y);
        }
        else
        {
            linearisation.LossStage.Hessian(state.Saved, linearisation.SampleScale, x, y);
        }
    }

    private void Backward(
        ParameterScope<T> scope, ChunkState<T> state, SignalSet<T> adjoints, MatrixView<T>? gradient, double beta,
        Passes<T>.Curvature? curvature) =>
        linearisation.Passes.Backward(
            scope, linearisation.Theta, state.Inputs, state.Values, adjoints, gradient, beta, curvature);

    private VectorView<T> OutputsOf(VectorView<T> all, ChunkState<T> state, int start) =>
        all.Slice((long)start * _plan.Classes, (long)state.Rows * _plan.Classes);
}
