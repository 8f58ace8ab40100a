namespace Quotient.Backends;

/// <summary>What an element-wise operation reads.</summary>
[Flags]
public enum Reads
{
    /// <summary>Nothing but what else is named.</summary>
    None = 0,

    /// <summary>x, as long as the result.</summary>
    X = 1,

    /// <summary>y, as long as the result.</summary>
    Y = 2,

    /// <summary>The scalar s.</summary>
    S = 4,

    /// <summary>x, of which x_(i mod |x|) goes with z_i: one for several stacked results.</summary>
    TiledX = 8 | X,
}

/// <summary>
/// z_i ← f(s, x_i, y_i): what an operation does to one element, on every backend. A backend may have a faster way for some.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="reads">Which operands f has.</param>
/// <param name="kernel">f in the language of kernels, of the values <c>s</c>, <c>x</c> and <c>y</c>, which are REAL.</param>
/// <param name="value">f(s, x, y) in C#.</param>
public sealed class ElementOp<T>(string name, Reads reads, string kernel, Func<T, T, T, T> value) where T : unmanaged
{
    private static int _count;

    /// <summary>A small number of its own, by which backends find what they have for it.</summary>
    public int Number { get; } = Interlocked.Increment(ref _count);

    /// <summary>What it is called, <c>Axpy</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Which operands f has.</summary>
    public Reads Reads { get; } = reads;

    /// <summary>f in the language of kernels.</summary>
    public string Kernel { get; } = kernel;

    /// <summary>f in C#.</summary>
    public Func<T, T, T, T> Value { get; } = value;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
