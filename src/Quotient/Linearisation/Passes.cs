using System.Numerics;
using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Linearisation;

/// <summary>
/// The passes over a network's steps on one chunk of samples: forward, tangent (R-forward), and backward with or without the
/// curvature terms (R-backward). Formulas: Pearlmutter 1994.
/// </summary>
internal sealed class Passes<T>(NetworkPlan<T> plan, IOps<T> ops) where T : unmanaged, IFloatingPointIeee754<T>
{
    private int Last => plan.Steps.Count - 1;

    /// <summary>
    /// values ← the output of every step, for one θ or for k, the rows of theta, with as many signals and inputs, or inputs in common.
    /// </summary>
    /// <param name="theta">θ, one row; or k rows, as many as there are values.</param>
    /// <param name="x">The chunk's inputs.</param>
    /// <param name="values">The outputs.</param>
    /// <param name="first">The first step to compute.</param>
    /// <param name="before">The outputs of the steps before that one.</param>
    public void Forward(MatrixView<T> theta, MatrixBatch<T> x, SignalSet<T> values, int first = 0, SignalSet<T>? before = null)
    {
        for (int index = first; index < plan.Steps.Count; index++)
        {
            var step = plan.Steps[index];
            var input = Input(x, step.Input < first ? before ?? values : values, step);
            step.Stage.Forward(Parameters(theta, step), input, values[index]);
        }
    }

    /// <summary>tangents ← the derivative of every step's output along each row of v, which holds the scope's parameters.</summary>
    public void Tangent(
        ParameterScope<T> scope, MatrixView<T> theta, MatrixView<T> v, MatrixBatch<T> x, SignalSet<T> values, SignalSet<T> tangents)
    {
        for (int index = scope.First; index < plan.Steps.Count; index++)
        {
            var step = plan.Steps[index];
            if (scope.Reaches(index))
            {
                bool varies = scope.Contains(index) && step.IsTrainable;
                step.Stage.Tangent(
                    Parameters(theta, step),
                    varies ? scope.Part(v, step) : null,
                    Input(x, values, step),
                    scope.Reaches(step.Input) ? tangents[step.Input] : null,
                    values[index],
                    tangents[index]);
            }
        }
    }

    /// <summary>
    /// From adjoints[last], which the caller wrote: the adjoint of every step in the scope's reach, and
    /// gradient ← β·gradient + the adjoint of the scope's parameters.
    /// </summary>
    /// <param name="scope">The parameters that vary.</param>
    /// <param name="theta">θ, one row; or k rows, as many as there are values.</param>
    /// <param name="x">The chunk's inputs.</param>
    /// <param name="values">What the forward pass left.</param>
    /// <param name="adjoints">k stacked adjoints.</param>
    /// <param name="gradient">k rows of the scope's length; null to pass adjoints back only.</param>
    /// <param name="beta">0 for the first chunk, 1 to add the next.</param>
    /// <param name="curvature">Tangents whose second-order terms are added; null for the plain backward pass.</param>
    public void Backward(
        ParameterScope<T> scope, MatrixView<T> theta, MatrixBatch<T> x, SignalSet<T> values, SignalSet<T> adjoints,
        MatrixView<T>? gradient, double beta, Curvature? curvature = null)
    {
        MaskOutput(values, adjoints);
        for (int index = Last; index >= scope.First; index--)
        {
            var step = plan.Steps[index];
            if (!scope.Reaches(index))
            {
                continue;
            }

            bool varies = scope.Contains(index) && step.IsTrainable, passes = scope.Reaches(step.Input);
            CurvatureTerm<T>? term = curvature is not null && varies && passes
                ? new(curvature.Adjoints[index], scope.Part(curvature.V, step), curvature.Tangents[step.Input])
                : null;
            if (varies && gradient is { } total)
            {
                step.Stage.ParameterAdjoint(adjoints[index], Input(x, values, step), scope.Part(total, step), beta, term);
            }

            if (passes)
            {
                step.Stage.Adjoint(
                    Parameters(theta, step), Input(x, values, step), adjoints[index], Target(values, adjoints, step), term);
            }
        }
    }

    /// <summary>gradient ← β·gradient + the adjoint of all parameters, from adjoints that a backward pass has left.</summary>
    public void Gradient(MatrixBatch<T> x, SignalSet<T> values, SignalSet<T> adjoints, MatrixView<T> gradient, double beta)
    {
        foreach (var (index, step) in plan.Steps.Index())
        {
            if (step.IsTrainable)
            {
                step.Stage.ParameterAdjoint(adjoints[index], Input(x, values, step), plan.Whole.Part(gradient, step), beta);
            }
        }
    }

    /// <summary>The signal that a step reads.</summary>
    public static MatrixBatch<T> Input(MatrixBatch<T> x, SignalSet<T> values, Step<T> step) =>
        step.Input == Network.Source ? x : values[step.Input];

    /// <summary>The last step has no reader that would mask its adjoint.</summary>
    private void MaskOutput(SignalSet<T> values, SignalSet<T> adjoints)
    {
        if (plan.Steps[Last].Stage.HasMask)
        {
            var all = adjoints.Stacked(Last).AsVector();
            ops.Mask(values.Stacked(Last).AsVector(), all, all);
        }
    }

    private AdjointTarget<T> Target(SignalSet<T> values, SignalSet<T> adjoints, Step<T> step) => new(
        adjoints[step.Input],
        plan.Steps[step.Input].Stage.HasMask ? values[step.Input] : null,
        step.FirstReader ? 0 : 1);

    private static MatrixView<T> Parameters(MatrixView<T> theta, Step<T> step) =>
        theta with { Offset = theta.Offset + step.Offset, Columns = step.Stage.ParameterCount };

    /// <summary>What the second-order terms of R-backward need: v, the tangents along it, and the adjoints δ of the loss.</summary>
    internal sealed record Curvature(MatrixView<T> V, SignalSet<T> Tangents, SignalSet<T> Adjoints);
}
