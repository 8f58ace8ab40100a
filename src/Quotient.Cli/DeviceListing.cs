using Quotient.Backends;

namespace Quotient.Cli;

/// <summary>A device and how it is opened.</summary>
internal sealed record ListedDevice(IBackendProvider Provider, int Index, DeviceInfo Info);

/// <summary>What this machine has, the preferred device first. A kind that cannot even be listed is a refusal among others.</summary>
internal sealed class DeviceListing
{
    private readonly List<ListedDevice> _devices = [];
    private readonly List<string> _refusals = [];

    /// <summary>Lists all devices for <c>auto</c>, those of a kind, or one.</summary>
    /// <exception cref="QuotientException">There is none of that name.</exception>
    public DeviceListing(string asked)
    {
        foreach (var provider in Engine.Providers)
        {
            Add(provider);
        }

        if (asked == "auto")
        {
            return;
        }

        string all = string.Join(", ", _devices.Select(device => device.Info.Id));
        _devices.RemoveAll(device => device.Info.Id != asked && device.Provider.Kind != asked);
        if (_devices.Count == 0)
        {
            throw new QuotientException($"device '{asked}' is not on this machine, which has {all}");
        }
    }

    /// <summary>The devices that can be opened.</summary>
    public IReadOnlyList<ListedDevice> Devices => _devices;

    /// <summary>A sentence for each that cannot be used.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    private void Add(IBackendProvider provider)
    {
        try
        {
            _devices.AddRange(provider.Devices().Select((info, index) => new ListedDevice(provider, index, info)));
            _refusals.AddRange(provider.Refusals());
        }
#pragma warning disable CA1031 // A broken driver must not hide the devices that work.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _refusals.Add($"{provider.Kind}: {error.Message}");
        }
    }
}
