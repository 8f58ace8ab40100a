namespace Quotient.Networks;

/// <summary>The shape of one sample between layers. A plain vector of n values has n channels of 1 × 1.</summary>
public readonly record struct Shape(int Channels, int Height = 1, int Width = 1)
{
    /// <summary>The number of values: channels × height × width, laid out in that order.</summary>
    public int Size => Channels * Height * Width;

    /// <summary>Whether a channel has more than one place.</summary>
    internal bool IsImage => Height != 1 || Width != 1;

    /// <summary>Whether every extent is at least 1 and the number of values is an <see cref="int"/>.</summary>
    internal bool IsValid => Channels > 0 && Height > 0 && Width > 0 && (Int128)Channels * Height * Width <= int.MaxValue;

    /// <inheritdoc/>
    public override string ToString() => IsImage ? $"{Channels}×{Height}×{Width}" : $"{Channels}";
}

/// <summary>What a tensor is for, which says how it is initialised.</summary>
public enum TensorRole
{
    /// <summary>Multiplies inputs; drawn at random.</summary>
    Weight,

    /// <summary>Is added to outputs.</summary>
    Bias,

    /// <summary>Multiplies inputs by its signs alone.</summary>
    BinaryWeight,
}

/// <summary>What a dimension of a tensor counts.</summary>
public enum Axis
{
    /// <summary>Outputs, or a convolution's output channels.</summary>
    Out,

    /// <summary>Inputs, or a convolution's input channels.</summary>
    In,

    /// <summary>Places of a convolution's window.</summary>
    Spatial,
}

/// <summary>A tensor that a layer declares: the last part of its name and its dimensions, in PyTorch's order.</summary>
/// <param name="Suffix"><c>weight</c>, <c>bias</c>, <c>running_mean</c>, …</param>
/// <param name="Axes">What each dimension counts; for a dense weight: out, in.</param>
/// <param name="Dimensions">How many there are of each.</param>
public sealed record TensorShape(string Suffix, IReadOnlyList<Axis> Axes, IReadOnlyList<int> Dimensions)
{
    /// <summary>What it is for.</summary>
    public TensorRole Role { get; init; }

    /// <summary>What all elements begin as; null where they are drawn.</summary>
    public double? Start { get; init; }

    /// <summary>The number of elements.</summary>
    /// <exception cref="OverflowException">It exceeds 2⁶³ − 1; a <see cref="Network"/> refuses such a tensor.</exception>
    public long Size => Dimensions.Aggregate(1L, (size, dimension) => checked(size * dimension));

    /// <summary>Incoming connections of one output, which initialisers scale by.</summary>
    public long FanIn => Extent(Axis.In) * Extent(Axis.Spatial);

    /// <summary>Outgoing connections of one input.</summary>
    public long FanOut => Extent(Axis.Out) * Extent(Axis.Spatial);

    /// <summary>How many there are along an axis, 1 where the tensor has no such dimension.</summary>
    public long Extent(Axis axis) =>
        Dimensions.Zip(Axes).Where(pair => pair.Second == axis).Aggregate(1L, (extent, pair) => extent * pair.First);
}

/// <summary>What may happen to single units of a layer's inputs so that the same happens to those of its output.</summary>
[Flags]
public enum Equivariance
{
    /// <summary>Nothing that is known: units stay as they are.</summary>
    None = 0,

    /// <summary>They change places.</summary>
    Permutation = 1,

    /// <summary>They are multiplied by numbers above 0.</summary>
    Scale = 2,

    /// <summary>They are negated.</summary>
    Flip = 4,

    /// <summary>All of these.</summary>
    All = Permutation | Scale | Flip,
}

/// <summary>
/// What one node of a network computes. A kind of layer is a record of this in a file of its own in <c>Networks/Layers/</c>, that
/// says shapes and parameters and how files write it; and its passes, in <c>Linearisation/Layers/</c>. Nothing else knows of it.
/// </summary>
public abstract record Layer
{
    /// <summary>The trainable tensors, in the order in which they lie in the parameter vector.</summary>
    public virtual IReadOnlyList<TensorShape> Tensors => [];

    /// <summary>
    /// Tensors that are not trained, such as running statistics: a model holds them in a vector of their own, files under their names.
    /// Each has a <see cref="TensorShape.Start"/>, or starts at 0.
    /// </summary>
    public virtual IReadOnlyList<TensorShape> Buffers => [];

    /// <summary>What it passes on from the units (channels, or values of a vector) of its inputs; of a layer that mixes them, what its weights can undo.</summary>
    public virtual Equivariance Equivariance => Equivariance.None;

    /// <summary>Whether its output is the same for all positive multiples of a unit.</summary>
    public virtual bool ForgetsScale => false;

    /// <summary>Whether its output's units are new ones, each read from all of its input's: it has a weight with axes for both.</summary>
    internal bool MixesUnits => Tensors.Any(tensor => tensor.Axes.Contains(Axis.In));

    /// <summary>Of a layer that mixes no units, the channel of its inputs that a channel of its output is; null where it is 0.</summary>
    internal virtual int? ChannelBehind(int channel, Shape input) => channel;

    /// <summary>Throws a <see cref="QuotientException"/> where values of one of <see cref="Buffers"/> make no sense.</summary>
    internal virtual void CheckBuffer(NetworkTensor tensor, ReadOnlySpan<double> values)
    {
    }

    /// <summary>The shape of the output; throws <see cref="QuotientException"/> where the inputs do not fit.</summary>
    public abstract Shape Output(IReadOnlyList<Shape> inputs);

    /// <summary>What it adds to a network's short text, such as <c>-512</c>; nothing where it goes without saying.</summary>
    public virtual string Mark(Shape output) => "";

    /// <summary>The only input of a layer that has one.</summary>
    protected static Shape Single(IReadOnlyList<Shape> inputs) => inputs.Count == 1
        ? inputs[0]
        : throw new QuotientException($"a layer with one input was given {inputs.Count} inputs");
}
