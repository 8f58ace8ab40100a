namespace Quotient.Backends.Gpu;

/// <summary>What the tuner found best for one device; where it has nothing, kernels have their defaults.</summary>
/// <remarks>
/// <c>kernels/tuned/&lt;device&gt;.json</c> is part of the build and not of a user's cache: the same device gives the same bits on
/// every machine. Values that a device of that name has not the memory for are passed over.
/// </remarks>
internal sealed class TunedValues
{
    private readonly Dictionary<TunedKey, KernelTile> _tiles = [];

    private TunedValues()
    {
    }

    /// <summary>Defaults alone.</summary>
    public static TunedValues None { get; } = new();

    /// <summary>What the build holds for a device.</summary>
    public static TunedValues Of(string device, GpuTraits traits)
    {
        string name = $"kernels/tuned/{FileOf(device, traits)}";
        using var stream = typeof(TunedValues).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return None;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Parse(bytes, name);
    }

    /// <summary>The name of a device's file: its API, or that it is a processor, then its own name in small letters and digits.</summary>
    public static string FileOf(string device, GpuTraits traits)
    {
        var kept = device.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ');
        string[] words = string.Concat(kept).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return $"{string.Join('-', [traits.IsProcessor ? "processor" : traits.Dialect, .. words])}.json";
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="QuotientException">It is not what the tuner writes, or has values with which no device could compute.</exception>
    public static TunedValues Parse(ReadOnlyMemory<byte> utf8, string file) => JsonFields.Parse(utf8, file, root =>
    {
        var values = new TunedValues();
        var fields = new JsonFields(root, file);
        _ = fields.TakeText("device");
        foreach (var (element, index) in fields.TakeList("tiles").Select((element, index) => (element, index)))
        {
            values.Add(new JsonFields(element, $"{file}: tile {index}"), $"{file}: tile {index}");
        }

        fields.End();
        return values;
    });

    /// <summary>These values and one more, or another.</summary>
    public TunedValues With(TunedKey key, KernelTile tile)
    {
        var values = new TunedValues();
        foreach (var (known, its) in _tiles)
        {
            values._tiles[known] = its;
        }

        values._tiles[key] = tile;
        return values;
    }

    /// <summary>The tile for a kernel and a sort of shapes; null where the tuner found none, or none that the device has room for.</summary>
    public TTile? Find<TTile>(TunedKey key, GpuTraits traits) where TTile : KernelTile =>
        _tiles.TryGetValue(key, out var tile) && tile.Fits(traits, key.BytesOfElement) ? tile as TTile : null;

    private void Add(JsonFields fields, string what)
    {
        string kernel = fields.TakeText("kernel"), real = fields.TakeText("real"), shape = fields.TakeText("shape");
        _ = fields.Take("gain");
        var values = new JsonFields(fields.Take("values"), what);
        var tile = KernelTile.Read(kernel, name => values.TakeWhole(name, 1, KernelTile.Most))
            ?? throw new QuotientException($"{what} is for '{kernel}', which is no kernel that is tuned");
        values.End();
        fields.End();
        if (tile.Problem is { } problem)
        {
            throw new QuotientException($"{what} cannot be: {problem}");
        }

        bool isKnown = real is "float" or "double" && KernelTile.Shapes(kernel).Contains(shape);
        if (!isKnown || !_tiles.TryAdd(new(kernel, real, shape), tile))
        {
            throw new QuotientException(
                $"{what} is for '{real}' and the shape '{shape}', which '{kernel}' does not have, or has twice");
        }
    }
}

/// <summary>What a tile is for.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Real"><c>float</c> or <c>double</c>.</param>
/// <param name="Shape">The sort of shapes; empty for kernels that have but one.</param>
internal readonly record struct TunedKey(string Kernel, string Real, string Shape)
{
    public int BytesOfElement => Real == "float" ? sizeof(float) : sizeof(double);

    /// <summary>A kernel in precision <typeparamref name="T"/>.</summary>
    public static TunedKey Of<T>(string kernel, string shape = "") where T : unmanaged =>
        new(kernel, typeof(T) == typeof(float) ? "float" : "double", shape);
}
