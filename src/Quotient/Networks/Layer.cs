namespace Quotient.Networks;

/// <summary>The shape of one sample between layers. A plain vector of n values has n channels of 1 × 1.</summary>
public readonly record struct Shape(int Channels, int Height = 1, int Width = 1)
{
    /// <summary>The number of values: channels × height × width, laid out in that order.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>Whether every extent is at least 1 and the number of values is an <see cref="int"/>.</summary>
    internal bool IsValid => Channels > 0 && Height > 0 && Width > 0 && (Int128)Channels * Height * Width <= int.MaxValue;

    /// <inheritdoc/>
    public override string ToString() => Height == 1 && Width == 1 ? $"{Channels}" : $"{Channels}×{Height}×{Width}";
}

/// <summary>What a trainable tensor is for, which says how it is initialised.</summary>
public enum TensorRole
{
    /// <summary>Multiplies inputs; drawn at random.</summary>
    Weight,

    /// <summary>Is added to outputs.</summary>
    Bias,

    /// <summary>Multiplies inputs by its signs alone.</summary>
    BinaryWeight,
}

/// <summary>A trainable tensor that a layer declares: the last part of its name and its dimensions, in PyTorch's order.</summary>
/// <param name="Suffix"><c>weight</c>, <c>bias</c>, …</param>
/// <param name="Dimensions">For a dense weight: out, in.</param>
/// <param name="FanIn">Incoming connections of one output, which initialisers scale by.</param>
/// <param name="FanOut">Outgoing connections of one input.</param>
public sealed record TensorShape(string Suffix, IReadOnlyList<int> Dimensions, int FanIn, int FanOut)
{
    /// <summary>What it is for.</summary>
    public TensorRole Role { get; init; }

    /// <summary>The number of elements.</summary>
    /// <exception cref="OverflowException">It exceeds 2⁶³ − 1; a <see cref="Network"/> refuses such a tensor.</exception>
    public long Size => Dimensions.Aggregate(1L, (size, dimension) => checked(size * dimension));
}

/// <summary>
/// What one node of a network computes. A kind of layer is a record here, that says shapes and parameters; a line in
/// <see cref="LayerKinds"/>, that says how files write it; and a stage in <c>Linearisation/</c>, that says the passes. Nothing
/// else knows of it.
/// </summary>
/// <remarks>
/// How the next kinds fit:
/// <list type="bullet">
/// <item>Convolution: a weight in <see cref="Tensors"/>, with PyTorch's dimensions and fans.</item>
/// <item>Pooling, flattening: no tensors, only <see cref="Output"/>; a dense layer reads any shape as its values in order.</item>
/// <item>Residual sum: no tensors; <see cref="Output"/> wants two or more equal shapes, and its node lists as many inputs.</item>
/// <item>Batch norm: scale and shift are in <see cref="Tensors"/>, under a <see cref="TensorRole"/> of their own that starts at
/// one. Its running statistics are not trained, hence not in θ: they become a second list beside <see cref="Tensors"/>, which
/// the network lays out in the same way, the model holds in a vector of its own, and files hold under the same names.</item>
/// </list>
/// </remarks>
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

/// <summary>
/// z = s·W a + b, with W of shape outputs × inputs. A scale s other than 1 is the parametrisation of neural tangent kernels, and of
/// what binary layers are relaxed to.
/// </summary>
public sealed record Dense(int Inputs, int Outputs, bool Bias = true, double Scale = 1) : Layer
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorShape> Tensors => Bias ? [Weight, Shift] : [Weight];

    private TensorShape Weight => new("weight", [Outputs, Inputs], Inputs, Outputs);

    private TensorShape Shift => new("bias", [Outputs], Inputs, Outputs) { Role = TensorRole.Bias };

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
