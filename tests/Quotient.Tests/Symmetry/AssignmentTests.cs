using System.Text.Json;
using NUnit.Framework;
using Quotient.Symmetry;

namespace Quotient.Tests.Symmetry;

public class AssignmentTests
{
    [Test]
    public void Small_problems_are_solved_as_trying_all_permutations_solves_them([Range(1, 7)] int count, [Values] Kind kind)
    {
        var random = new Random((10 * count) + (int)kind);
        for (int round = 0; round < 60; round++)
        {
            double[] scores = Draw(random, count, kind);
            var found = Assignment.Solve(scores, count);
            Assert.That(found.Columns.Order(), Is.EqualTo(Enumerable.Range(0, count)));
            Assert.That(found.Value(scores), Is.EqualTo(BestOfAll(scores, count)).Within(1e-12 * count));
            AssertProven(found, scores, count, 1e-12);
        }
    }

    [TestCase(100, Kind.Normal)]
    [TestCase(512, Kind.Normal)]
    [TestCase(512, Kind.Ties)]
    [TestCase(301, Kind.EqualRows)]
    public void Large_problems_come_with_prices_that_prove_them(int count, Kind kind)
    {
        double[] scores = Draw(new Random(count), count, kind);
        AssertProven(Assignment.Solve(scores, count), scores, count, 1e-11);
    }

    [Test]
    public void Prices_of_another_problem_change_nothing_but_the_time()
    {
        var random = new Random(3);
        double[] first = Draw(random, 200, Kind.Normal), second = [.. first.Select(score => score + (0.1 * random.NextDouble()))];
        double[] wild = [.. Enumerable.Range(0, 200).Select(_ => 100 * (random.NextDouble() - 0.5))];
        var cold = Assignment.Solve(second, 200);
        foreach (double[] prices in new[] { Assignment.Solve(first, 200).Prices, wild })
        {
            double[] before = [.. prices];
            var warm = Assignment.Solve(second, 200, prices);
            AssertProven(warm, second, 200, 1e-11);
            Assert.That(warm.Columns, Is.EqualTo(cold.Columns));
            Assert.That(prices, Is.EqualTo(before), "the caller's prices stay as they are");
        }
    }

    [Test]
    public void Where_all_is_equal_units_stay_in_their_places() =>
        Assert.That(Assignment.Solve(new double[36], 6).Columns, Is.EqualTo(Enumerable.Range(0, 6)));

    [Test]
    public void The_same_problem_has_the_same_answer_to_the_last_bit()
    {
        double[] scores = Draw(new Random(8), 150, Kind.Ties);
        var (one, other) = (Assignment.Solve(scores, 150), Assignment.Solve([.. scores], 150));
        Assert.That(one.Columns, Is.EqualTo(other.Columns));
        Assert.That(one.Prices, Is.EqualTo(other.Prices));
    }

    [Test]
    public void Other_programs_find_the_same_optimum()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "assignment", "optima.json")));
        Assert.That(file.RootElement.GetArrayLength(), Is.GreaterThan(2));
        foreach (var item in file.RootElement.EnumerateArray())
        {
            int count = item.GetProperty("count").GetInt32(), range = item.GetProperty("range").GetInt32();
            double[] scores = [.. Integers(count * count, item.GetProperty("seed").GetUInt32()).Select(value => (double)(value % (uint)range))];
            Assert.That(Assignment.Solve(scores, count).Value(scores), Is.EqualTo(item.GetProperty("optimum").GetDouble()));
        }
    }

    /// <summary>The numbers of the script: multiplications and shifts modulo 2³².</summary>
    private static IEnumerable<uint> Integers(int count, uint seed) => Enumerable.Range(0, count).Select(i =>
    {
        uint h = unchecked((2654435761u * (uint)i) + seed);
        h ^= h >> 16;
        h = unchecked(2246822519u * h);
        h ^= h >> 13;
        h = unchecked(3266489917u * h);
        return h ^ (h >> 16);
    });

    /// <summary>u_i + v_j ≥ S_ij everywhere, u_i + v_π(i) = S_iπ(i): no permutation is worth more than Σ u + Σ v.</summary>
    private static void AssertProven(Assignment found, double[] scores, int count, double tolerance)
    {
        double[] u = [.. found.Columns.Select((column, i) => scores[(i * count) + column] - found.Prices[column])];
        double excess = scores.Index().Max(score => score.Item - u[score.Index / count] - found.Prices[score.Index % count]);
        Assert.That(excess, Is.LessThan(tolerance));
        Assert.That(u.Sum() + found.Prices.Sum(), Is.EqualTo(found.Value(scores)).Within(tolerance * count));
        Assert.That(found.Columns.Order(), Is.EqualTo(Enumerable.Range(0, count)));
    }

    private static double BestOfAll(double[] scores, int count)
    {
        double best = double.NegativeInfinity;
        Try(0, 0, 0);
        return best;

        void Try(int row, int taken, double sum)
        {
            best = row == count ? Math.Max(best, sum) : best;
            for (int j = 0; row < count && j < count; j++)
            {
                if ((taken >> j & 1) == 0)
                {
                    Try(row + 1, taken | (1 << j), sum + scores[(row * count) + j]);
                }
            }
        }
    }

    private static double[] Draw(Random random, int count, Kind kind)
    {
        double[] scores = [.. Enumerable.Range(0, count * count).Select(_ => kind switch
        {
            Kind.Ties => random.Next(3),
            Kind.Negative => -1e3 * random.NextDouble(),
            _ => (2 * random.NextDouble()) - 1,
        })];
        for (int i = 1; i < count && kind == Kind.EqualRows; i += 2)
        {
            scores.AsSpan((i - 1) * count, count).CopyTo(scores.AsSpan(i * count, count));
        }

        return scores;
    }

    public enum Kind
    {
        Normal,
        Ties,
        Negative,
        EqualRows,
    }
}
