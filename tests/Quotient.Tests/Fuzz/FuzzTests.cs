using NUnit.Framework;
using Quotient.Fuzz;

namespace Quotient.Tests.Fuzz;

/// <summary>The fuzzers find nothing in some hundred cases, and do find what is planted.</summary>
[NonParallelizable]
public class FuzzTests
{
    private const string Name = "planted.bin";

    public static IEnumerable<string> Names => AllTargets.Names.Where(name => name != "cache");

    [TestCaseSource(nameof(Names))]
    public void No_case_fails(string name)
    {
        const int Cases = 100;
        string said = Run(AllTargets.Named([name]).Single(), Cases, out bool fine);
        Assert.That(fine, Is.True, said);
        Assert.That(said, Does.Match($@"^{name} {Cases}: {Cases} cases, [1-9]\d* refused, [1-9]\d* accepted, 0 failed\n\z"));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void A_case_is_the_same_wherever_it_is_run(int seed)
    {
        foreach (string name in Names)
        {
            using Target one = AllTargets.Named([name]).Single(), other = AllTargets.Named([name]).Single();
            other.Make(Dice.Of((ulong)seed, name, 6));
            Assert.That(other.Make(Dice.Of((ulong)seed, name, 7)), Is.EqualTo(one.Make(Dice.Of((ulong)seed, name, 7))), name);
        }
    }

    [Test]
    public void An_exception_of_another_kind_is_found() =>
        AssertFound("IndexOutOfRangeException", input => input[0] = input[input.Length]);

    [Test]
    public void A_case_that_hangs_is_found() => AssertFound("it hangs", _ => Thread.Sleep(Timeout.Infinite));

    [Test]
    public void A_case_that_swells_is_found() => AssertFound("it swells", _ => GC.KeepAlive(new byte[64 << 20]));

    [Test]
    public void What_is_accepted_and_wrong_is_found() => AssertFound("the sum is off", _ => throw new WrongException("the sum is off"));

    [TestCase("", "empty")]
    [TestCase($"{Name} is bad\nand worse", "U+000A")]
    [TestCase($"{Name} holds \u001b[31m", "U+001B")]
    [TestCase($"{Name} holds \u202e", "U+202E")]
    [TestCase("it is bad", "does not name")]
    [TestCase($"{Name}: System.IO.Stream was bad", "System.IO")]
    [TestCase($"{Name}: ArgumentNullException", "Exception")]
    public void A_refusal_that_is_no_sentence_is_found(string sentence, string found) =>
        AssertFound(found, _ => throw new QuotientException(sentence));

    [Test]
    public void What_is_refused_and_what_is_accepted_is_counted()
    {
        var target = new Planted(input => QuotientException.ThrowIf(input[0] == 0, $"{Name} begins with 0"));
        Assert.That(Run(target, 4, out bool fine), Is.EqualTo("planted 4: 4 cases, 2 refused, 2 accepted, 0 failed\n"));
        Assert.That(fine, Is.True);
    }

    [TestCase("--seed 7 --minutes 2.5 --only npz,csv --failures there", true)]
    [TestCase("--hours 8", true)]
    [TestCase("--only none", false)]
    [TestCase("--minutes -1", false)]
    [TestCase("--seed", false)]
    [TestCase("--faster now", false)]
    public void The_arguments_are_read(string line, bool right)
    {
        var arguments = Arguments.Parse(line.Split(' '), out string? wrong);
        Assert.That(arguments is not null, Is.EqualTo(right));
        Assert.That(wrong is null, Is.EqualTo(right));
    }

    /// <summary>The third case goes wrong: it is said, kept, and told how to be run again.</summary>
    private static void AssertFound(string words, Action<byte[]> defect)
    {
        string said = Run(new Planted(input => Once(input, defect)), 4, out bool fine);
        Assert.That(fine, Is.False);
        Assert.That(said, Does.StartWith("planted, case 2: ").And.Contain(words).And.Contain("--seed 1 --only planted --case 2\n"));
        Assert.That(said, Does.Match(@"(\A|\n)planted [34]: [34] cases, \d refused, \d accepted, 1 failed\n\z"));
    }

    private static void Once(byte[] input, Action<byte[]> defect)
    {
        if (input[1] == 2)
        {
            defect(input);
        }
    }

    private static string Run(Target target, int cases, out bool fine)
    {
        using var folder = new ScratchFolder();
        using (target)
        {
            using var output = new StringWriter { NewLine = "\n" };
            var patience = TimeSpan.FromSeconds(target is Planted ? 2 : 120);
            fine = new Session([target], new() { Cases = cases, Failures = folder.Path, Patience = patience }, output).Run();
            int kept = folder.Files.Count(file => file.StartsWith("planted-1-2.", StringComparison.Ordinal));
            Assert.That(kept, Is.EqualTo(target is Planted && !fine ? 2 : 0));
            return output.ToString();
        }
    }

    /// <summary>A target that does what a test says.</summary>
    private sealed class Planted(Action<byte[]> run) : Target("planted")
    {
        private int _made;

        public override string FileName => Name;

        public override byte[] Make(Dice dice) => [(byte)(_made % 2), (byte)_made++];

        public override bool Run(byte[] input, Dice dice)
        {
            run(input);
            return true;
        }
    }
}
