using System.Numerics;
using NUnit.Framework;

namespace Quotient.Tests;

/// <summary>Comparison of whole vectors, relative to the largest entry that is wanted.</summary>
internal static class Close
{
    /// <summary>The largest difference, relative to the largest entry of <paramref name="expected"/>.</summary>
    public static double Difference<T>(IReadOnlyList<T> actual, IReadOnlyList<double> expected) where T : IFloatingPointIeee754<T>
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        double scale = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        double difference = actual.Zip(expected, (a, e) => Math.Abs(double.CreateChecked(a) - e)).DefaultIfEmpty(0).Max();
        return difference / (scale == 0 ? 1 : scale);
    }

    /// <summary>Asserts that two vectors agree to a tolerance relative to the largest entry.</summary>
    public static void Check<T>(IReadOnlyList<T> actual, IReadOnlyList<double> expected, double tolerance, string what)
        where T : IFloatingPointIeee754<T> =>
        Assert.That(Difference(actual, expected), Is.LessThanOrEqualTo(tolerance), what);
}
