using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Quotient.Data;
using Quotient.Operators;
using Quotient.Results;
using Quotient.Spectra;
using Quotient.Training;
using Quotient.Training.Optimisers;

namespace Quotient.Tests.Spectra;

/// <summary>
/// Bounds of single precision against double, on nets that are trained, and then scaled up, to a loss of zero: there softmax, residuals and
/// curvature are differences of nearly equal numbers, and at last too small for the precision's range.
/// </summary>
public class BoundTests
{
    private const int Stages = 6, ScaledStages = 6;

    // Thousands of nets on the processor; another device shows that its kernels do the same.
    private static readonly int Trainings = Environment.GetEnvironmentVariable("QUOTIENT_DEVICE") is null ? 30 : 1;
    private static readonly string[] Losses = ["ce", "ce", "mse", "ce,smoothing=0.05"];
    private static readonly string[] Architectures = ["2-16-3", "2-8-8-3", "2-32-3"];

    [Test]
    public void No_bound_is_broken_and_no_net_refused_on_the_way_to_zero_loss([Range(0, 5)] int part)
    {
        using var engine = Engine.Open();
        int judged = 0;
        for (int run = 0; run < Trainings; run++)
        {
            int seed = (part * Trainings) + run;
            foreach (var (model, data, loss) in Trained(engine, seed))
            {
                Judge(engine, model, data, loss, $"training {seed}, net {judged}");
                judged++;
            }
        }

        Assert.That(judged, Is.EqualTo(Trainings * (Stages + ScaledStages)));
    }

    /// <summary>Against mpmath with 40 digits, at logits near a hundred, whose rounding costs double two digits.</summary>
    [Test]
    public void Bounds_hold_against_exact_figures_near_zero_loss()
    {
        using var json = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "zero-loss", "zero-loss.json")));
        double[] Numbers(string name) => [.. json.RootElement.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
        int[] labels = [.. Numbers("labels").Select(value => (int)value)];
        var data = Dataset.Classification("exact", new(2), SampleStore.Doubles(Numbers("inputs"), 2), labels, 3);
        var model = new Model(Network.Parse(json.RootElement.GetProperty("architecture").GetString()!), Numbers("parameters"), Precision.Double);
        double[] eigenvalues = Numbers("eigenvalues");
        using var engine = Engine.Open();
        using var wide = engine.Linearise<double>(model, data);
        using var single = engine.Linearise(model, data);
        using var inDouble = Lanczos.Solve(wide.GaussNewton, new(Selection.Largest(eigenvalues.Length)) { Tolerance = 1e-11 });
        using var inSingle = Lanczos.Solve(single.GaussNewton, new(Selection.Largest(eigenvalues.Length)) { Tolerance = 1e-6 });
        foreach (var (i, exact) in eigenvalues.Index())
        {
            Assert.That(inDouble.Values[i].Value, Is.EqualTo(exact).Within(inDouble.Values[i].Residual), $"double, {i}");
            Assert.That(inSingle.Values[i].Value, Is.EqualTo(exact).Within(inSingle.Values[i].Residual), $"single, {i}");
        }

        Assert.That(inDouble.Values[0].Residual, Is.LessThan(1e-12 * eigenvalues[0]));
        Assert.That(inSingle.Values[0].Residual, Is.LessThan(1e-4 * eigenvalues[0]));
        double loss = json.RootElement.GetProperty("loss").GetDouble(), norm = json.RootElement.GetProperty("gradientNorm").GetDouble();
        Assert.That(wide.Loss, Is.EqualTo(loss).Within(1e-12 * loss));
        Assert.That(Problem.Norm(wide.Gradient()), Is.EqualTo(norm).Within(1e-12 * norm));
        Assert.That(single.Loss, Is.EqualTo(loss).Within(1e-4 * loss));
        Assert.That(Problem.Norm([.. single.Gradient().Select(value => (double)value)]), Is.EqualTo(norm).Within(1e-4 * norm));
    }

    /// <summary>A net along its training, and then with ever larger outputs.</summary>
    private static IEnumerable<(Model Model, Dataset Data, Loss Loss)> Trained(Engine engine, int seed)
    {
        var data = Dataset.Open($"spirals,turns={seed % 3 * 0.25},noise=0[0:{20 + (seed % 41)}]");
        var loss = Loss.Parse(Losses[seed % Losses.Length]);
        var model = Model.Initialise(Network.Parse(Architectures[seed % Architectures.Length]), Initialisation.He, (ulong)seed);
        for (int stage = 0; stage < Stages; stage++)
        {
            var options = new TrainingOptions
            {
                Loss = loss,
                Epochs = 1 << (2 * stage),
                EvaluateEvery = 1 << (2 * stage),
                Optimiser = new Adam(0.01),
                BatchSize = 1000,
            };
            model = engine.Train(model, data, null, options).Model;
            yield return (model, data, loss);
        }

        for (int stage = 0; stage < ScaledStages; stage++)
        {
            int last = model.Parameters.Length - (3 * (Width(model) + 1));
            model = model.With(model.Network, [.. model.Parameters.Select((value, i) => i >= last ? 2 * value : value)]);
            yield return (model, data, loss);
        }
    }

    /// <summary>The width of the layer before the outputs.</summary>
    private static int Width(Model model) => int.Parse(model.Network.ToString().Split('-')[^2]);

    private static void Judge(Engine engine, Model model, Dataset data, Loss loss, string net)
    {
        using var single = engine.Linearise(model, data, loss);
        using var wide = engine.Linearise<double>(model, data, loss);
        Compare(single.Hessian, wide.Hessian, net);
        Compare(single.GaussNewton, wide.GaussNewton, net);
        Compare(single.EmpiricalFisher, wide.EmpiricalFisher, net);
    }

    private static void Compare(CurvatureOperator<float> single, CurvatureOperator<double> wide, string net)
    {
        var options = new LanczosOptions(Selection.BothEnds(2, 1)) { Tolerance = 1e-6 };
        using var found = Lanczos.Solve(single, options);
        using var truth = Lanczos.Solve(wide, options with { Tolerance = 1e-10 });
        foreach (var (i, (seen, exact)) in found.Values.Zip(truth.Values).Index())
        {
            if (Math.Abs(seen.Value - exact.Value) > seen.Residual + exact.Residual)
            {
                CheckDense(seen, wide, $"{net}, {single.Name}, eigenvalue {i}: {seen} in single, {exact} in double");
            }
        }
    }

    /// <summary>The bound is of some eigenvalue: in a cluster it need not be the one of the same rank.</summary>
    private static void CheckDense(Eigenvalue seen, CurvatureOperator<double> wide, string what)
    {
        int n = (int)wide.Dimension;
        double[][] columns = [.. Enumerable.Range(0, n).Select(i => wide.Apply([.. Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0)]))];
        double unit = columns.Max(column => column.Max(Math.Abs));
        var dense = Matrix<double>.Build.DenseOfColumns(columns) / unit;
        double[] values = [.. ((dense + dense.Transpose()) / 2).Evd(Symmetricity.Symmetric).EigenValues.Select(value => unit * value.Real)];
        Assert.That(
            values.Min(value => Math.Abs(seen.Value - value)), Is.LessThanOrEqualTo(seen.Residual + (1e-13 * values.Max(Math.Abs))), what);
    }
}
