using System.Text;

namespace Quotient.Reports.Charts;

/// <summary>Builds markup that is HTML and well-formed XML at once; every text and attribute is encoded.</summary>
internal sealed class Markup
{
    private readonly StringBuilder _text = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element.</summary>
    public Markup Open(string tag, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(tag, attributes);
        _text.Append('>');
        _open.Push(tag);
        return this;
    }

    /// <summary>Closes the element that was opened last.</summary>
    public Markup Close()
    {
        _text.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    /// <summary>Adds text to the open element.</summary>
    public Markup Text(string text)
    {
        AppendEncoded(text);
        return this;
    }

    /// <summary>Adds an element that holds text alone.</summary>
    public Markup Leaf(string tag, string text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Open(tag, attributes).Text(text).Close();

    /// <summary>Adds an element without content: an SVG shape, or one of HTML's void elements.</summary>
    public Markup Void(string tag, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(tag, attributes);
        _text.Append(" />");
        return this;
    }

    /// <summary>Adds markup that is already encoded.</summary>
    public Markup Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>Starts a new line in the source.</summary>
    public Markup Line() => Raw("\n");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void Start(string tag, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _text.Append('<').Append(tag);
        foreach (var (name, value) in attributes)
        {
            _text.Append(' ').Append(name).Append("=\"");
            AppendEncoded(value);
            _text.Append('"');
        }
    }

    private void AppendEncoded(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<':
                    _text.Append("&lt;");
                    break;
                case '>':
                    _text.Append("&gt;");
                    break;
                case '&':
                    _text.Append("&amp;");
                    break;
                case '"':
                    _text.Append("&quot;");
                    break;
                case '\'':
                    _text.Append("&#39;");
                    break;
                default:
                    _text.Append((IsAllowed(rune.Value) ? rune : Rune.ReplacementChar).ToString());
                    break;
            }
        }
    }

    /// <summary>XML 1.0's characters (2.2), less the C1 controls that HTML forbids.</summary>
    private static bool IsAllowed(int code) =>
        code is '\t' or '\n' or '\r' or (>= 0x20 and < 0x7F) or (>= 0xA0 and not 0xFFFE and not 0xFFFF);
}
