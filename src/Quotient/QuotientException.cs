using System.Diagnostics.CodeAnalysis;

namespace Quotient;

/// <summary>
/// Bad input of any kind: a file, a field, an argument. The message is one clear sentence that names the file, the field,
/// the value seen and the value wanted. The command line prints it on standard error and exits with code 2.
/// </summary>
/// <param name="message">The sentence.</param>
/// <param name="inner">What caused it.</param>
public sealed class QuotientException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Throws where a condition holds; only then is the sentence made.</summary>
    internal static void ThrowIf(
        [DoesNotReturnIf(true)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref LazyText sentence)
    {
        if (condition)
        {
            throw new QuotientException(sentence.ToStringAndClear());
        }
    }

    /// <summary>An interpolated string that is left alone unless it is wanted.</summary>
    [InterpolatedStringHandler]
    internal ref struct LazyText
    {
        private DefaultInterpolatedStringHandler _text;

        public LazyText(int literalLength, int formattedCount, bool isWanted, out bool proceed)
        {
            proceed = isWanted;
            _text = isWanted ? new(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

        public string ToStringAndClear() => _text.ToStringAndClear();
    }
}
