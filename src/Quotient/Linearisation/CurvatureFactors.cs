using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Exact diagonals and traces, from the factors of the loss's curvature passed back to each step.</summary>
internal sealed class CurvatureFactors<T>(LinearisedSamples<T> samples, WorkSpace<T> space) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Factors passed back at once: enough to fill a product, few enough to stop between.</summary>
    private const int FactorsAtOnce = 16;

    private readonly NetworkPlan<T> _plan = samples.Plan;

    private int Last => _plan.Steps.Count - 1;

    /// <summary>diagonal ← diag A. For a net that is piecewise linear in each parameter diag H = diag GGN.</summary>
    public void Diagonal(
        CurvatureKind kind, ParameterScope<T> scope, VectorView<T> diagonal, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireKnown(kind);
        space.WithinMemory(() =>
        {
            using var scratch = NewScratch();
            samples.Sum(
                diagonal.AsMatrix(1, scope.Length),
                (state, chunk, sum) => EachFactor(kind, scope, state, (at, adjoints, first, index) =>
                {
                    var step = _plan.Steps[index];
                    double beta = first == 0 ? chunk.Beta : 1;
                    step.Stage.Diagonal(samples.Passes.At(at, index), adjoints[index], scope.Part(sum, step).Row(0), beta, scratch);
                }, cancellationToken),
                progress,
                cancellationToken);
        });
    }

    /// <summary>tr A, by the same factors but without forming anything as large as θ.</summary>
    public double Trace(CurvatureKind kind, ParameterScope<T> scope, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        RequireKnown(kind);
        double trace = 0;
        space.WithinMemory(() =>
        {
            using var scratch = NewScratch();
            int steps = _plan.Steps.Count, chunks = (samples.Count + samples.Sweep.ChunkSize - 1) / samples.Sweep.ChunkSize;
            long ofChunk = PartsBefore(scope, steps, FactorCount(kind));
            using var parts = samples.Backend.Allocate<double>(ofChunk * chunks);
            samples.Each(
                (state, chunk) => EachFactor(kind, scope, state, (at, adjoints, first, index) =>
                {
                    var stage = _plan.Steps[index].Stage;
                    long before = PartsBefore(scope, steps, first) + PartsBefore(scope, index, adjoints.Count);
                    long place = (chunk.First / samples.Sweep.ChunkSize * ofChunk) + before;
                    stage.Trace(samples.Passes.At(at, index), adjoints[index], parts.Slice(place, stage.TraceParts(adjoints.Count)), scratch);
                }, cancellationToken),
                progress,
                cancellationToken);
            double[] host = samples.Backend.Read(parts.All);
            trace = host.Sum();
        });
        return trace;
    }

    /// <summary>Multiply–adds a sample of the exact diagonal, or of the trace alone.</summary>
    public double Cost(CurvatureKind kind, ParameterScope<T> scope, bool traceOnly) => _plan.Steps.Index().Sum(entry =>
    {
        var (index, step) = entry;
        double passing = step.Inputs.Any(scope.Reaches) ? FactorCount(kind) : 0;
        return step.Stage.ProductCost * (passing + (scope.Varies(index) && !traceOnly ? 1 : 0));
    });

    /// <summary>How many parts of a trace the scope's steps before one have, for some factors.</summary>
    private long PartsBefore(ParameterScope<T> scope, int step, int factors) =>
        Enumerable.Range(0, step).Where(scope.Varies).Sum(before => (long)_plan.Steps[before].Stage.TraceParts(factors));

    private int FactorCount(CurvatureKind kind) => kind == CurvatureKind.EmpiricalFisher ? 1 : _plan.Classes;

    private DiagonalScratch<T> NewScratch() => new(samples.Backend, samples.Sweep.ChunkSize, _plan.Widest);

    /// <summary>
    /// Passes the factors of the loss's curvature back over a chunk, some at a time, and visits the trainable steps of the scope, last to
    /// first, with their adjoints and the first factor of these.
    /// </summary>
    private void EachFactor(
        CurvatureKind kind, ParameterScope<T> scope, ChunkState<T> state, Action<Point<T>, SignalSet<T>, int, int> visit,
        CancellationToken cancellationToken)
    {
        int factors = FactorCount(kind), most = space.AtOnce(Math.Min(factors, FactorsAtOnce));
        for (int first = 0; first < factors; first += most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (at, adjoints, from) = (samples.At(state), space.Adjoints(Math.Min(most, factors - first), state.Rows), first);
            WriteFactors(kind, state, first, adjoints.Stacked(Last));
            samples.Passes.Backward(scope, at, adjoints, null, 0, null, index => visit(at, adjoints, from, index));
        }
    }

    private void WriteFactors(CurvatureKind kind, ChunkState<T> state, int first, MatrixView<T> target)
    {
        if (kind == CurvatureKind.EmpiricalFisher)
        {
            var ops = samples.Backend.Ops<T>();
            ops.Copy(state.Adjoints[Last].First.AsVector(), target.AsVector());
            ops.Scale(1 / Math.Sqrt(samples.Scale), target.AsVector());
        }
        else
        {
            samples.Loss.Factors(samples.Backend, state.Saved, samples.Scale, first, target);
        }
    }

    private void RequireKnown(CurvatureKind kind)
    {
        if (kind == CurvatureKind.Hessian && !_plan.IsPiecewiseLinear)
        {
            throw new QuotientException(
                $"the exact diagonal of the Hessian is known for networks that are piecewise linear in each parameter, which {_plan.Network} is not; estimate it");
        }
    }
}
