using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Cpu;

namespace Quotient.Tests;

public class EngineTests
{
    [Test]
    public void An_unknown_device_is_one_clear_sentence()
    {
        var error = Assert.Throws<QuotientException>(() => Engine.Open("abacus"));
        Assert.That(error!.Message, Does.Contain("'abacus'").And.Contain("reference"));
    }

    [Test]
    public void Auto_goes_on_where_the_best_device_does_not_open()
    {
        using var backend = DeviceKinds.OpenFirst([new Broken(), new CpuProvider()], new());
        Assert.That(backend.Device.Id, Is.EqualTo("cpu"));
    }

    [Test]
    public void Auto_says_why_no_device_does_what_is_asked()
    {
        var options = new BackendOptions(0, MatrixPrecision.Tensor);
        var error = Assert.Throws<QuotientException>(() => DeviceKinds.OpenFirst([new Broken(), new CpuProvider()], options));
        Assert.That(error!.Message, Does.Contain("'cpu'").And.Contain("tf32"));
    }

    [Test]
    public void A_device_index_beyond_the_last_is_refused() =>
        Assert.Throws<QuotientException>(() => Engine.Open("reference:7"));

    [Test]
    public void A_device_that_is_named_is_opened_without_a_look_at_others()
    {
        var shy = new Shy();
        Engine.Register(shy);
        Engine.Open("reference").Dispose();
        Assert.That(shy.Looks, Is.Zero);
        Assert.That(Engine.Providers, Does.Contain(shy));
        Assert.That(shy.Looks, Is.Positive);
    }

    /// <summary>Counts how often it is asked for what it could only tell by its devices.</summary>
    private sealed class Shy : IBackendProvider
    {
        private int _looks;

        public int Looks => _looks;

        public string Kind => "shy";

        public int Preference => Interlocked.Increment(ref _looks) > 0 ? -2 : 0;

        public IReadOnlyList<DeviceInfo> Devices()
        {
            Interlocked.Increment(ref _looks);
            return [];
        }

        public IBackend Open(int index, BackendOptions options) => throw new NotSupportedException();
    }

    /// <summary>Lists a device whose driver fails.</summary>
    private sealed class Broken : IBackendProvider
    {
        public string Kind => "broken";

        public int Preference => 99;

        public IReadOnlyList<DeviceInfo> Devices() => [new("broken:0", "a driver that fails", 0, 1, "")];

        public IBackend Open(int index, BackendOptions options) => throw new DeviceException("cuCtxCreate failed with code 999");
    }
}
