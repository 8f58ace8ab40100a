using System.Numerics;
using Quotient.Backends;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Networks;
using Quotient.Operators;
using Quotient.Results;
using Quotient.Spectra;

namespace Quotient;

/// <summary>A problem in one precision.</summary>
internal sealed class ProblemOf<T>(Linearisation<T> at, Model model, Dataset data)
    : Problem(model, data, at.Backend, at.LossKind.Name, at.Surrogate.Name(), Precisions[(int)Kind])
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How each curvature matrix is had.</summary>
    public static new readonly IReadOnlyDictionary<string, Func<Linearisation<T>, CurvatureOperator<T>>> Operators =
        new Dictionary<string, Func<Linearisation<T>, CurvatureOperator<T>>>
        {
            ["hessian"] = at => at.Hessian,
            ["gauss-newton"] = at => at.GaussNewton,
            ["fisher"] = at => at.Fisher,
            ["empirical-fisher"] = at => at.EmpiricalFisher,
        };

    private static readonly Precision Kind = typeof(T) == typeof(double) ? Quotient.Precision.Double : Quotient.Precision.Single;

    public override IReadOnlyList<string> Layers => [.. at.Hessian.Layers.Select(layer => layer.Layer)];

    public override double Loss => at.Loss;

    public override double? Error => at.Error;

    public override double[] Gradient(IProgress<double>? progress, CancellationToken cancellationToken) =>
        OnHost("gradient", to => at.Gradient(to, progress, cancellationToken));

    public override double[] Product(string matrix, double[] v, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var a = Operator(matrix);
        using var from = at.Backend.Allocate<T>(Parameters);
        at.Backend.Write<T>(Rounded(v), from.All);
        var rows = from.Matrix(1, Parameters);
        return OnHost($"{matrix} product", to => a.ApplyBlock(rows, to.AsMatrix(1, Parameters), progress, cancellationToken));
    }

    public override double[] Diagonal(string matrix, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var a = Operator(matrix);
        return OnHost($"{matrix} diagonal", to => a.Diagonal(to, progress, cancellationToken));
    }

    public override double Trace(string matrix, IProgress<double>? progress, CancellationToken cancellationToken) =>
        Overflow.Check(Operator(matrix).Trace(progress, cancellationToken), "trace", Kind);

    public override SpectrumResult Spectrum(
        string matrix, SpectrumRequest request, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken) =>
        Analyse(Operator(matrix), request with { Name = matrix }, "", progress, cancellationToken);

    public override IReadOnlyList<SpectrumResult> LayerSpectra(
        string matrix, SpectrumRequest request, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken) =>
    [
        .. from layer in Operator(matrix).Layers
           let ofBlock = request with
           {
               Name = layer.Layer,
               Top = (int)Math.Min(request.Top, layer.Block.Dimension),
               Bottom = 0,
               Density = null,
               LogDet = false,
           }
           select Analyse(layer.Block, ofBlock, $"layer {layer.Layer}, ", progress, cancellationToken),
    ];

    public override void MoveTo(double[] parameters, IProgress<double>? progress, CancellationToken cancellationToken) =>
        at.MoveTo(new Model(Source.Network, parameters, Source.Stored), progress, cancellationToken);

    private protected override void Release() => at.Dispose();

    private static SpectrumResult Analyse(
        CurvatureOperator<T> matrix, SpectrumRequest request, string of, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        var stages = progress is null ? null : new Relay<SpectrumProgress>(step => progress.Report(step with { Stage = of + step.Stage }));
        var result = SpectrumAnalysis.Run(matrix, request, null, stages, cancellationToken);
        Overflow.Check(result.Trace?.Value ?? 0, $"{of}trace", Kind);
        return result;
    }

    private CurvatureOperator<T> Operator(string name) => Operators.TryGetValue(name, out var of)
        ? of(at)
        : throw new QuotientException($"the operator '{name}' is unknown; choose {Sentence.Or(Operators.Keys)}");

    /// <summary>A vector that the device computes, in double.</summary>
    private double[] OnHost(string name, Action<VectorView<T>> compute)
    {
        using var buffer = at.Backend.Allocate<T>(Parameters);
        compute(buffer.All);
        var values = new T[Parameters];
        at.Backend.Read(buffer.All, values.AsSpan());
        double[] host = Array.ConvertAll(values, double.CreateChecked);
        Overflow.Check(host, name, Kind);
        return host;
    }

    private T[] Rounded(double[] v)
    {
        if (v.LongLength != Parameters)
        {
            throw new QuotientException($"the vector has {v.LongLength} values, but the network {Network} has {Parameters} parameters");
        }

        var converted = Array.ConvertAll(v, T.CreateTruncating);
        int bad = Array.FindIndex(converted, value => !T.IsFinite(value));
        return bad < 0
            ? converted
            : throw new QuotientException($"value {bad} of the vector is {v[bad]:G6}, which {Precision} precision cannot hold");
    }
}
