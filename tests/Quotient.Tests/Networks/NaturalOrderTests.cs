using NUnit.Framework;
using Quotient.Networks;

namespace Quotient.Tests.Networks;

public class NaturalOrderTests
{
    private static readonly string[] Ordered =
    [
        "", "0", "02", "2", "10", "99999999999999999999", "100000000000000000000", "a", "a.2", "a.10", "a2", "a2b", "a10", "fc",
        "fc1", "fc2", "fc2.x", "fc10",
    ];

    [Test]
    public void Numbers_count_as_numbers([Range(0, 9)] int seed)
    {
        string[] shuffled = [.. Ordered];
        new Random(seed).Shuffle(shuffled);
        Assert.That(shuffled.OrderBy(DenseChain.NaturalKey, StringComparer.Ordinal), Is.EqualTo(Ordered));
    }

    [Test]
    public void Every_pair_has_one_order() => Assert.Multiple(() =>
    {
        foreach (var (i, left) in Ordered.Index())
        {
            foreach (var (j, right) in Ordered.Index())
            {
                int order = Math.Sign(string.CompareOrdinal(DenseChain.NaturalKey(left), DenseChain.NaturalKey(right)));
                Assert.That(order, Is.EqualTo(i.CompareTo(j)), $"{left} against {right}");
            }
        }
    });
}
