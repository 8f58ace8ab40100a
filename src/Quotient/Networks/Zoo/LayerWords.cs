using System.Text.RegularExpressions;
using Quotient.Networks.Layers;

namespace Quotient.Networks.Zoo;

/// <summary>
/// Networks in words: <c>conv:1x28x28,16c5p2,relu,max2,32c3,bn,relu,gap,10</c>, the input's shape and then a word for each layer.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>
/// <c>16c5s1p2</c>: a convolution to 16 channels, window 5×5, stride 1, padding 2, in either order; without bias where <c>n</c> follows.
/// </item>
/// <item><c>max3s2p1</c>, <c>avg2</c>: pooling, whose stride is its window unless given; <c>gap</c>: the mean of each channel.</item>
/// <item><c>bn</c>: batch norm; <c>relu</c>; <c>flatten</c>.</item>
/// <item><c>10</c>, <c>10n</c>: a dense layer, without bias where <c>n</c> follows; an image is flattened before it.</item>
/// <item>
/// <c>res(16c3p1,bn,relu,16c3p1,bn)</c>: x + f(x), f the layers between the brackets; where f changes the shape, x goes through a
/// <see cref="Shortcut"/>.
/// </item>
/// </list>
/// Extents that differ are joined by x: <c>8c3x5s2x1p1x2</c>. Layers are named by their positions, as in PyTorch's <c>Sequential</c>, those
/// of the block at position 3 by <c>3.0</c>, <c>3.1</c>, ….
/// </remarks>
internal sealed class LayerWords
{
    /// <summary>What such a text begins with.</summary>
    public const string Start = "conv:";

    private const string BlockStart = "res(";
    private const int Deepest = 16;

    private static readonly Regex Windowed = new(
        """\A(?:(?<outputs>\d+)c|(?<pool>max|avg))(?<size>[\dx×]+)(?:s(?<stride>[\dx×]+)|p(?<padding>[\dx×]+))*(?<plain>n?)\z""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant);

    private readonly NamedLayers _layers;
    private readonly bool _bias;
    private readonly Stack<Block> _outer = [];
    private Block _block = new("", Network.Source);

    /// <summary>Whether the last signal is a vector, to which PyTorch needs no <c>Flatten</c>.</summary>
    private bool _isVector;

    private LayerWords(Shape input, bool bias) => (_layers, _bias, _isVector) = (new(input), bias, input == new Shape(input.Channels));

    /// <summary>Reads such a text.</summary>
    /// <exception cref="QuotientException">A word is unknown, or layers do not fit; the sentence names the word.</exception>
    public static Network Parse(string text, bool bias)
    {
        string[] words = text[Start.Length..].Split(',');
        var input = ShapeText.TryRead(words[0]) ?? throw new QuotientException(
            $"architecture {Text.Quote(text)}: expected the input's shape, such as {Start}1x28x28,…, but found {Text.Quote(words[0])}");
        var reader = new LayerWords(input, bias);
        foreach (string word in words[1..])
        {
            try
            {
                reader.Read(word);
            }
            catch (QuotientException error)
            {
                throw new QuotientException($"architecture {Text.Quote(text)}, word {Text.Quote(word)}: {error.Message}", error);
            }
        }

        QuotientException.ThrowIf(reader._outer.Count > 0, $"architecture {Text.Quote(text)}: a block {BlockStart}… is not closed");
        QuotientException.ThrowIf(words.Length == 1, $"architecture {Text.Quote(text)}: no layer follows the input's shape");
        return reader._layers.ToNetwork();
    }

    private void Read(string word)
    {
        int start = 0;
        for (; word.AsSpan(start).StartsWith(BlockStart); start += BlockStart.Length)
        {
            Open();
        }

        int end = word.AsSpan().TrimEnd(')').Length;
        ReadLayer(word[start..Math.Max(start, end)]);
        for (int closed = end; closed < word.Length; closed++)
        {
            Close();
        }
    }

    private void ReadLayer(string word)
    {
        bool plain = word.EndsWith('n');
        switch (word)
        {
            case "relu": Add(new Relu()); break;
            case "bn": Add(new BatchNorm(_layers.Shape.Channels)); break;
            case "gap": AddImage(new GlobalAveragePool()); break;
            case "flatten": Flatten(); break;
            case not "" when ShapeText.TryCount(plain ? word[..^1] : word) is { } outputs: AddDense(outputs, _bias && !plain); break;
            default: AddImage(ReadWindowed(word)); break;
        }
    }

    private Layer ReadWindowed(string word)
    {
        if (Windowed.Match(word) is not { Success: true } parts)
        {
            throw new QuotientException(
                "this is no layer; layers are 16c5s1p2 (a convolution, without bias 16c5s1p2n), max2, max3s2p1, avg2, gap, bn, relu, flatten, " +
                "10 (dense, without bias 10n) and res(…)");
        }

        var (height, width) = Pair(parts, "size", 1) ?? default;
        bool pools = parts.Groups["pool"].Success;
        var (strideY, strideX) = Pair(parts, "stride", 1) ?? (pools ? (height, width) : (1, 1));
        var (rows, columns) = Pair(parts, "padding", 0) ?? (0, 0);
        var window = new Window(height, width)
        {
            StrideY = strideY,
            StrideX = strideX,
            Top = rows,
            Left = columns,
            Bottom = rows,
            Right = columns,
        };
        bool plain = parts.Groups["plain"].Length > 0;
        QuotientException.ThrowIf(pools && plain, $"pooling has no bias that n would leave out");
        return parts.Groups["pool"].Value switch
        {
            "max" => new MaxPool(window),
            "avg" => new AveragePool(window),
            _ => new Convolution(_layers.Shape.Channels, Count(parts.Groups["outputs"].Value, 1), window, _bias && !plain),
        };
    }

    /// <summary>An extent of rows and one of columns, or one for both; null where none is written.</summary>
    private static (int Rows, int Columns)? Pair(Match parts, string name, int least)
    {
        var group = parts.Groups[name];
        QuotientException.ThrowIf(group.Captures.Count > 1, $"its {name} is written twice");
        return group.Value.Split('x', '×') switch
        {
            [""] => null,
            [var both] => (Count(both, least), Count(both, least)),
            [var rows, var columns] => (Count(rows, least), Count(columns, least)),
            _ => throw new QuotientException($"its {name} has more than two extents"),
        };
    }

    private static int Count(string digits, int least) => ShapeText.TryCount(digits, least)
        ?? throw new QuotientException($"{Text.Quote(digits)} is no whole number of at least {least}");

    private void Add(Layer layer) => _layers.Add(_block.Next(), layer);

    private void AddImage(Layer layer)
    {
        Add(layer);
        _isVector = false;
    }

    private void Flatten()
    {
        Add(new Flatten());
        _isVector = true;
    }

    private void AddDense(int outputs, bool bias)
    {
        if (!_isVector)
        {
            Flatten();
        }

        Add(new Dense(_layers.Shape.Size, outputs, bias));
    }

    private void Open()
    {
        QuotientException.ThrowIf(_outer.Count == Deepest, $"blocks {BlockStart}… lie in each other more than {Deepest} deep");
        _outer.Push(_block);
        _block = new(_block.Next(), _layers.Last);
    }

    private void Close()
    {
        QuotientException.ThrowIf(_outer.Count == 0, $"')' closes no block {BlockStart}…");
        int branch = _layers.Last, skip = _block.Source;
        Shape from = _layers.ShapeOf(skip), to = _layers.Shape;
        if (from != to)
        {
            int stride = Math.Max(Strides(from.Height, to.Height), Strides(from.Width, to.Width));
            var shortcut = new Shortcut(to.Channels, stride);
            QuotientException.ThrowIf(
                to.Channels < from.Channels || shortcut.Output([from]) != to,
                $"the block turns {from} into {to}, to which no shortcut leads: that keeps or adds channels, and takes every n-th row and column");
            skip = _layers.Add($"{_block.Name}.shortcut", shortcut, skip).Last;
        }

        _layers.Add(_block.Name, new Sum(), branch, skip);
        _block = _outer.Pop();
    }

    private static int Strides(int from, int to) => (int)(((long)from + to - 1) / to);

    /// <summary>A residual block, or all, while it is read: its name, what it reads, and how many names it has given.</summary>
    private sealed class Block(string name, int source)
    {
        private int _given;

        public string Name => name;

        public int Source => source;

        public string Next()
        {
            string position = (_given++).ToString(CultureInfo.InvariantCulture);
            return name.Length == 0 ? position : $"{name}.{position}";
        }
    }
}
