using System.Buffers.Binary;
using System.Text;

namespace Quotient.Data;

/// <summary>The header of an NPY file.</summary>
/// <param name="Type">The type without byte order.</param>
/// <param name="BigEndian">Whether the highest byte of a number comes first.</param>
/// <param name="ColumnMajor">Whether the first index runs fastest.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Length">Bytes from the start of the file to the numbers.</param>
internal sealed record NpyHeader(string Type, bool BigEndian, bool ColumnMajor, int[] Shape, int Length)
{
    /// <summary>NumPy itself refuses longer ones.</summary>
    private const int LongestHeader = 10_000;

    /// <summary>As many dimensions as NumPy's arrays may have.</summary>
    private const int MostDimensions = 64;

    private static readonly string[] Types = ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"];

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public int Count => Shape.Aggregate(1, (size, dimension) => size * dimension);

    /// <summary>Whether the file holds real numbers, not whole ones.</summary>
    public bool IsReal => Type[0] == 'f';

    private int Width => Type[1] - '0';

    /// <summary>Reads the header of a file of so many bytes, which must be just those that it announces.</summary>
    public static NpyHeader Read(Stream stream, string name, long length)
    {
        var header = Read(stream, name);
        long left = Math.Max(0, length - header.Length), wanted = (long)header.Count * header.Width;
        QuotientException.ThrowIf(left < wanted, $"{name}: is truncated: it ends after {left / header.Width} of {header.Count} values");
        return left == wanted ? header : throw header.TooLong(name);
    }

    /// <summary>What is said of a file that goes on.</summary>
    public QuotientException TooLong(string name) =>
        new($"{name}: is too long: bytes follow the {Count} values that its header announces");

    private static NpyHeader Read(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[8];
        Fill(stream, name, start);
        QuotientException.ThrowIf(
            !start[..6].SequenceEqual(Magic), $"{name}: is not an NPY array: it begins with 0x{Convert.ToHexStringLower(start[..6])}");

        int version = start[6];
        QuotientException.ThrowIf(
            version is < 1 or > 3 || start[7] != 0, $"{name}: is of NPY version {version}.{start[7]}, expected 1.0, 2.0 or 3.0");

        Span<byte> length = stackalloc byte[version == 1 ? 2 : 4];
        Fill(stream, name, length);
        uint size = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        QuotientException.ThrowIf(
            size > LongestHeader, $"{name}: has an NPY header of {size} bytes, expected at most {LongestHeader}");

        byte[] text = new byte[size];
        Fill(stream, name, text);
        int before = start.Length + length.Length;
        return Parse(name, (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), before + text.Length);
    }

    private static void Fill(Stream stream, string name, Span<byte> bytes)
    {
        QuotientException.ThrowIf(
            stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length,
            $"{name}: is truncated: it ends within its NPY header");
    }

    private static NpyHeader Parse(string name, string text, int length)
    {
        var fields = new PythonDictionary(name, text).Read();
        string Field(string key) => fields.TryGetValue(key, out string? value)
            ? value
            : throw new QuotientException($"{name}: the NPY header has no '{key}'");

        var (type, bigEndian) = ParseType(name, Field("descr"));
        bool columnMajor = Field("fortran_order") switch
        {
            "True" => true,
            "False" => false,
            var other => throw new QuotientException($"{name}: fortran_order is {InputFile.Printable(other)}, expected True or False"),
        };
        int[] shape = ParseShape(name, Field("shape"));
        return fields.Count == 3
            ? new(type, bigEndian, columnMajor, shape, length)
            : throw new QuotientException(
                $"{name}: the NPY header has {fields.Count} fields, expected 'descr', 'fortran_order' and 'shape'");
    }

    private static (string Type, bool BigEndian) ParseType(string name, string field)
    {
        string quoted = field.Trim('\'', '"');
        bool known = quoted.Length == 3 && quoted[0] is '<' or '>' or '|' or '=' && Types.Contains(quoted[1..]);
        // '|' means that byte order does not matter, which is so only for single bytes.
        return known && (quoted[0] != '|' || quoted[2] == '1')
            ? (quoted[1..], quoted[0] == '>')
            : throw new QuotientException($"{name}: the type {InputFile.Printable(field)} is not supported, expected one of {string.Join(", ", Types)}");
    }

    private static int[] ParseShape(string name, string field)
    {
        string inside = field is ['(', .., ')'] ? field[1..^1].Trim() : "?";
        inside = inside.EndsWith(',') ? inside[..^1] : inside;
        string[] parts = inside.Length == 0 ? [] : inside.Split(',');
        QuotientException.ThrowIf(
            parts.Length > MostDimensions, $"{name}: the shape has {parts.Length} dimensions, expected at most {MostDimensions}");

        int[] shape = new int[parts.Length];
        long size = 1;
        for (int d = 0; d < parts.Length; d++)
        {
            bool fits = long.TryParse(parts[d].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long dimension)
                        && dimension <= Array.MaxLength;
            size = fits ? size * dimension : long.MaxValue;
            QuotientException.ThrowIf(
                size > Array.MaxLength,
                $"{name}: the shape {InputFile.Printable(field)} is not supported, expected whole numbers with a product of at most {Array.MaxLength}");

            shape[d] = (int)dimension;
        }

        return shape;
    }
}

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
            QuotientException.ThrowIf(
                !fields.TryAdd(key, Value()), $"{name}: the NPY header has '{InputFile.Printable(key)}' twice");

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
