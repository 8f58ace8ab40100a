using System.Numerics;
using Quotient.Backends;
using Quotient.Networks;

namespace Quotient.Linearisation;

/// <summary>Where passes are taken: θ, a chunk's inputs, and what the forward pass left of them.</summary>
/// <param name="Theta">θ, one row; or k rows, as many as there are values.</param>
/// <param name="X">The chunk's inputs, for each of the k or in common.</param>
/// <param name="Values">The outputs of all steps.</param>
internal readonly record struct Point<T>(MatrixView<T> Theta, MatrixBatch<T> X, SignalSet<T> Values)
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>One step's part of a <see cref="Point{T}"/>.</summary>
/// <param name="Theta">Its parameters.</param>
/// <param name="Inputs">The signals that it reads.</param>
/// <param name="Y">Its output.</param>
/// <param name="Saved">What its forward pass saves; empty unless its <see cref="Stage{T}.SavedWidth"/> is positive.</param>
internal readonly record struct StepPoint<T>(MatrixView<T> Theta, StepSignals<T> Inputs, MatrixBatch<T> Y, MatrixBatch<T> Saved)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The first input, which is the only one of most steps.</summary>
    public MatrixBatch<T> X => Inputs.At(0);
}

/// <summary>The signals that a step reads: values, or their tangents.</summary>
/// <param name="Indices">The steps that they are of; <see cref="Network.Source"/> for the data.</param>
/// <param name="Signals">The signals of all steps.</param>
/// <param name="Data">The data's, whose tangent is zero: null.</param>
/// <param name="Reach">Which steps' tangents are not zero; null where the signals are values.</param>
internal readonly record struct StepSignals<T>(
    IReadOnlyList<int> Indices, SignalSet<T> Signals, MatrixBatch<T>? Data, ParameterScope<T>? Reach)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many the step reads.</summary>
    public int Count => Indices.Count;

    /// <summary>One of them; null where it is zero.</summary>
    public MatrixBatch<T>? this[int input] => Indices[input] is var step && step == Network.Source
        ? Data
        : Reach is null || Reach.Reaches(step) ? Signals[step] : null;

    /// <summary>One that is there.</summary>
    public MatrixBatch<T> At(int input) => this[input]!.Value;
}
