using System.Numerics;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Backends.Gpu.Cuda;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Backends.Reference;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Measures;
using Quotient.Networks;
using Quotient.Training;

namespace Quotient;

/// <summary>The front door: opens a device, and leads from there to all that is computed on it.</summary>
public sealed class Engine : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly List<IBackendProvider> Registered =
        [new ReferenceProvider(), new CpuProvider(), new OpenClProvider(), new CudaProvider()];

    private readonly bool _owns;

    private Engine(IBackend backend, bool owns) => (Backend, _owns) = (backend, owns);

    /// <summary>The kinds of device known, most preferred first.</summary>
    public static IReadOnlyList<IBackendProvider> Providers
    {
        get
        {
            lock (Gate)
            {
                return [.. Registered.OrderByDescending(provider => provider.Preference)];
            }
        }
    }

    /// <summary>The device's backend.</summary>
    public IBackend Backend { get; }

    /// <summary>Makes another kind of device known, from any assembly; a kind of the same name is replaced.</summary>
    public static void Register(IBackendProvider provider)
    {
        lock (Gate)
        {
            Registered.RemoveAll(known => known.Kind == provider.Kind);
            Registered.Add(provider);
        }
    }

    /// <summary>Opens a device.</summary>
    /// <param name="device">
    /// <c>auto</c> (what <c>QUOTIENT_DEVICE</c> names, else the best that works), a kind (<c>cpu</c>) or a kind and an index (<c>cuda:1</c>).
    /// </param>
    /// <param name="threads">CPU threads; 0 for all.</param>
    /// <param name="products">How a device with tensor cores multiplies in single precision.</param>
    /// <exception cref="QuotientException">There is no such device.</exception>
    public static Engine Open(string device = "auto", int threads = 0, MatrixPrecision products = MatrixPrecision.Auto)
    {
        if (threads < 0)
        {
            throw new QuotientException($"threads are {threads}; they must be 0 (all) or more");
        }

        if (device == "auto" && Environment.GetEnvironmentVariable("QUOTIENT_DEVICE") is { Length: > 0 } named)
        {
            device = named;
        }

        var options = new BackendOptions(threads, products);
        if (device == "auto")
        {
            return new(OpenFirst(Providers, options), owns: true);
        }

        var (provider, index) = Find(device);
        return new(provider.Open(index, options), owns: true);
    }

    /// <summary>The first device, of providers in the order of preference, that opens as asked and computes.</summary>
    /// <exception cref="QuotientException">None does as asked.</exception>
    internal static IBackend OpenFirst(IEnumerable<IBackendProvider> providers, BackendOptions options)
    {
        QuotientException? refusal = null;
        foreach (var provider in providers.Where(provider => provider.Devices().Count > 0))
        {
            IBackend? backend = null;
            try
            {
                backend = provider.Open(0, options);
                if (Computes(backend))
                {
                    return backend;
                }
            }
            catch (DeviceException)
            {
                // A driver that is broken, or a device that another process fills: the next kind may do.
            }
            catch (QuotientException error)
            {
                refusal ??= error;
            }

            backend?.Dispose();
        }

        throw refusal ?? new QuotientException("no device of this machine computes; 'quotient devices' says what each one lacks");
    }

    /// <summary>Whether a device compiles a kernel, runs it, and brings back what it should: 16 · ½ · ½.</summary>
    private static bool Computes(IBackend backend)
    {
        using var x = backend.Allocate<float>(16);
        using var sum = backend.Allocate<double>(1);
        var result = new double[1];
        backend.Ops<float>().Fill(x.All, 0.5);
        backend.Ops<float>().Dot(x.All, x.All, sum.All);
        backend.Read(sum.All, result);
        return result[0] == 4;
    }

    /// <summary>Takes a backend that the caller owns: <see cref="Dispose"/> leaves it as it is.</summary>
    public static Engine On(IBackend backend) => new(backend, owns: false);

    /// <summary>Evaluates a model on data and keeps what its curvature operators need, in single precision.</summary>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public Linearisation<float> Linearise(
        Model model, Dataset data, Loss? loss = null, LineariseOptions? options = null) =>
        Linearise<float>(model, data, loss, options);

    /// <summary>Evaluates a model on data and keeps what its curvature operators need.</summary>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public Linearisation<T> Linearise<T>(
        Model model, Dataset data, Loss? loss = null, LineariseOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options ??= new();
        var surrogate = Surrogates.For(model.Network, options.Surrogate);
        return Linearisation<T>.Create(Backend, model.ToSurrogate(surrogate), data, loss ?? Loss.CrossEntropy, options with { Surrogate = surrogate });
    }

    /// <summary>Linearises a model file on data that are named by words, for use without type parameters.</summary>
    /// <param name="model">A file that <see cref="Model.Load"/> reads.</param>
    /// <param name="data">Words that <see cref="Dataset.Open"/> understands.</param>
    /// <param name="loss"><c>ce</c> or <c>mse</c>.</param>
    /// <param name="reduction"><c>mean</c> or <c>sum</c> over samples.</param>
    /// <param name="surrogate">What stands for a network of signs: <c>none</c>, <c>hard-tanh-shadow</c>, ….</param>
    /// <param name="precision"><c>single</c> or <c>double</c>.</param>
    /// <param name="progress">Told the share of samples that are done.</param>
    /// <param name="cancellationToken">Stops it between two chunks of samples.</param>
    /// <exception cref="QuotientException">A name is unknown, or the network, the data and the loss do not fit together.</exception>
    public Problem Pose(
        string model, string data, string loss = "ce", string reduction = "mean", string surrogate = "none", string precision = "single",
        IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Pose(Model.Load(model), Dataset.Open(data), loss, reduction, surrogate, precision, progress, cancellationToken);

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
            Progress = progress,
            Cancellation = cancellationToken,
        };
        var kind = Losses.Parse(loss);
        return (Precision)IndexOf("precision", precision, Problem.Precisions) == Precision.Double
            ? new ProblemOf<double>(Linearise<double>(model, data, kind, options), model, data)
            : new ProblemOf<float>(Linearise<float>(model, data, kind, options), model, data);
    }

    /// <summary>A model's loss and error on data, by forward passes alone. The error's share is null where the data has no classes.</summary>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together, or the loss overflows.</exception>
    public Evaluation Evaluate(
        Model model, Dataset data, Loss loss = Loss.CrossEntropy, Precision precision = Precision.Single,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var found = precision == Precision.Double
            ? Evaluation.Run<double>(this, model, data, loss, cancellationToken)
            : Evaluation.Run<float>(this, model, data, loss, cancellationToken);
        Overflow.Check(found.Loss, "loss", precision);
        return found;
    }

    /// <summary>Trains a model; see <see cref="Trainer.Run{T}"/>.</summary>
    /// <exception cref="QuotientException">An option makes no sense, or the network and the data do not fit together.</exception>
    public TrainingResult Train(
        Model model, Dataset train, Dataset? test = null, TrainingOptions? options = null, Precision precision = Precision.Single,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options = (options ?? new()) with { Progress = progress, Cancellation = cancellationToken };
        return precision == Precision.Double
            ? Trainer.Run<double>(this, model, train, test, options)
            : Trainer.Run<float>(this, model, train, test, options);
    }

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

    /// <summary>Closes the device, unless the caller owns it.</summary>
    public void Dispose()
    {
        if (_owns)
        {
            Backend.Dispose();
        }
    }

    private static int IndexOf(string what, string name, IReadOnlyList<string> known)
    {
        int index = known.ToList().IndexOf(name);
        return index >= 0 ? index : throw new QuotientException($"the {what} '{name}' is unknown; choose one of {string.Join(", ", known)}");
    }

    private static (IBackendProvider Provider, int Index) Find(string device)
    {
        string[] parts = device.Split(':');
        int index = 0;
        var provider = Providers.FirstOrDefault(known => known.Kind == parts[0]);
        if (provider is null || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out index)))
        {
            string kinds = string.Join(", ", Providers.Select(known => known.Kind));
            throw new QuotientException($"device '{device}' is unknown; choose auto or one of {kinds}, with ':index' for a later one");
        }

        int count = provider.Devices().Count;
        if (count == 0 && provider.WhyNone() is { } reason)
        {
            throw new QuotientException($"device '{device}' cannot be used: {reason}");
        }

        return index >= 0 && index < count
            ? (provider, index)
            : throw new QuotientException($"device '{device}' does not exist: this machine has {count} of kind '{parts[0]}'");
    }
}
