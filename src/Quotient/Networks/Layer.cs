namespace Quotient.Networks;

/// <summary>The shape of one sample between layers. A plain vector of n values has n channels of 1 × 1.</summary>
public readonly record struct Shape(int Channels, int Height = 1, int Width = 1)
{
    /// <summary>The number of values: channels × height × width, laid out in that order.</summary>
    public int Size => Channels * Height * Width;

    /// <inheritdoc/>
    public override string ToString() => Height == 1 && Width == 1 ? $"{Channels}" : $"{Channels}×{Height}×{Width}";
}

/// <summary>A trainable tensor that a layer declares: the last part of its name and its dimensions, in PyTorch's order.</summary>
/// <param name="Suffix"><c>weight</c>, <c>bias</c>, …</param>
/// <param name="Dimensions">For a dense weight: out, in.</param>
/// <param name="FanIn">Incoming connections of one output, which initialisers scale by.</param>
/// <param name="FanOut">Outgoing connections of one input.</param>
public sealed record TensorShape(string Suffix, IReadOnlyList<int> Dimensions, int FanIn, int FanOut)
{
    /// <summary>The number of elements.</summary>
    public long Size => Dimensions.Aggregate(1L, (size, dimension) => size * dimension);
}

/// <summary>
/// What one node of a network computes. A kind of layer is a record here, that says shapes and parameters, and a stage in
/// <c>Linearisation/</c>, that says the passes; nothing else knows of it.
/// </summary>
public abstract record Layer
{
    /// <summary>The trainable tensors, in the order in which they lie in the parameter vector.</summary>
    public virtual IReadOnlyList<TensorShape> Tensors => [];

    /// <summary>The shape of the output; throws <see cref="QuotientException"/> where the inputs do not fit.</summary>
    public abstract Shape Output(IReadOnlyList<Shape> inputs);

    /// <summary>The only input of a layer that has one.</summary>
    protected static Shape Single(IReadOnlyList<Shape> inputs) => inputs.Count == 1
        ? inputs[0]
        : throw new QuotientException($"a layer with one input was given {inputs.Count} inputs");
}

/// <summary>z = W a + b, with W of shape outputs × inputs.</summary>
public sealed record Dense(int Inputs, int Outputs, bool Bias = true) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorShape> Tensors { get; } = Bias
        ? [new("weight", [Outputs, Inputs], Inputs, Outputs), new("bias", [Outputs], Inputs, Outputs)]
        : [new("weight", [Outputs, Inputs], Inputs, Outputs)];

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs).Size == Inputs
        ? new(Outputs)
        : throw new QuotientException($"a dense layer of {Inputs} inputs follows a layer of {inputs[0].Size} outputs");
}

/// <summary>a = max(z, 0), element by element; its derivative at 0 is 0, as in PyTorch.</summary>
public sealed record Relu : Layer
{
    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs);
}
