using Quotient.Backends;
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
        Finite(at.Gradient(progress, cancellationToken), "gradient");

    public override (double Loss, double GradientNorm) LossAndGradientNorm(IProgress<double>? progress, CancellationToken cancellationToken)
    {
        double loss = at.Loss;
        double[]? gradient = Wide(
            wide =>
            {
                loss = wide.Loss;
                return wide.Gradient(progress, cancellationToken);
            },
            cancellationToken);
        return (loss, Norm(gradient ?? Gradient(progress, cancellationToken)));
    }

    public override double? GradientError(double[] gradient, IProgress<double>? progress, CancellationToken cancellationToken) =>
        Distance(gradient, Wide(wide => wide.Gradient(progress, cancellationToken), cancellationToken));

    public override double? ProductError(
        string matrix, double[] v, double[] product, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        string known = Operator(matrix).Name;
        return Distance(product, Wide(wide => ProblemOf<double>.Operators[known](wide).Apply(v, progress, cancellationToken), cancellationToken));
    }

    public override double[] Product(string matrix, double[] v, IProgress<double>? progress, CancellationToken cancellationToken) =>
        Finite(Operator(matrix).Apply(Rounded(v), progress, cancellationToken), $"{matrix} product");

    public override double[] Diagonal(string matrix, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var pass = at.Enter();
        using var buffer = at.Backend.Allocate<T>(Parameters);
        Operator(matrix).Diagonal(buffer.All, progress, cancellationToken);
        return Finite(at.Backend.Read(buffer.All), $"{matrix} diagonal");
    }

    public override double Trace(string matrix, IProgress<double>? progress, CancellationToken cancellationToken) =>
        Overflow.Check(Operator(matrix).Trace(progress, cancellationToken), "trace", Kind);

    public override SpectrumResult Spectrum(
        string matrix, SpectrumRequest request, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        using var pass = at.Enter();
        return Analyse(Operator(matrix), request with { Name = matrix }, "", progress, cancellationToken);
    }

    public override IReadOnlyList<SpectrumResult> LayerSpectra(
        string matrix, SpectrumRequest request, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        using var pass = at.Enter();
        return
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
    }

    public override void MoveTo(double[] parameters, IProgress<double>? progress, CancellationToken cancellationToken) =>
        at.MoveTo(Source.With(Source.Network, parameters), progress, cancellationToken);

    public override void Dispose() => at.Dispose();

    private static SpectrumResult Analyse(
        CurvatureOperator<T> matrix, SpectrumRequest request, string of, IProgress<SpectrumProgress>? progress, CancellationToken cancellationToken)
    {
        var stages = progress is null ? null : new Relay<SpectrumProgress>(step => progress.Report(step with { Stage = of + step.Stage }));
        var result = SpectrumAnalysis.Run(matrix, request, null, stages, cancellationToken);
        Overflow.Check(result.Trace?.Value ?? 0, $"{of}trace", Kind);
        return result;
    }

    /// <summary>What the same linearisation in double gives; null where this is it.</summary>
    private double[]? Wide(Func<Linearisation<double>, double[]> of, CancellationToken cancellationToken)
    {
        if (Kind == Quotient.Precision.Double)
        {
            return null;
        }

        using var pass = at.Enter();
        using var wide = at.In<double>(cancellationToken);
        return of(wide);
    }

    private static double? Distance(double[] v, double[]? exact) =>
        exact is null ? null : Norm([.. v.Zip(exact, (a, b) => a - b)]);

    private static double[] Finite(T[] values, string name)
    {
        double[] host = Array.ConvertAll(values, double.CreateChecked);
        Overflow.Check(host, name, Kind);
        return host;
    }

    private CurvatureOperator<T> Operator(string name) => Operators.TryGetValue(name, out var of)
        ? of(at)
        : throw new QuotientException($"the operator '{name}' is unknown; choose {Sentence.Or(Operators.Keys)}");

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
