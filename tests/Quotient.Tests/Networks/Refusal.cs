using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace Quotient.Tests.Networks;

/// <summary>Bad input's one answer: a <see cref="QuotientException"/> with one sentence that holds the given words.</summary>
public static class Refusal
{
    public static Constraint With(params string[] words)
    {
        Constraint constraint = Throws.TypeOf<QuotientException>().With.Message.Matches(@"\A[^\r\n]+\z");
        foreach (string word in words)
        {
            constraint = constraint.And.Message.Contains(word);
        }

        return constraint;
    }
}
