using Quotient.Backends;
using Quotient.Networks;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>The passes of <see cref="Shortcut"/>.</summary>
internal sealed class ShortcutPasses() : LayerPasses([typeof(Shortcut)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) =>
        new ShortcutStage<T>(backend, Window.Square(1, ((Shortcut)run[0]).Stride).On(input), ((Shortcut)run[0]).Outputs);

    [ModuleInitializer]
    internal static void Register() => Register(new ShortcutPasses());
}

/// <summary>y = a convolution whose window is one place, and whose weights are ones from each channel to its place among the outputs.</summary>
internal sealed class ShortcutStage<T> : Stage<T>, IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops;
    private readonly Patches _patches;
    private readonly DeviceBuffer<T> _weights;
    private readonly int _outputs;

    public ShortcutStage(IBackend backend, Patches patches, int outputs)
    {
        var weights = new T[outputs * patches.Channels];
        int before = (outputs - patches.Channels) / 2;
        for (int channel = 0; channel < patches.Channels; channel++)
        {
            weights[((before + channel) * patches.Channels) + channel] = T.One;
        }

        (_ops, _patches, _outputs, _weights) = (backend.Ops<T>(), patches, outputs, backend.Store<T>(weights));
    }

    public override bool ReadsInputs => false;

    private MatrixBatch<T> Weights => _weights.Matrix(_outputs, _patches.Channels);

    public override void Forward(in StepPoint<T> at) => Convolve(at.X, at.Y);

    public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy) => Convolve(dx.At(0), dy);

    public override void Adjoint(
        in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
    {
        _ops.ConvolutionBack(
            _patches, 1, adjoint, Weights, target.Beta, target.Signal.InRowsOf(_patches.Channels), target.Epilogue.InRowsOf(_patches.Channels));
        if (target.HasMasks)
        {
            target.ApplyMask(_ops);
        }
    }

    public void Dispose() => _weights.Dispose();

    private void Convolve(MatrixBatch<T> x, MatrixBatch<T> y) => _ops.Convolution(_patches, 1, x, Weights, 0, y.InRowsOf(_outputs));
}
