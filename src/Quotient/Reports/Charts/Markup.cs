using System.Net;
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
        _open.Push(tag);
        return Start(tag, attributes).Raw(">");
    }

    /// <summary>Closes the element that was opened last.</summary>
    public Markup Close() => Raw($"</{_open.Pop()}>");

    /// <summary>Adds text to the open element.</summary>
    public Markup Text(string text) => Raw(Encoded(text));

    /// <summary>Adds an element that holds text alone.</summary>
    public Markup Leaf(string tag, string text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Open(tag, attributes).Text(text).Close();

    /// <summary>Adds an element without content: an SVG shape, or one of HTML's void elements.</summary>
    public Markup Void(string tag, params ReadOnlySpan<(string Name, string Value)> attributes) => Start(tag, attributes).Raw(" />");

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

    private Markup Start(string tag, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Raw($"<{tag}");
        foreach (var (name, value) in attributes)
        {
            Raw($" {name}=\"{Encoded(value)}\"");
        }

        return this;
    }

    /// <summary>What XML does not allow, and what would turn the text about, is replaced.</summary>
    private static string Encoded(string text) => WebUtility.HtmlEncode(Quotient.Text.Plain(text, '\uFFFD', except: "\t\n\r"));
}
