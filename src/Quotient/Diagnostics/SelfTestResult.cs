using System.Globalization;
using Quotient.Backends;

namespace Quotient.Diagnostics;

/// <summary>What a device's self-test found.</summary>
/// <param name="Checks">The checks made.</param>
/// <param name="Planned">The checks there are; the time may not have sufficed for all.</param>
/// <param name="Differences">Where the device and the reference disagree, in the order found.</param>
/// <param name="Failure">The sentence of what ended the test, or null.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record SelfTestResult(
    int Checks, int Planned, IReadOnlyList<OpDifference> Differences, string? Failure, double Seconds)
{
    /// <summary>Whether everything that was checked is right.</summary>
    public bool Passed => Failure is null && Differences.Count == 0;

    /// <summary>One line for people: <c>ok</c>, the first operation that differs and by how much, or the failure's sentence.</summary>
    public string Verdict
    {
        get
        {
            if (Differences is [var first, ..])
            {
                string others = Differences.Count > 1 ? $", and {Differences.Count - 1} more" : "";
                string then = Failure is null ? "" : $"; then {Failure}";
                return $"{first}{others}{then}";
            }

            string checks = Checks == Planned ? $"{Checks} checks" : $"the first {Checks} of {Planned} checks";
            return Failure ?? string.Create(CultureInfo.InvariantCulture, $"ok: {checks} in {Seconds:F1} s");
        }
    }
}

/// <summary>An operation whose result is not the reference's.</summary>
/// <param name="Op">The operation's name in <see cref="IOps{T}"/>, or <c>Hessian product</c>.</param>
/// <param name="Case">The operation with the way that was checked.</param>
/// <param name="Precision">Of its numbers: <c>double</c>, <c>single</c>, or the matrix precision that was asked for.</param>
/// <param name="Difference">The largest difference, in units of the largest value; infinite where something is not a number.</param>
/// <param name="Allowed">What rounding explains.</param>
public sealed record OpDifference(string Op, string Case, string Precision, double Difference, double Allowed)
{
    /// <inheritdoc/>
    public override string ToString() => double.IsFinite(Difference)
        ? string.Create(CultureInfo.InvariantCulture, $"{Case} in {Precision} differs by {Difference:0.0e-0}, where {Allowed:0e-0} is allowed")
        : $"{Case} in {Precision} gives what is not a number";
}
