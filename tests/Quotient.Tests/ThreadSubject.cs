using Quotient.Backends;
using Quotient.Experiments;
using Quotient.Linearisation;
using Quotient.Measures;
using Quotient.Operators;
using Quotient.Spectra;
using Quotient.Symmetry;
using Quotient.Training;

namespace Quotient.Tests;

/// <summary>An engine with one of everything that is made by it, and every public call that needs its device.</summary>
internal sealed class ThreadSubject : IDisposable
{
    public static readonly Dataset Data = Dataset.Open("spirals[0:60]");
    public static readonly Model Model = Model.Initialise(Network.Mlp([2, 6, 3]), Initialisation.PyTorch, 5);
    private static readonly Model Binary = Model.Initialise(Network.Parse("binary:2-5-3"), Initialisation.PyTorch, 5);
    private static readonly PathOptions Unmatched = new() { Points = 2, Transformation = Transformation.Identity(Model.Network) };

    /// <summary>By type and method, so that none is left out; what has overloads, once for each.</summary>
    public static readonly IReadOnlyDictionary<string, Action<ThreadSubject>[]> Calls = new Dictionary<string, Action<ThreadSubject>[]>
    {
        ["Engine.Linearise"] = [s => s.Engine.Linearise(Model, Data).Dispose(), s => s.Engine.Linearise<double>(Model, Data).Dispose()],
        ["Engine.Pose"] = [s => s.Engine.Pose(Model, Data).Dispose()],
        ["Engine.Evaluate"] = [s => s.Engine.Evaluate(Model, Data)],
        ["Engine.Outputs"] = [s => s.Engine.Outputs(Model, Data)],
        ["NetworkOutputs.Of"] = [s => NetworkOutputs.Of<double>(s.Engine, Model, Data)],
        ["Engine.Train"] = [s => s.Engine.Train(Model, Data, null, OneEpoch)],
        ["Engine.RandomFlips"] = [s => s.Engine.RandomFlips(Binary, Data)],
        ["Engine.SingleFlips"] = [s => s.Engine.SingleFlips(Binary, Data)],
        ["Engine.LocalEnergy"] = [s => s.Engine.LocalEnergy(Model, Data)],
        ["LocalEnergy.Of"] = [s => LocalEnergy.Of<double>(s.Engine, Model, Data)],
        ["Evaluation.Run"] = [s => Evaluation.Run<double>(s.Engine, Model, Data)],
        ["Trainer.Run"] = [s => Trainer.Run(s.Engine, Model, Data, null, OneEpoch), s => Trainer.Run<double>(s.Engine, Model, Data, null, OneEpoch)],
        ["FlipEnergy.Random"] = [s => FlipEnergy.Random<double>(s.Engine, Binary, Data)],
        ["FlipEnergy.Single"] = [s => FlipEnergy.Single<double>(s.Engine, Binary, Data)],
        ["Matcher.Match"] = [s => Matcher.Match(s.Engine, Model, Model)],
        ["Matcher.MatchAll"] = [s => Matcher.MatchAll(s.Engine, [Model, Model])],
        ["OutputComparison.Of"] = [s => OutputComparison.Of(s.Engine, Model, Model)],
        ["Distances.FunctionDistance"] = [s => Distances.FunctionDistance(s.Engine, Model, Model, Data)],
        ["Paths.Between"] = [s => Paths.Between(s.Engine, Model, Model, Data, options: Unmatched)],
        ["Paths.Conditions"] = [s => Paths.Conditions(s.Engine, Model, Model, Data, options: Unmatched)],
        ["Bends.Train"] = [s => Bends.Train(s.Engine, Model, Model, Data, options: new() { Path = Unmatched, Epochs = 1 })],
        ["Landscape.Of"] = [s => Landscape.Of(s.Engine, [new("a", "a", Model), new("b", "b", Model)], Data, Data)],
        ["Experiment.Run"] = [s => Experiment.All["toroids"].Run(s.Engine, "")],
        ["Problem.Gradient"] = [s => s.Problem.Gradient()],
        ["Problem.LossAndGradientNorm"] = [s => s.Problem.LossAndGradientNorm()],
        ["Problem.GradientError"] = [s => s.Problem.GradientError(Model.Parameters)],
        ["Problem.ProductError"] = [s => s.Problem.ProductError("hessian", Model.Parameters, Model.Parameters)],
        ["Problem.Product"] = [s => s.Problem.Product("hessian", Model.Parameters)],
        ["Problem.Diagonal"] = [s => s.Problem.Diagonal("hessian")],
        ["Problem.Trace"] = [s => s.Problem.Trace("hessian")],
        ["Problem.Spectrum"] = [s => s.Problem.Spectrum("hessian", new() { Top = 1 })],
        ["Problem.LayerSpectra"] = [s => s.Problem.LayerSpectra("hessian", new() { Top = 1 })],
        ["Problem.MoveTo"] = [s => s.Problem.MoveTo(Model.Parameters)],
        ["Linearisation.Gradient"] = [s => s.At.Gradient(), s => s.At.Gradient(s.X)],
        ["Linearisation.MoveTo"] = [s => s.At.MoveTo(Model)],
        ["Linearisation.CopyTo"] = [s => s.At.CopyTo(s.At.Backend).Dispose()],
        ["CurvatureOperator.Apply"] = [s => s.At.Hessian.Apply(s.X, s.Y), s => s.At.Hessian.Apply(Model.Parameters)],
        ["CurvatureOperator.ApplyBlock"] = [s => s.At.Hessian.ApplyBlock(s.Rows, s.Results)],
        ["CurvatureOperator.Diagonal"] = [s => s.At.Hessian.Diagonal(s.X)],
        ["CurvatureOperator.Trace"] = [s => s.At.Hessian.Trace()],
        ["CurvatureOperator.In"] = [s => MakeTwin(s.At.Hessian)],
        ["JacobianGram.In"] = [s => MakeTwin(s.At.Jacobian.Gram)],
        ["LinearCombination.In"] = [s => MakeTwin((IAnyPrecision)s.At.Hessian.Shift(1))],
        ["DiagonalMetric.In"] = [s => MakeTwin(s.Metric)],
        ["SolvedMetric.In"] = [s => MakeTwin(new SolvedMetric<double>(s.At.Hessian))],
        ["Jacobian.ApplyBlock"] = [s => s.At.Jacobian.ApplyBlock(s.Rows, s.Outputs)],
        ["Jacobian.ApplyTransposeBlock"] = [s => s.At.Jacobian.ApplyTransposeBlock(s.Outputs, s.Results)],
        ["JacobianGram.ApplyBlock"] = [s => s.At.Jacobian.Gram.ApplyBlock(s.Outputs, s.MoreOutputs)],
        ["LinearCombination.ApplyBlock"] = [s => s.At.Hessian.Shift(1).ApplyBlock(s.Rows, s.Results)],
        ["LinearCombination.Diagonal"] = [s => ((IExactDiagonal<double>)s.At.Hessian.Shift(1)).Diagonal(s.X)],
        ["LinearCombination.Trace"] = [s => ((IExactDiagonal<double>)s.At.Hessian.Shift(1)).Trace()],
        ["PullBack.ApplyBlock"] = [s => s.At.Jacobian.Gram.PullBack(s.At.Jacobian).ApplyBlock(s.Rows, s.Results)],
        ["Projected.ApplyBlock"] = [s => s.At.Hessian.Without(s.Unit).ApplyBlock(s.Rows, s.Results)],
        ["HostOperator.Apply"] = [s => s.Doubling.Apply(s.X, s.Y)],
        ["HostOperator.ApplyBlock"] = [s => s.Doubling.ApplyBlock(s.Rows, s.Results)],
        ["DiagonalMetric.ApplyBlock"] = [s => s.Metric.ApplyBlock(s.Rows, s.Results)],
        ["DiagonalMetric.SolveBlock"] = [s => s.Metric.SolveBlock(s.Rows, s.Results)],
        ["DiagonalMetric.InverseRootBlock"] = [s => s.Metric.InverseRootBlock(s.Rows, s.Results)],
        ["DiagonalMetric.Diagonal"] = [s => s.Metric.Diagonal(s.X)],
        ["SolvedMetric.ApplyBlock"] = [s => new SolvedMetric<double>(s.Doubling).ApplyBlock(s.Rows, s.Results)],
        ["SolvedMetric.SolveBlock"] = [s => new SolvedMetric<double>(s.Doubling).SolveBlock(s.Rows, s.Results)],
        ["MatrixMap.ApplyBlock"] = [s => new MatrixMap<double>(s.At.Backend, s.Unit).ApplyBlock(s.Rows, s.Scalar.Matrix(1, 1))],
        ["MatrixMap.ApplyTransposeBlock"] = [s => new MatrixMap<double>(s.At.Backend, s.Unit).ApplyTransposeBlock(s.Scalar.Matrix(1, 1), s.Results)],
        ["OperatorSpectra.Top"] = [s => s.At.Hessian.Top(1)],
        ["OperatorSpectra.Bottom"] = [s => s.At.Hessian.Bottom(1)],
        ["Lanczos.Solve"] = [s => Lanczos.Solve(s.At.Hessian, new(Selection.Largest(1))).Dispose()],
        ["Quadrature.Of"] = [s => Quadrature.Of(s.At.Hessian, new())],
        ["Trace.Estimate"] = [s => Trace.Estimate(s.At.Hessian, new())],
        ["SpectrumAnalysis.Run"] = [s => SpectrumAnalysis.Run(s.At.Hessian, new() { Top = 1 })],
        ["IBackend.AvailableMemory"] = [s => _ = s.Backend.AvailableMemory],
        ["IBackend.Allocate"] = [s => s.Backend.Allocate<float>(3).Dispose()],
        ["IBackend.Write"] = [s => s.Backend.Write<double>([1], s.Scalar.All)],
        ["IBackend.Read"] = [s => s.Backend.Read(s.Scalar.All, new double[1].AsSpan())],
        ["IBackend.Synchronise"] = [s => s.Backend.Synchronise()],
    };

    private static readonly TrainingOptions OneEpoch = new() { Epochs = 1 };
    private readonly DeviceBuffer<double> _vectors, _outputs;

    public ThreadSubject(string device)
    {
        Engine = Engine.Open(device);
        Backend = Engine.Backend;
        Problem = Engine.Pose(Model, Data);
        At = Engine.Linearise<double>(Model, Data);
        long n = At.Dimension, outputs = At.Jacobian.Rows;
        _vectors = Backend.Allocate<double>(3 * n);
        _outputs = Backend.Allocate<double>(2 * outputs);
        Scalar = Backend.Allocate<double>(1);
        (X, Y) = (_vectors.Slice(0, n), _vectors.Slice(n, n));
        (Rows, Results, Unit) = (X.AsMatrix(1, n), Y.AsMatrix(1, n), _vectors.Slice(2 * n, n).AsMatrix(1, n));
        (Outputs, MoreOutputs) = (_outputs.Slice(0, outputs).AsMatrix(1, outputs), _outputs.Slice(outputs, outputs).AsMatrix(1, outputs));
        Backend.Write(Model.Parameters, X);
        Metric = new(Backend, [.. Enumerable.Repeat(2.0, (int)n)]);
        Doubling = new(Backend, (int)n, (v, result) =>
        {
            for (int i = 0; i < v.Length; i++)
            {
                result[i] = 2 * v[i];
            }
        });
    }

    /// <summary>The calls one by one, under names of their own.</summary>
    public static IEnumerable<(string Name, Action<ThreadSubject> Call)> AllCalls =>
        Calls.SelectMany(entry => entry.Value.Select((call, i) => ($"{entry.Key}, {i}", call)));

    public Engine Engine { get; }

    /// <summary>The engine's, which remains to be called when that has been disposed.</summary>
    public IBackend Backend { get; }

    public Problem Problem { get; }

    public Linearisation<double> At { get; }

    public DiagonalMetric<double> Metric { get; }

    public HostOperator<double> Doubling { get; }

    public DeviceBuffer<double> Scalar { get; }

    public VectorView<double> X { get; }

    public VectorView<double> Y { get; }

    public MatrixView<double> Rows { get; }

    public MatrixView<double> Results { get; }

    public MatrixView<double> Unit { get; }

    public MatrixView<double> Outputs { get; }

    public MatrixView<double> MoreOutputs { get; }

    /// <summary>Everything that was made by the engine, each by its own disposal.</summary>
    public IEnumerable<IDisposable> Parts => [Problem, At, Metric, Scalar, _vectors, _outputs];

    private static void MakeTwin(IAnyPrecision one)
    {
        List<IDisposable> owned = [];
        try
        {
            one.In<float>(owned);
        }
        finally
        {
            owned.ForEach(item => item.Dispose());
        }
    }

    /// <summary>An eigenvalue of a linearisation of its own.</summary>
    public static double Fresh(Engine engine)
    {
        using var at = engine.Linearise<double>(Model, Data);
        return at.Hessian.Top(1)[0].Value;
    }

    public void Dispose()
    {
        foreach (var part in Parts)
        {
            part.Dispose();
        }

        Engine.Dispose();
    }
}
