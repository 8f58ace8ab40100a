namespace Quotient.Backends;

/// <summary>The kinds of device known, and the choice among them. Each registers itself in its own file; no list names them all.</summary>
internal static class DeviceKinds
{
    private static readonly Lock Gate = new();

    private static IReadOnlyList<IBackendProvider> _known = [];

    /// <summary>
    /// All of them, most preferred first. How much one is preferred may depend on its devices, which are looked for only now: who names
    /// another kind need not wait for a driver.
    /// </summary>
    public static IReadOnlyList<IBackendProvider> All => [.. _known.OrderByDescending(known => known.Preference)];

    /// <summary>The kind of a device's id, such as <c>cuda</c> of <c>cuda:0</c>; null where it is unknown.</summary>
    public static IBackendProvider? KindOf(string device) => _known.FirstOrDefault(known => known.Kind == device.Split(':')[0]);

    /// <summary>Adds a kind, in place of any other of that name.</summary>
    public static void Register(IBackendProvider provider)
    {
        lock (Gate)
        {
            _known = [.. _known.Where(known => known.Kind != provider.Kind), provider];
        }
    }

    /// <summary>Opens a device by its name, or the best for <c>auto</c>.</summary>
    /// <exception cref="QuotientException">There is no such device.</exception>
    public static IBackend Open(string device, BackendOptions options)
    {
        if (device == "auto" && Environment.GetEnvironmentVariable("QUOTIENT_DEVICE") is { Length: > 0 } named)
        {
            device = named;
        }

        if (device == "auto")
        {
            return OpenFirst(All, options);
        }

        var (provider, index) = Find(device);
        return provider.Open(index, options);
    }

    /// <summary>The first device, of providers in the order of preference, that opens as asked and computes.</summary>
    /// <exception cref="QuotientException">None does as asked.</exception>
    public static IBackend OpenFirst(IEnumerable<IBackendProvider> providers, BackendOptions options)
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

        throw refusal ?? new QuotientException("no device of this machine works; 'quotient devices' says why");
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

    private static (IBackendProvider Provider, int Index) Find(string device)
    {
        string[] parts = device.Split(':');
        int index = 0;
        var provider = KindOf(device);
        if (provider is null || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], out index)))
        {
            string kinds = string.Join(", ", All.Select(known => known.Kind));
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
