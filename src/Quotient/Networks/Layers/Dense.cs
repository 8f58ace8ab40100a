using System.Text.Json.Nodes;

namespace Quotient.Networks.Layers;

/// <summary>
/// z = s·W a + b, with W of shape outputs × inputs. A scale s other than 1 is the parametrisation of neural tangent kernels, and of
/// what binary layers are relaxed to.
/// </summary>
public sealed record Dense(int Inputs, int Outputs, bool Bias = true, double Scale = 1) : Layer
{
    /// <summary>Whether W lies as inputs × outputs in θ and in files, as products of matrices in ONNX have it.</summary>
    public bool InputsFirst { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorShape> Tensors => Bias ? [Weight, Shift] : [Weight];

    private TensorShape Weight => InputsFirst
        ? new("weight", [Axis.In, Axis.Out], [Inputs, Outputs])
        : new("weight", [Axis.Out, Axis.In], [Outputs, Inputs]);

    private TensorShape Shift => new("bias", [Axis.Out], [Outputs]) { Role = TensorRole.Bias };

    /// <inheritdoc/>
    public override Equivariance Equivariance => Equivariance.All;

    /// <inheritdoc/>
    public override Shape Output(IReadOnlyList<Shape> inputs) => Single(inputs).Size == Inputs
        ? new(Outputs)
        : throw new QuotientException($"a dense layer of {Inputs} inputs follows a layer of {inputs[0].Size} outputs");

    /// <inheritdoc/>
    public override string Mark(Shape output) => $"-{output}";

    [ModuleInitializer]
    internal static void Register() => LayerKinds.Register<Dense>(
        "dense",
        fields => new(
            fields.TakeWhole("inputs", 1), fields.TakeWhole("outputs", 1), fields.TakeFlag("bias"),
            fields.Has("scale") ? fields.TakeReal("scale") : 1)
        {
            InputsFirst = fields.Has("inputs-first") && fields.TakeFlag("inputs-first"),
        },
        layer =>
        {
            var fields = new JsonObject { ["inputs"] = layer.Inputs, ["outputs"] = layer.Outputs, ["bias"] = layer.Bias };
            if (layer.Scale != 1)
            {
                fields["scale"] = layer.Scale;
            }

            if (layer.InputsFirst)
            {
                fields["inputs-first"] = true;
            }

            return fields;
        });
}
