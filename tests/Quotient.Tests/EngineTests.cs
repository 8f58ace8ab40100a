using NUnit.Framework;

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
    public void A_device_index_beyond_the_last_is_refused() =>
        Assert.Throws<QuotientException>(() => Engine.Open("reference:7"));
}
