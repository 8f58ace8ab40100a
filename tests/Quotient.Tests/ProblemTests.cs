using NUnit.Framework;
using Quotient.Data;
using Quotient.Spectra;

namespace Quotient.Tests;

/// <summary>The façade says what the generic layer below it says.</summary>
public class ProblemTests
{
    private readonly Engine _engine = Engine.Open("reference");
    private readonly Dataset _data = Dataset.Open("spirals[0:60]");
    private readonly Model _model = Model.Initialise(Network.Mlp([2, 6, 3]), Initialisation.PyTorch, 5, Precision.Double);

    [OneTimeTearDown]
    public void Close() => _engine.Dispose();

    [Test]
    public void Loss_gradient_products_diagonal_and_trace_are_those_of_the_linearisation([Values("single", "double")] string precision)
    {
        double within = precision == "double" ? 1e-13 : 1e-5;
        using var problem = _engine.Pose(_model, _data, precision: precision);
        using var at = _engine.Linearise<double>(_model, _data);
        double[] v = [.. Enumerable.Range(0, (int)at.Dimension).Select(i => Math.Sin(i))];
        Assert.That(problem.Loss, Is.EqualTo(at.Loss).Within(within));
        Assert.That(problem.Error, Is.EqualTo(at.Error));
        Assert.That(problem.Gradient(), Is.EqualTo(at.Gradient()).Within(within));
        Assert.That(problem.Product("hessian", v), Is.EqualTo(at.Hessian.Apply(v)).Within(within));
        Assert.That(problem.Product("gauss-newton", v), Is.EqualTo(at.GaussNewton.Apply(v)).Within(within));
        Assert.That(problem.Product("fisher", v), Is.EqualTo(at.Fisher.Apply(v)).Within(within));
        Assert.That(problem.Product("empirical-fisher", v), Is.EqualTo(at.EmpiricalFisher.Apply(v)).Within(within));
        double[] columns = [.. v.Select((_, i) => at.Hessian.Apply([.. v.Select((_, j) => i == j ? 1.0 : 0)])[i])];
        Assert.That(problem.Diagonal("hessian"), Is.EqualTo(columns).Within(within));
        Assert.That(problem.Trace("hessian"), Is.EqualTo(columns.Sum()).Within(10 * within));
    }

    [Test]
    public void Single_precision_knows_what_rounding_did_to_gradients_and_products()
    {
        using var problem = _engine.Pose(_model, _data);
        using var exact = _engine.Pose(_model, _data, precision: "double");
        double[] v = [.. Enumerable.Range(0, (int)problem.Parameters).Select(i => Math.Sin(i))];
        double[] gradient = problem.Gradient(), product = problem.Product("hessian", v);
        Assert.That(problem.GradientError(gradient), Is.EqualTo(Distance(gradient, exact.Gradient())).Within(1e-14).And.GreaterThan(0));
        Assert.That(problem.ProductError("hessian", v, product), Is.EqualTo(Distance(product, exact.Product("hessian", v))).Within(1e-14).And.GreaterThan(0));
        Assert.That(problem.LossAndGradientNorm().GradientNorm, Is.EqualTo(Problem.Norm(exact.Gradient())).Within(1e-14));
        Assert.That(problem.LossAndGradientNorm().Loss, Is.EqualTo(exact.Loss).Within(1e-14));
        Assert.That(exact.LossAndGradientNorm(), Is.EqualTo((exact.Loss, Problem.Norm(exact.Gradient()))));
        Assert.That((exact.GradientError(gradient), exact.ProductError("hessian", v, product)), Is.EqualTo(((double?)null, (double?)null)));

        static double Distance(double[] a, double[] b) => Problem.Norm([.. a.Zip(b, (x, y) => x - y)]);
    }

    [Test]
    public void It_says_what_it_is()
    {
        using var problem = _engine.Pose(_model, _data, "mse", "sum");
        Assert.That(problem.Network, Is.EqualTo("2-6-3"));
        Assert.That(problem.Data, Is.EqualTo("spirals[0:60]"));
        Assert.That((problem.Samples, problem.Parameters), Is.EqualTo((60, _model.Network.ParameterCount)));
        Assert.That((problem.LossName, problem.Surrogate, problem.Precision), Is.EqualTo(("mse", "none", "single")));
        Assert.That((problem.Device, problem.DeviceName), Is.EqualTo((_engine.Backend.Device.Id, _engine.Backend.Device.Name)));
        Assert.That(problem.Layers, Is.EqualTo(new[] { "0", "2" }));
        using var mean = _engine.Pose(_model, _data, "mse");
        Assert.That(problem.Loss, Is.EqualTo(60 * mean.Loss).Within(1e-5).Percent);
    }

    [Test]
    public void A_spectrum_and_those_of_the_layers_are_had_by_name()
    {
        using var problem = _engine.Pose(_model, _data, precision: "double");
        var request = new SpectrumRequest { Top = 3, Bottom = 1, Trace = new() };
        List<string> stages = [];
        var whole = problem.Spectrum("gauss-newton", request, new Relay<SpectrumProgress>(step => stages.Add(step.Stage)));
        using var at = _engine.Linearise<double>(_model, _data);
        Assert.That(whole.Top.Select(pair => pair.Value), Is.EqualTo(at.GaussNewton.Top(3).Select(pair => pair.Value)).Within(1e-6));
        Assert.That((whole.Name, whole.Bottom.Count), Is.EqualTo(("gauss-newton", 1)));
        Assert.That(stages, Does.Contain("eigenvalues"));
        var layers = problem.LayerSpectra("gauss-newton", request, new Relay<SpectrumProgress>(step => stages.Add(step.Stage)));
        Assert.That(layers.Select(layer => layer.Name), Is.EqualTo(problem.Layers));
        Assert.That(layers.Sum(layer => layer.Trace!.Value), Is.EqualTo(whole.Trace!.Value).Within(1e-9));
        Assert.That(stages, Does.Contain("layer 2, eigenvalues"));
    }

    [Test]
    public void It_moves_to_other_parameters()
    {
        double[] theta = [.. _model.Parameters.Select(value => value + 0.01)];
        using var moved = _engine.Pose(_model, _data, precision: "double");
        moved.MoveTo(theta);
        using var there = _engine.Pose(new Model(_model.Network, theta, Precision.Double), _data, precision: "double");
        Assert.That(moved.Loss, Is.EqualTo(there.Loss));
        Assert.That(moved.Gradient(), Is.EqualTo(there.Gradient()));
        Assert.That(Assert.Throws<QuotientException>(() => moved.MoveTo([1, 2]))!.Message, Does.Contain("2 were given"));
    }

    [Test]
    public void The_surrogate_of_a_binary_net_moves_with_its_shadow_weights()
    {
        var binary = Model.Initialise(Network.Parse("binary:2-7-5-3"), Initialisation.He, 3);
        double[] theta = [.. binary.Parameters.Select(value => -0.5 * value)];
        using var moved = _engine.Pose(binary, _data, surrogate: "hard-tanh-shadow", precision: "double");
        moved.MoveTo(theta);
        using var there = _engine.Pose(new Model(binary.Network, theta), _data, surrogate: "hard-tanh-shadow", precision: "double");
        Assert.That(moved.Surrogate, Is.EqualTo("hard-tanh-shadow"));
        Assert.That(moved.Gradient(), Is.EqualTo(there.Gradient()));
    }

    [Test]
    public void A_file_and_words_pose_the_same_problem()
    {
        using var folder = new ScratchFolder();
        _model.Save(folder.At("net.safetensors"));
        using var named = _engine.Pose(folder.At("net.safetensors"), "spirals[0:60]", precision: "double");
        using var problem = _engine.Pose(_model, _data, precision: "double");
        Assert.That(named.Gradient(), Is.EqualTo(problem.Gradient()));
    }

    [Test]
    public void An_unknown_name_is_answered_by_the_known_ones()
    {
        using var problem = _engine.Pose(_model, _data);
        (Action Ask, string[] Words)[] cases =
        [
            (() => problem.Product("hessienne", []), ["'hessienne'", "hessian, gauss-newton, fisher or empirical-fisher"]),
            (() => _engine.Pose(_model, _data, loss: "l1"), ["'l1'", "ce", "mse"]),
            (() => _engine.Pose(_model, _data, reduction: "median"), ["'median'", "mean or sum"]),
            (() => _engine.Pose(_model, _data, precision: "half"), ["'half'", "single or double"]),
            (() => _engine.Pose(_model, _data, surrogate: "spline"), ["spline", "hard-tanh-shadow"]),
        ];
        foreach (var (ask, words) in cases)
        {
            string message = Assert.Throws<QuotientException>(() => ask())!.Message;
            Assert.That(words, Has.All.Matches<string>(word => message.Contains(word!)), message);
        }
    }

    [Test]
    public void A_vector_that_does_not_fit_is_refused()
    {
        using var problem = _engine.Pose(_model, _data);
        Assert.That(() => problem.Product("fisher", [1, 2]), Throws.TypeOf<QuotientException>().With.Message.Contains("2 values"));
        double[] v = new double[problem.Parameters];
        v[4] = 1e300;
        Assert.That(() => problem.Product("fisher", v), Throws.TypeOf<QuotientException>().With.Message.Contains("value 4"));
    }

    [Test]
    public void Work_is_stopped_and_tells_how_far_it_is()
    {
        double told = 0;
        using var problem = _engine.Pose(_model, _data, progress: new Relay<double>(share => told = share));
        Assert.That(told, Is.EqualTo(1));
        var stop = new CancellationToken(true);
        Assert.That(() => _engine.Pose(_model, _data, cancellationToken: stop), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => problem.Spectrum("hessian", new() { Top = 1 }, null, stop), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => problem.Gradient(null, stop), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => problem.Product("hessian", new double[problem.Parameters], null, stop), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void The_norm_of_huge_and_of_tiny_vectors_is_finite_and_not_zero()
    {
        Assert.That(Problem.Norm([3e200, 4e200]), Is.EqualTo(5e200).Within(1e-12).Percent);
        Assert.That(Problem.Norm([3e-200, 4e-200]), Is.EqualTo(5e-200).Within(1e-12).Percent);
        Assert.That(Problem.Norm([0, 0]), Is.Zero);
    }
}
