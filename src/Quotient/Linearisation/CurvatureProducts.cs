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

/// <summary>What a chunk of samples adds to products with curvature matrices and Jacobians of one linearisation.</summary>
internal sealed class CurvatureProducts<T>(LinearisedSamples<T> samples, WorkSpace<T> space) where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NetworkPlan<T> _plan = samples.Plan;

    private IOps<T> Ops => samples.Backend.Ops<T>();

    private int Last => _plan.Steps.Count - 1;

    /// <summary>gradient ← ∇L, one row.</summary>
    public void Gradient(MatrixView<T> gradient, IProgress<double>? progress, CancellationToken cancellationToken) =>
        space.WithinMemory(() => samples.Sum(
            gradient,
            (state, chunk, sum) => samples.Passes.Gradient(samples.At(state), state.Adjoints, sum, chunk.Beta),
            progress,
            cancellationToken));

    /// <summary>Row i of result ← A · row i of v, both in the scope's parameters.</summary>
    public void Multiply(
        CurvatureKind kind, ParameterScope<T> scope, MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress,
        CancellationToken cancellationToken) => InBlocks(
            v, result, (from, to, part) => MultiplyBlock(kind, scope, from, to, part, cancellationToken), progress, cancellationToken);

    /// <summary>Row i of result ← J · row i of v. Shapes: v k × D, result k × (N·C), sample by sample.</summary>
    public void Jacobian(MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        InBlocks(
            v, result, (from, to, part) => samples.Each((state, chunk) => Outputs(from, to, state, chunk), part, cancellationToken),
            progress, cancellationToken);

        void Outputs(MatrixView<T> from, MatrixView<T> to, ChunkState<T> state, Chunk chunk)
        {
            var tangents = space.Tangents((int)from.Rows, state.Rows, false);
            samples.Passes.Tangent(_plan.Whole, samples.At(state), from, tangents);
            for (int j = 0; j < from.Rows; j++)
            {
                Ops.Copy(tangents[Last][j].AsVector(), OutputsOf(to.Row(j), chunk));
            }
        }
    }

    /// <summary>Row i of result ← Jᵀ · row i of u. Shapes: u k × (N·C), result k × D.</summary>
    public void JacobianTranspose(MatrixView<T> u, MatrixView<T> result, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        InBlocks(
            u, result, (from, to, part) => samples.Sum(to, (state, chunk, sum) => Add(from, sum, state, chunk), part, cancellationToken),
            progress, cancellationToken);

        void Add(MatrixView<T> from, MatrixView<T> sum, ChunkState<T> state, Chunk chunk)
        {
            var adjoints = space.Adjoints((int)from.Rows, state.Rows);
            for (int j = 0; j < from.Rows; j++)
            {
                Ops.Copy(OutputsOf(from.Row(j), chunk), adjoints[Last][j].AsVector());
            }

            samples.Passes.Backward(_plan.Whole, samples.At(state), adjoints, sum, chunk.Beta);
        }
    }

    /// <summary>Multiply–adds a sample of one product.</summary>
    public double ProductCost(CurvatureKind kind, ParameterScope<T> scope) => _plan.Steps.Index().Sum(entry =>
    {
        var (index, step) = entry;
        bool varies = scope.Varies(index), passes = step.Inputs.Any(scope.Reaches);
        int both = kind == CurvatureKind.Hessian && varies && passes ? 2 : 0;
        return (double)step.Stage.ProductCost * ((varies ? 2 : 0) + (passes ? 2 : 0) + both);
    });

    /// <summary>Products of one sort are asked for again and again, as by Lanczos; where nothing else must be done, they are repeated.</summary>
    private void MultiplyBlock(
        CurvatureKind kind, ParameterScope<T> scope, MatrixView<T> v, MatrixView<T> result, IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        samples.RequireWhole();
        cancellationToken.ThrowIfCancellationRequested();
        bool isReplayed = true;
        if (samples.Sweep.IsResident && !space.IsCramped)
        {
            var key = new RepeatKey(samples, (kind, scope.First, scope.Last, v.Rows));
            samples.Backend.Repeat(key, ProductCost(kind, scope) * samples.Count * v.Rows, v, result, Compute);
        }
        else
        {
            Compute(v, result);
        }

        if (isReplayed)
        {
            progress?.Report(1);
        }

        void Compute(MatrixView<T> from, MatrixView<T> to)
        {
            isReplayed = false;
            samples.Sum(to, (state, chunk, sum) => MultiplyChunk(kind, scope, from, state, chunk.Beta, sum), progress, cancellationToken);
        }
    }

    /// <summary>result ← β·result + what the samples of one chunk add to A v.</summary>
    private void MultiplyChunk(
        CurvatureKind kind, ParameterScope<T> scope, MatrixView<T> v, ChunkState<T> state, double beta, MatrixView<T> result)
    {
        int count = (int)v.Rows;
        var (tangents, adjoints) = (space.Tangents(count, state.Rows, kind == CurvatureKind.Hessian), space.Adjoints(count, state.Rows));
        samples.Passes.Tangent(scope, samples.At(state), v, tangents);
        LossCurvature(kind, state, tangents.Stacked(Last), adjoints.Stacked(Last));
        var curvature = kind == CurvatureKind.Hessian ? new Passes<T>.Curvature(v, tangents, state.Adjoints) : null;
        samples.Passes.Backward(scope, samples.At(state), adjoints, result, beta, curvature);
    }

    private void LossCurvature(CurvatureKind kind, ChunkState<T> state, MatrixView<T> x, MatrixView<T> y)
    {
        if (kind == CurvatureKind.EmpiricalFisher)
        {
            // The adjoints carry the sample scale s twice; the empirical Fisher wants it once.
            Ops.RowOuter(state.Adjoints[Last].First, 1 / samples.Scale, x, y);
        }
        else
        {
            samples.Loss.Hessian(state.Saved, samples.Scale, x, y);
        }
    }

    private void InBlocks(
        MatrixView<T> v, MatrixView<T> result, Action<MatrixView<T>, MatrixView<T>, IProgress<double>?> multiply,
        IProgress<double>? progress, CancellationToken cancellationToken) => space.InBlocks(
            v.Rows,
            (first, count) => multiply(
                v.RowRange(first, count), result.RowRange(first, count),
                progress is null ? null : new Relay<double>(share => progress.Report((first + (share * count)) / v.Rows))),
            cancellationToken);

    private VectorView<T> OutputsOf(VectorView<T> all, Chunk chunk) => all.Slice((long)chunk.First * _plan.Classes, (long)chunk.Count * _plan.Classes);
}
