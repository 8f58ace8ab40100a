using NUnit.Framework;

namespace Quotient.Tests.Data;

/// <summary>Asserts that bad input is refused with one sentence.</summary>
internal static class Refused
{
    /// <summary>The sentence, which must contain all of <paramref name="words"/>.</summary>
    public static string With(Action action, params string[] words)
    {
        string sentence = Assert.Throws<QuotientException>(() => action())!.Message;
        AssertSentence(sentence);
        foreach (string word in words)
        {
            Assert.That(sentence, Does.Contain(word));
        }

        return sentence;
    }

    /// <summary>One line, of printable characters and readable length.</summary>
    public static void AssertSentence(string sentence) =>
        Assert.That(sentence, Does.Match(@"\A[^\p{Cc}\u2028\u2029]+\z").And.Length.LessThan(1000));
}
