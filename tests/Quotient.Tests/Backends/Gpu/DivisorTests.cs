using NUnit.Framework;
using Quotient.Backends.Gpu;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>Quotients by a product and a shift, as the kernels make them.</summary>
public class DivisorTests
{
    private static readonly int[] Edges =
        [1, 2, 3, 5, 6, 7, 9, 10, 25, 196, 255, 641, 784, 1000, 65_535, 65_536, 65_537, 1 << 30, (1 << 30) + 1, int.MaxValue - 1, int.MaxValue];

    [Test]
    public void Quotients_are_those_of_whole_numbers()
    {
        AgainstReference.PrintSeed();
        var random = new Random(AgainstReference.Seed);
        int[] divisors = [.. Edges, .. Enumerable.Range(0, 2000).Select(_ => Drawn(random))];
        foreach (int d in divisors)
        {
            // Where quotients change: at the multiples of d, and just below.
            long last = int.MaxValue / d * (long)d;
            long[] numbers = [0, 1, d - 1L, d, d + 1L, last - 1, last, .. Edges, .. Enumerable.Range(0, 20).Select(_ => random.NextInt64(int.MaxValue / d) * d)];
            foreach (int n in numbers.Where(n => n is >= 0 and <= int.MaxValue))
            {
                Assert.That(Quotient(n, new(d)), Is.EqualTo(n / d), $"{n} / {d}");
            }
        }
    }

    /// <summary>As <c>quotient</c> in <c>dialect/common.h</c>.</summary>
    private static int Quotient(int n, Divisor d) => (int)(((uint)n * 2UL * (uint)d.Inverse) >> 32 >> (int)(d.Inverse >> 32));

    private static int Drawn(Random random) => 1 + (random.Next() >> random.Next(31));
}
