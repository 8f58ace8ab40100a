using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Linearisation.Layers;
using Quotient.Networks;

namespace Quotient.Tests.Linearisation;

/// <summary>
/// a = z², as no layer of the library is: it has second-order terms without parameters, saves 2z in the forward pass, declares tensors
/// that are not trained, and asks for whole mini-batches.
/// </summary>
internal sealed record Square(int Width) : Layer
{
    public override IReadOnlyList<TensorShape> Buffers =>
    [
        new("running_mean", [Axis.Out], [Width]) { Start = 0.5 },
        new("running_var", [Axis.Out, Axis.Out], [Width, 2]),
    ];

    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs);

    [ModuleInitializer]
    internal static void Register() =>
        LayerKinds.Register<Square>("square", fields => new(fields.TakeWhole("width", 1)), layer => new() { ["width"] = layer.Width });
}

/// <summary>Its passes, by way of the host.</summary>
internal sealed class SquarePasses() : LayerPasses([typeof(Square)])
{
    public override Stage<T> Start<T>(IReadOnlyList<Layer> run, Shape input, IBackend backend) => new Passes<T>(backend, ((Square)run[0]).Width);

    [ModuleInitializer]
    internal static void Register() => Register(new SquarePasses());

    private sealed class Passes<T>(IBackend backend, int width) : Stage<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        private static readonly T Two = T.CreateChecked(2);

        public override SecondOrder SecondOrder => SecondOrder.Own;

        public override bool ReadsInputs => false;

        public override int SavedWidth => width;

        public override bool NeedsWholeBatch => true;

        public override void Forward(in StepPoint<T> at)
        {
            for (int j = 0; j < at.Y.Count; j++)
            {
                var x = Read(at.X[j]);
                Write(Array.ConvertAll(x, value => value * value), at.Y[j]);
                Write(Array.ConvertAll(x, value => Two * value), at.Saved[j]);
            }
        }

        public override void Tangent(in StepPoint<T> at, MatrixView<T>? v, StepSignals<T> dx, MatrixBatch<T> dy)
        {
            for (int j = 0; j < dy.Count; j++)
            {
                Write(Times(Read(at.Saved[j]), Read(dx.At(0)[j])), dy[j]);
            }
        }

        public override void Adjoint(
            in StepPoint<T> at, MatrixBatch<T> adjoint, int input, in AdjointTarget<T> target, CurvatureTerm<T>? curvature)
        {
            for (int j = 0; j < adjoint.Count; j++)
            {
                var result = Times(Read(at.Saved[j]), Read(adjoint[j]));
                if (curvature is { } term)
                {
                    result = Plus(result, Array.ConvertAll(Times(Read(term.Adjoint[j]), Read(term.Dx.At(0)[j])), value => Two * value));
                }

                Write(target.Beta == 0 ? result : Plus(result, Read(target.Signal[j])), target.Signal[j]);
            }

            target.ApplyMask(backend.Ops<T>());
        }

        private static T[] Times(T[] a, T[] b) => [.. a.Zip(b, (x, y) => x * y)];

        private static T[] Plus(T[] a, T[] b) => [.. a.Zip(b, (x, y) => x + y)];

        private T[] Read(MatrixView<T> view) => Nets.Read(backend, view.AsVector());

        private void Write(T[] values, MatrixView<T> view) => backend.Write<T>(values, view.AsVector());
    }
}
