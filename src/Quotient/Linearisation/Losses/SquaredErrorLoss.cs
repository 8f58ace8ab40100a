using Quotient.Backends;

namespace Quotient.Linearisation.Losses;

/// <summary><c>mse</c>: ℓ = ½‖z − y‖², where classes become one-hot rows. ∂ℓ/∂z = z − y, ∂²ℓ/∂z² = I.</summary>
public sealed record SquaredErrorLoss : Loss
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override bool ReadsTargets => true;

    /// <inheritdoc/>
    public override void Check(Network network, Dataset data)
    {
        if (data.TargetWidth != network.Output.Size)
        {
            throw new QuotientException(
                $"{data.Name} has targets of {Sentence.Count(data.TargetWidth, "value")}, but the network {network} has "
                + Sentence.Count(network.Output.Size, "output"));
        }
    }

    /// <inheritdoc/>
    public override LossStage<T> On<T>(IOps<T> ops) => new Derivatives<T>(ops);

    [ModuleInitializer]
    internal static void Register() => Kinds.Register(new("mse", "half the squared distance", [], _ => SquaredError));

    /// <summary>What is saved is the residual z − y.</summary>
    private sealed class Derivatives<T>(IOps<T> ops) : LossStage<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public override void Evaluate(MatrixView<T> z, Targets<T> targets, MatrixView<T> saved, VectorView<double> loss) =>
            ops.SquaredError(z, targets.Values!.Value, saved, loss);

        public override void Gradient(MatrixView<T> saved, Targets<T> targets, double scale, MatrixView<T> g) =>
            Multiply(scale, saved, g);

        public override void Hessian(MatrixView<T> saved, double scale, MatrixView<T> x, MatrixView<T> y) => Multiply(scale, x, y);

        /// <summary>The Hessian is s·I whatever the sample, so its factors are the columns of √s·I.</summary>
        public override void Factors(IBackend backend, MatrixView<T> saved, double scale, int first, MatrixView<T> y)
        {
            int rows = (int)saved.Rows, classes = (int)saved.Columns;
            var column = new T[checked(rows * classes)];
            for (int c = 0; c < y.Rows / rows; c++)
            {
                Array.Clear(column);
                for (int n = 0; n < rows; n++)
                {
                    column[(n * classes) + first + c] = T.CreateChecked(Math.Sqrt(scale));
                }

                backend.Write<T>(column, y.RowRange((long)c * rows, rows).AsVector());
            }
        }

        private void Multiply(double scale, MatrixView<T> x, MatrixView<T> y)
        {
            ops.Copy(x.AsVector(), y.AsVector());
            ops.Scale(scale, y.AsVector());
        }
    }
}
