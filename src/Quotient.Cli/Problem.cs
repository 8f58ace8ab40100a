using System.Diagnostics;
using System.Numerics;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Networks;
using Quotient.Operators;

namespace Quotient.Cli;

/// <summary>A model linearised on data, as the options ask.</summary>
internal sealed class Problem<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Engine _engine;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private ProgressStage? _pass;

    /// <summary>Linearises on the device asked for.</summary>
    public Problem(
        Invocation run, Model model, Dataset data, Loss loss, Reduction reduction, Surrogate surrogate, ProgressDisplay progress)
    {
        (Data, Network) = (data, model.Network.ToString());
        _pass = progress.Begin("linearising");
        var options = new LineariseOptions
        {
            Reduction = reduction,
            Surrogate = surrogate,
            Cancellation = run.Stop,
            Progress = new Relay<double>(share => _pass?.Report(share)),
        };
        _engine = run.OpenEngine();
        try
        {
            At = _engine.Linearise<T>(model, data, loss, options);
        }
        catch
        {
            _engine.Dispose();
            throw;
        }
    }

    /// <summary>The samples.</summary>
    public Dataset Data { get; }

    /// <summary>The network, such as <c>784-512-10</c>.</summary>
    public string Network { get; }

    /// <summary>The surrogate's name; <c>none</c> where the network is its own.</summary>
    public string Surrogate => At.Surrogate.Name();

    /// <summary>The linearisation.</summary>
    public Linearisation<T> At { get; }

    /// <summary>Where it is computed.</summary>
    public Backends.DeviceInfo Device => _engine.Backend.Device;

    /// <summary>The arithmetic's precision.</summary>
    public static Precision Precision => typeof(T) == typeof(double) ? Precision.Double : Precision.Single;

    /// <summary>Seconds since the linearisation began.</summary>
    public double Seconds => _clock.Elapsed.TotalSeconds;

    /// <summary>Opens the data that the options name, and linearises a model that has been read already.</summary>
    public static Problem<T> Open(Invocation run, ProblemOptions options, Model model, ProgressDisplay progress)
    {
        var data = run.OpenData(run.Get(options.Data)!, progress);
        var reduction = run.Get(options.Reduction) == "sum" ? Reduction.Sum : Reduction.Mean;
        return new(
            run, model, data, Loss.Parse(run.Get(options.Loss)), reduction, Surrogates.Parse(run.Get(options.Surrogate)), progress);
    }

    /// <summary>Shows the share of samples done of what follows; null where that counts otherwise.</summary>
    public void ShowPass(ProgressStage? stage) => _pass = stage;

    /// <summary>The curvature matrix of that name on the command line.</summary>
    public CurvatureOperator<T> Operator(string name) => name switch
    {
        "hessian" => At.Hessian,
        "gauss-newton" => At.GaussNewton,
        "fisher" => At.Fisher,
        "empirical-fisher" => At.EmpiricalFisher,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>Its diagonal blocks, one for each layer with parameters, under the layers' names.</summary>
    public IReadOnlyList<(string Layer, CurvatureOperator<T> Block)> Layers(string name) => Operator(name).Layers;

    /// <summary>∇L on the host, in double, with its norm.</summary>
    /// <exception cref="QuotientException">It overflows.</exception>
    public (double[] Gradient, double Norm) Gradient()
    {
        double[] gradient = Array.ConvertAll(At.Gradient(), double.CreateChecked);
        Overflow.Check(gradient, "gradient", Precision);
        return (gradient, Norm(gradient));
    }

    /// <summary>What every command says of the problem: a row for each figure.</summary>
    public IEnumerable<string[]> Rows()
    {
        yield return ["network", $"{Network}, {Figure.Count(At.Dimension, "parameter")}"];
        yield return ["data", $"{Data.Name}, {Figure.Count(At.Samples, "sample")}"];
        if (At.Surrogate != Networks.Surrogate.None)
        {
            yield return ["surrogate", Surrogate];
        }

        yield return [$"loss ({At.LossKind.Name})", Figure.Of(At.Loss)];
        if (At.Error is { } error)
        {
            yield return ["error", Figure.Share(error)];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        At.Dispose();
        _engine.Dispose();
    }

    /// <summary>‖v‖₂, scaled by the largest entry, so that no square overflows or vanishes.</summary>
    public static double Norm(ReadOnlySpan<double> v)
    {
        double scale = 0, sum = 0;
        foreach (double value in v)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        foreach (double value in v)
        {
            sum += value / scale * (value / scale);
        }

        return scale > 0 ? scale * Math.Sqrt(sum) : 0;
    }
}
