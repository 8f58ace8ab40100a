using Quotient.Backends;
using Quotient.Linearisation;
using Quotient.Measures;
using Quotient.Networks;
using Quotient.Symmetry;
using Quotient.Training;

namespace Quotient;

/// <summary>The front door: opens a device, and leads from there to all that is computed on it.</summary>
/// <remarks>
/// An engine, with all that was made by it, serves one thread at a time, not always the same one. A call that comes while another thread's
/// is at work, <see cref="Dispose"/> included, is an <see cref="InvalidOperationException"/> at once, and the work goes on unharmed: let
/// threads take turns, or open an engine for each. Models and data sets may be shared. After <see cref="Dispose"/> every call is an
/// <see cref="ObjectDisposedException"/>, but for the disposal of what is left.
/// </remarks>
public sealed class Engine : IDisposable
{
    private readonly IBackend _backend;
    private readonly bool _owns;
    private volatile bool _isDisposed;

    private Engine(IBackend backend, bool owns) => (_backend, _owns) = (backend, owns);

    /// <summary>The kinds of device known, most preferred first.</summary>
    public static IReadOnlyList<IBackendProvider> Providers => DeviceKinds.All;

    /// <summary>The device's backend.</summary>
    /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
    public IBackend Backend
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _backend;
        }
    }

    /// <summary>What makes the device slower here than it need be, in sentences: see <see cref="IBackendProvider.Notes"/>.</summary>
    public IReadOnlyList<string> Notes => DeviceKinds.KindOf(Backend.Device.Id)?.Notes() ?? [];

    /// <summary>Makes another kind of device known, from any assembly; a kind of the same name is replaced.</summary>
    public static void Register(IBackendProvider provider) => DeviceKinds.Register(provider);

    /// <summary>Opens a device.</summary>
    /// <param name="device">
    /// <c>auto</c> (what <c>QUOTIENT_DEVICE</c> names, else the best that works), a kind (<c>cpu</c>) or a kind and an index (<c>cuda:1</c>).
    /// </param>
    /// <param name="threads">CPU threads; 0 for all.</param>
    /// <param name="products">How a device with tensor cores multiplies in single precision.</param>
    /// <exception cref="QuotientException">There is no such device.</exception>
    public static Engine Open(string device = "auto", int threads = 0, MatrixPrecision products = MatrixPrecision.Auto) => threads >= 0
        ? new(DeviceKinds.Open(device, new(threads, products)), owns: true)
        : throw new QuotientException($"threads are {threads}; they must be 0 (all) or more");

    /// <summary>Takes a backend that the caller owns: <see cref="Dispose"/> leaves it as it is.</summary>
    public static Engine On(IBackend backend) => new(backend, owns: false);

    /// <summary>Evaluates a model on data and keeps what its curvature operators need, in single precision.</summary>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public Linearisation<float> Linearise(
        Model model, Dataset data, Loss? loss = null, LineariseOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) =>
        Linearise<float>(model, data, loss, options, progress, cancellationToken);

    /// <summary>Evaluates a model on data and keeps what its curvature operators need.</summary>
    /// <param name="model">The network and θ.</param>
    /// <param name="data">The samples.</param>
    /// <param name="loss">The loss; cross-entropy unless given.</param>
    /// <param name="options">Reduction, surrogate, memory.</param>
    /// <param name="progress">Told the share of samples that are done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public Linearisation<T> Linearise<T>(
        Model model, Dataset data, Loss? loss = null, LineariseOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var pass = Backend.Gate.Enter();
        options ??= new();
        var surrogate = Surrogates.For(model.Network, options.Surrogate);
        return new(
            Backend, model.ToSurrogate(surrogate), data, loss ?? Loss.CrossEntropy, options with { Surrogate = surrogate }, progress,
            cancellationToken);
    }

    /// <summary>Linearises a model file on data that are named by words, for use without type parameters.</summary>
    /// <param name="model">A file that <see cref="Model.Load"/> reads.</param>
    /// <param name="data">Words that <see cref="Dataset.Open"/> understands.</param>
    /// <param name="loss">A name of <see cref="Loss.Parse"/>: <c>ce</c>, <c>ce,smoothing=0.1</c> or <c>mse</c>.</param>
    /// <param name="reduction"><c>mean</c> or <c>sum</c> over samples.</param>
    /// <param name="surrogate">What stands for a network of signs: <c>none</c>, <c>hard-tanh-shadow</c>, ….</param>
    /// <param name="precision"><c>single</c> or <c>double</c>.</param>
    /// <param name="progress">Told the share of samples that are done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">A name is unknown, or the network, the data and the loss do not fit together.</exception>
    public Problem Pose(
        string model, string data, string loss = "ce", string reduction = "mean", string surrogate = "none", string precision = "single",
        IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Pose(Model.Load(model), Dataset.Open(data, null, null, cancellationToken), loss, reduction, surrogate, precision, progress, cancellationToken);

    /// <summary>Linearises a model on data, for use without type parameters.</summary>
    /// <inheritdoc cref="Pose(string, string, string, string, string, string, IProgress{double}?, CancellationToken)"/>
    public Problem Pose(
        Model model, Dataset data, string loss = "ce", string reduction = "mean", string surrogate = "none", string precision = "single",
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var options = new LineariseOptions
        {
            Reduction = (Reduction)IndexOf("reduction", reduction, Problem.Reductions),
            Surrogate = Surrogates.Parse(surrogate),
        };
        var kind = Loss.Parse(loss);
        return (Precision)IndexOf("precision", precision, Problem.Precisions) == Precision.Double
            ? new ProblemOf<double>(Linearise<double>(model, data, kind, options, progress, cancellationToken), model, data)
            : new ProblemOf<float>(Linearise<float>(model, data, kind, options, progress, cancellationToken), model, data);
    }

    /// <summary>A model's loss and error on data, by forward passes alone. The error's share is null where the data has no classes.</summary>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together, or the loss overflows.</exception>
    public Evaluation Evaluate(
        Model model, Dataset data, Loss? loss = null, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var found = precision == Precision.Double
            ? Evaluation.Run<double>(this, model, data, loss, progress, cancellationToken)
            : Evaluation.Run<float>(this, model, data, loss, progress, cancellationToken);
        Overflow.Check(found.Loss, "loss", precision);
        return found;
    }

    /// <summary>The outputs of a model, sample by sample, before any loss. Shape: samples × outputs, row by row.</summary>
    /// <exception cref="QuotientException">The samples are not the network's inputs.</exception>
    public double[] Outputs(
        Model model, Dataset data, Precision precision = Precision.Single, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) => precision == Precision.Double
        ? NetworkOutputs.Of<double>(this, model, data, progress, cancellationToken)
        : Array.ConvertAll(NetworkOutputs.Of<float>(this, model, data, progress, cancellationToken), value => (double)value);

    /// <summary>Trains a model; see <see cref="Trainer.Run{T}"/>.</summary>
    /// <exception cref="QuotientException">An option makes no sense, or the network and the data do not fit together.</exception>
    public TrainingResult Train(
        Model model, Dataset train, Dataset? test = null, TrainingOptions? options = null, Precision precision = Precision.Single,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) => precision == Precision.Double
        ? Trainer.Run<double>(this, model, train, test, options, progress, cancellationToken)
        : Trainer.Run<float>(this, model, train, test, options, progress, cancellationToken);

    /// <summary>How error and loss change when binary weights flip at random; see <see cref="FlipEnergy.Random{T}"/>.</summary>
    /// <exception cref="QuotientException">The network has no binary weights, or an option makes no sense.</exception>
    public RandomFlips RandomFlips(
        Model model, Dataset data, RandomFlipOptions? options = null, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default) => precision == Precision.Double
        ? FlipEnergy.Random<double>(this, model, data, options, progress, cancellationToken)
        : FlipEnergy.Random<float>(this, model, data, options, progress, cancellationToken);

    /// <summary>How error and loss change when single binary weights flip; see <see cref="FlipEnergy.Single{T}"/>.</summary>
    /// <exception cref="QuotientException">The network has no binary weights, or an option makes no sense.</exception>
    public SingleFlips SingleFlips(
        Model model, Dataset data, SingleFlipOptions? options = null, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default) => precision == Precision.Double
        ? FlipEnergy.Single<double>(this, model, data, options, progress, cancellationToken)
        : FlipEnergy.Single<float>(this, model, data, options, progress, cancellationToken);

    /// <summary>How error and loss change on average when parameters are perturbed at random; see <see cref="Symmetry.LocalEnergy.Of{T}"/>.</summary>
    /// <exception cref="QuotientException">The noise does not suit the network, or an option makes no sense.</exception>
    public EnergyCurve LocalEnergy(
        Model model, Dataset data, LocalEnergyOptions? options = null, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default) => precision == Precision.Double
        ? Symmetry.LocalEnergy.Of<double>(this, model, data, options, progress, cancellationToken)
        : Symmetry.LocalEnergy.Of<float>(this, model, data, options, progress, cancellationToken);

    /// <summary>Closes the device, unless the caller owns it.</summary>
    /// <exception cref="InvalidOperationException">Work is in progress: stop it by its cancellation token, and wait for it, first.</exception>
    public void Dispose()
    {
        if (_owns)
        {
            _backend.Dispose();
        }

        _isDisposed = true;
    }

    private static int IndexOf(string what, string name, IReadOnlyList<string> known)
    {
        int index = known.ToList().IndexOf(name);
        return index >= 0 ? index : throw new QuotientException($"the {what} '{name}' is unknown; choose {Sentence.Or(known)}");
    }
}
