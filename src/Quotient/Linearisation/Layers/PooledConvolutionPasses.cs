using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>
/// A convolution with the <see cref="MaxPool"/> that alone reads it, and the ReLU behind that: the image between them, much larger than the
/// pool's, is neither kept nor seen.
/// </summary>
internal sealed class PooledConvolutionPasses() : LayerPasses(
    [typeof(Convolution), typeof(MaxPool)], [typeof(Convolution), typeof(MaxPool), typeof(Relu)],
    [typeof(BinaryConvolution), typeof(MaxPool)], [typeof(BinaryConvolution), typeof(MaxPool), typeof(Relu)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend)
    {
        var between = run[0].Output([input]);
        var pool = new MaxPoolStage<T>(backend.Ops<T>(), ((MaxPool)run[1]).Window.OnPooled(between), run.Count > 2);
        return new PooledStage<T>(backend, ConvolutionPasses.Start<T>(run[0], input, false, backend), pool, between.Size);
    }

    [ModuleInitializer]
    internal static void Register() => Register(new PooledConvolutionPasses());
}

/// <summary>Two stages as one, with the signal between them in work space, member by member of a batch.</summary>
/// <param name="backend">The device.</param>
/// <param name="first">The first, which does not read its output.</param>
/// <param name="pool">The second, which has no parameters and does not read its input.</param>
/// <param name="width">Values in one sample of the signal between.</param>
internal sealed class PooledStage<T>(IBackend backend, ConvolutionStage<T> first, MaxPoolStage<T> pool, int width) : Stage<T>, IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int[] OneInput = [Network.Source];

    private readonly Rooms<T> _rooms = new(backend);

    public override long ParameterCount => first.ParameterCount;

    public override bool HasMask => pool.HasMask;

    public override int SavedWidth => pool.SavedWidth;

    public override int WidthWithin => width;

    public override SecondOrder SecondOrder => first.SecondOrder;

    public override long ProductCost => first.ProductCost;

    public override void Forward(in StepPoint<T> at)
    {
        for (int j = 0; j < at.Y.Count; j++)
        {
            var between = Between(at);
            first.Forward(FirstAt(at, j, between));
            pool.Forward(PoolAt(at, j, between));
        }
    }

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy)
    {
        for (int j = 0; j < dy.Count; j++)
        {
            var between = Between(at);
            first.Tangent(FirstAt(at, j, between), v is { } along ? Row(along, j) : null, Only(dx[0]?[j]), between);
            pool.Tangent(PoolAt(at, j, between), null, Only(between), dy[j]);
        }
    }

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            var between = Back(at, adjoint[j], j, 0);
            var part = new AdjointTarget<T>(target.Signal[j], target.Mask is { } mask ? mask[j] : null, target.Beta);
            first.Adjoint(FirstAt(at, j, between), between, 0, part, Term(at, curvature, j));
        }
    }

    public override void ParameterAdjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, MatrixView<T> gradient, double beta, CurvatureTerm<T>? curvature)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            var between = Back(at, adjoint[j], j, 0);
            first.ParameterAdjoint(FirstAt(at, j, between), between, gradient.RowRange(j, 1), beta, Term(at, curvature, j));
        }
    }

    public override void Diagonal(
        in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<T> diagonal, double beta, DiagonalScratch<T> scratch)
    {
        for (int j = 0; j < adjoint.Count; j++)
        {
            var between = Back(at, adjoint[j], j, 0);
            first.Diagonal(FirstAt(at, j, between), between, diagonal, j == 0 ? beta : 1, scratch);
        }
    }

    public override int TraceParts(int count) => count * first.TraceParts(1);

    public override void Trace(in StepPoint<T> at, MatrixBatch<T> adjoint, VectorView<double> trace, DiagonalScratch<T> scratch)
    {
        int parts = first.TraceParts(1);
        for (int j = 0; j < adjoint.Count; j++)
        {
            var between = Back(at, adjoint[j], j, 0);
            first.Trace(FirstAt(at, j, between), between, trace.Slice(j * parts, parts), scratch);
        }
    }

    public void Dispose()
    {
        first.Dispose();
        _rooms.Dispose();
    }

    /// <summary>One member's adjoint of the signal between, from that of the output.</summary>
    private MatrixView<T> Back(in StepPoint<T> at, MatrixView<T> adjoint, int member, int purpose)
    {
        var between = Between(at, purpose);
        pool.Adjoint(PoolAt(at, member, between), adjoint, 0, new(between, null, 0), null);
        return between;
    }

    private CurvatureTerm<T>? Term(in StepPoint<T> at, CurvatureTerm<T>? curvature, int j) => curvature is { } term
        ? new(Back(at, term.Adjoint[j], j, 1), term.V is { } along ? Row(along, j) : null, Only(term.Dx[0]?[j]))
        : null;

    private MatrixView<T> Between(in StepPoint<T> at, int purpose = 0) => _rooms.Take(purpose, 1, at.X.First.Rows, width).First;

    private static StepPoint<T> FirstAt(in StepPoint<T> at, int member, MatrixView<T> between) =>
        at with { Theta = Row(at.Theta, member), Inputs = Only(at.X[member]), Y = between, Saved = default };

    private static StepPoint<T> PoolAt(in StepPoint<T> at, int member, MatrixView<T> between) =>
        at with { Inputs = Only(between), Y = at.Y[member], Saved = at.Saved[member] };

    private static StepSignals<T> Only(MatrixView<T>? signal) => new(OneInput, null!, signal, null);

    /// <summary>A member's own row of parameters, or the one that all have.</summary>
    private static MatrixView<T> Row(MatrixView<T> block, int member) => block.RowRange(block.Rows == 1 ? 0 : member, 1);
}
