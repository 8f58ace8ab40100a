namespace Quotient.Networks.Layers;

/// <summary>a = a₁ + a₂ + …, of two or more inputs of one shape: where a skip connection joins.</summary>
public sealed record Sum : Layer
{
    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.All;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs)
    {
        if (inputs.Count < 2)
        {
            throw new QuotientException($"a sum needs two inputs or more, but was given {inputs.Count}");
        }

        return inputs.All(shape => shape == inputs[0])
            ? inputs[0]
            : throw new QuotientException($"a sum's inputs must have one shape, but theirs are {string.Join(", ", inputs)}");
    }

    /// <inheritdoc/>
    public override string Mark(Shape output) => "(+)";

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<Sum>("sum");
}
