namespace Quotient.Data;

/// <summary>
/// Reads the one form of Python text that NPY headers take: <c>{'key': value, …}</c>, where a value is a string, a word or a
/// bracketed list. Values are returned as written.
/// </summary>
internal sealed class PythonDictionary(string name, string text)
{
    private int _at;

    public Dictionary<string, string> Read()
    {
        var fields = new Dictionary<string, string>();
        Expect('{');
        while (Peek() != '}')
        {
            string key = Value().Trim('\'', '"');
            Expect(':');
            if (!fields.TryAdd(key, Value()))
            {
                throw new QuotientException($"{name}: the NPY header has '{InputFile.Printable(key)}' twice");
            }

            if (Peek() != '}')
            {
                Expect(',');
            }
        }

        Expect('}');
        return Peek() == '\0' ? fields : throw Unexpected("nothing more");
    }

    private string Value()
    {
        char first = Peek();
        int start = _at;
        _at = first switch
        {
            '\'' or '"' => End(text.IndexOf(first, Math.Min(start + 1, text.Length))),
            '(' => End(text.IndexOf(')', start)),
            '[' => End(text.IndexOf(']', start)),
            _ => Word(start),
        };
        return _at > start ? text[start.._at] : throw Unexpected("a value");
    }

    private int End(int closing) => closing >= 0 ? closing + 1 : throw Unexpected("a closing bracket or quote");

    private int Word(int end)
    {
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-'))
        {
            end++;
        }

        return end;
    }

    private char Peek()
    {
        while (_at < text.Length && text[_at] is ' ' or '\n' or '\t' or '\r')
        {
            _at++;
        }

        return _at < text.Length ? text[_at] : '\0';
    }

    private void Expect(char wanted)
    {
        if (Peek() != wanted)
        {
            throw Unexpected($"'{wanted}'");
        }

        _at++;
    }

    private QuotientException Unexpected(string wanted) =>
        new($"{name}: the NPY header is not understood at character {_at} of {text.Length}, expected {wanted}");
}
