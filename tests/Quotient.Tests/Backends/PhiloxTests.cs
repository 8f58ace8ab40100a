using NUnit.Framework;
using Quotient.Backends;

namespace Quotient.Tests.Backends;

/// <summary>The known answers of Random123 1.09 for philox4x32-10.</summary>
public class PhiloxTests
{
    private static readonly object[] Known =
    [
        new object[] { 0ul, 0ul, 0ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u },
        new object[] { ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu },

        // Counter 243f6a88 85a308d3 13198a2e 03707344, key a4093822 299f31d0: the digits of π.
        new object[]
        {
            0x299f31d0_a4093822ul, 0x03707344_13198a2eul, 0x85a308d3_243f6a88ul,
            0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u,
        },
    ];

    [TestCaseSource(nameof(Known))]
    public void A_block_is_the_known_answer(ulong seed, ulong stream, ulong index, uint x, uint y, uint z, uint w) =>
        Assert.That(Philox.Block(seed, stream, index), Is.EqualTo((x, y, z, w)));

    [Test]
    public void Signs_are_the_bits_of_a_block_from_the_lowest()
    {
        uint[] words = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
        for (int i = 0; i < 128; i++)
        {
            Assert.That(Philox.Sign(0, 0, (ulong)i), Is.EqualTo((words[i / 32] >> (i % 32) & 1) == 1), $"bit {i}");
        }
    }

    [Test]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        const int Pairs = 200_000;
        double[] values = [.. Enumerable.Range(0, Pairs).SelectMany(i =>
        {
            var (first, second) = Philox.Normals(42, 7, (ulong)i);
            return new[] { first, second };
        })];
        double Moment(int power) => values.Average(value => Math.Pow(value, power));

        // Five standard errors: the k-th moment has the variance of xᵏ over the number of values.
        double unit = 5 / Math.Sqrt(2.0 * Pairs);
        Assert.That(Moment(1), Is.EqualTo(0).Within(unit));
        Assert.That(Moment(2), Is.EqualTo(1).Within(unit * Math.Sqrt(2)));
        Assert.That(Moment(3), Is.EqualTo(0).Within(unit * Math.Sqrt(15)));
        Assert.That(Moment(4), Is.EqualTo(3).Within(unit * Math.Sqrt(96)));
    }
}
