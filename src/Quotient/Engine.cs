using System.Numerics;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Backends.Gpu.Cuda;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Backends.Reference;
using Quotient.Data;
using Quotient.Linearisation;
using Quotient.Networks;

namespace Quotient;

/// <summary>The front door: opens a device, on which everything else is computed.</summary>
public sealed class Engine : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly List<IBackendProvider> Registered =
        [new ReferenceProvider(), new CpuProvider(), new OpenClProvider(), new CudaProvider()];

    private Engine(IBackend backend) => Backend = backend;

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
            return new(OpenFirst(Providers, options));
        }

        var (provider, index) = Find(device);
        return new(provider.Open(index, options));
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

    /// <summary>Evaluates a model on data and keeps what its curvature operators need, in single precision.</summary>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public Linearisation<float> Linearise(
        Model model, Dataset data, Loss? loss = null, LineariseOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Linearise<float>(model, data, loss, options, progress, cancellationToken);

    /// <summary>Evaluates a model on data and keeps what its curvature operators need.</summary>
    /// <exception cref="QuotientException">The network, the data and the loss do not fit together.</exception>
    public Linearisation<T> Linearise<T>(
        Model model, Dataset data, Loss? loss = null, LineariseOptions? options = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        options ??= new();
        var surrogate = Surrogates.For(model.Network, options.Surrogate);
        return new(Backend, model.ToSurrogate(surrogate), data, loss ?? Loss.CrossEntropy, options with { Surrogate = surrogate }, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => Backend.Dispose();

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
