using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>
/// The passes over a network's steps on one chunk of samples: forward, tangent (R-forward), and backward with or without the
/// curvature terms (R-backward). Formulas: Pearlmutter 1994.
/// </summary>
internal sealed class Passes<T>(NetworkPlan<T> plan, IOps<T> ops) where T : unmanaged, IFloatingPointIeee754<T>
{
    private int Last => plan.Steps.Count - 1;

    /// <summary>The point's values ← the output of every step, from the first one to compute on.</summary>
    public void Forward(in Point<T> at, int first = 0)
    {
        for (int index = first; index <= Last; index++)
        {
            plan.Steps[index].Stage.Forward(At(at, index));
        }
    }

    /// <summary>tangents ← the derivative of every step's output along each row of v, which holds the scope's parameters.</summary>
    public void Tangent(ParameterScope<T> scope, in Point<T> at, MatrixView<T> v, SignalSet<T> tangents)
    {
        for (int index = scope.First; index <= Last; index++)
        {
            if (scope.Reaches(index))
            {
                var step = plan.Steps[index];
                step.Stage.Tangent(
                    At(at, index), scope.Varies(index) ? scope.Part(v, step) : null, new(step.Inputs, tangents, null, scope), tangents[index]);
            }
        }
    }

    /// <summary>
    /// From adjoints[last], which the caller wrote: the adjoint of every step in the scope's reach, and
    /// gradient ← β·gradient + the adjoint of the scope's parameters, of k rows, unless it is null. With a curvature, the second-order
    /// terms of its tangents are added. Each step whose parameters vary is visited while its adjoint is there.
    /// </summary>
    public void Backward(
        ParameterScope<T> scope, in Point<T> at, SignalSet<T> adjoints, MatrixView<T>? gradient, double beta,
        Curvature? curvature = null, Action<int>? visit = null)
    {
        MaskOutput(at.Values, adjoints);
        for (int index = Last; index >= scope.First; index--)
        {
            if (!scope.Reaches(index))
            {
                continue;
            }

            var (step, point, term) = (plan.Steps[index], At(at, index), Term(scope, index, curvature));
            if (scope.Varies(index))
            {
                visit?.Invoke(index);
                if (gradient is { } total)
                {
                    step.Stage.ParameterAdjoint(point, adjoints[index], scope.Part(total, step), beta, term);
                }
            }

            for (int input = 0; input < step.Inputs.Count; input++)
            {
                if (scope.Reaches(step.Inputs[input]))
                {
                    step.Stage.Adjoint(point, adjoints[index], input, Target(at.Values, adjoints, step, input), term);
                }
            }
        }
    }

    /// <summary>gradient ← β·gradient + the adjoint of all parameters, from adjoints that a backward pass has left.</summary>
    public void Gradient(in Point<T> at, SignalSet<T> adjoints, MatrixView<T> gradient, double beta)
    {
        foreach (var (index, step) in plan.Steps.Index())
        {
            if (step.IsTrainable)
            {
                step.Stage.ParameterAdjoint(At(at, index), adjoints[index], plan.Whole.Part(gradient, step), beta, null);
            }
        }
    }

    /// <summary>One step's part of a point.</summary>
    public StepPoint<T> At(in Point<T> at, int index)
    {
        var step = plan.Steps[index];
        return new(
            at.Theta with { Offset = at.Theta.Offset + step.Offset, Columns = step.Stage.ParameterCount },
            new(step.Inputs, at.Values, at.X, null),
            at.Values[index],
            step.Stage.SavedWidth > 0 ? at.Values[plan.Steps.Count + index] : default)
        {
            Buffers = step.Stage.BufferCount > 0 ? at.Buffers.Slice(step.BufferOffset, step.Stage.BufferCount) : default,
            Statistics = at.Statistics,
        };
    }

    /// <summary>The last step has no reader that would mask its adjoint.</summary>
    private void MaskOutput(SignalSet<T> values, SignalSet<T> adjoints)
    {
        if (plan.Steps[Last].Stage.HasMask)
        {
            var all = adjoints.Stacked(Last).AsVector();
            ops.Mask(values.Stacked(Last).AsVector(), all, all);
        }
    }

    private CurvatureTerm<T>? Term(ParameterScope<T> scope, int index, Curvature? curvature)
    {
        var step = plan.Steps[index];
        bool varies = scope.Varies(index), passes = step.Inputs.Any(scope.Reaches);
        bool adds = step.Stage.SecondOrder switch
        {
            SecondOrder.Bilinear => varies && passes,
            SecondOrder.Own => varies || passes,
            _ => false,
        };
        return curvature is not null && adds
            ? new(
                curvature.Adjoints[index], varies ? scope.Part(curvature.V, step) : null,
                new(step.Inputs, curvature.Tangents, null, scope))
            : null;
    }

    private AdjointTarget<T> Target(SignalSet<T> values, SignalSet<T> adjoints, Step<T> step, int input)
    {
        int signal = step.Inputs[input];
        return new(adjoints[signal], plan.Steps[signal].Stage.HasMask ? values[signal] : null, step.Overwrites[input] ? 0 : 1);
    }

    /// <summary>What the second-order terms of R-backward need: v, the tangents along it, and the adjoints δ of the loss.</summary>
    internal sealed record Curvature(MatrixView<T> V, SignalSet<T> Tangents, SignalSet<T> Adjoints);
}
