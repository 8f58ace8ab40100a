using NUnit.Framework;
using Quotient.Experiments;

namespace Quotient.Tests.Experiments;

public class NetFolderTests
{
    private ScratchFolder _folder = null!;

    [SetUp]
    public void Make_a_folder() => _folder = new();

    [TearDown]
    public void Clear() => _folder.Dispose();

    [Test]
    public void Nets_come_in_natural_order_with_their_groups_and_other_files_are_passed_over()
    {
        foreach (string name in new[] { "sgd-10.safetensors", "sgd-2.onnx", "re-sgd-1.safetensors", "alone.safetensors" })
        {
            Save(name, "2-4-3");
        }

        File.WriteAllText(_folder.At("notes.txt"), "mine");
        File.WriteAllText(_folder.At("sgd-1.state"), "not a net");
        var nets = NetFolder.Read(_folder.Path);
        Assert.That(nets.Select(net => net.Name), Is.EqualTo(new[] { "alone", "re-sgd-1", "sgd-2", "sgd-10" }));
        Assert.That(nets.Select(net => net.Group), Is.EqualTo(new[] { "alone", "re-sgd", "sgd", "sgd" }));
        Assert.That(nets[3].Model.Parameters, Is.EqualTo(Model.Load(_folder.At("sgd-10.safetensors")).Parameters));
    }

    [TestCase("-1", "-1")]
    [TestCase("a-", "a")]
    [TestCase("a-b-c", "a-b")]
    [TestCase("net12", "net")]
    [TestCase("12", "12")]
    public void The_group_is_the_name_up_to_the_last_hyphen_or_without_its_number(string name, string group) => Assert.That(NetFolder.GroupOf(name), Is.EqualTo(group));

    [Test]
    public void A_net_of_another_architecture_is_named()
    {
        Save("a-1.safetensors", "2-4-3");
        Save("b-1.safetensors", "2-5-3");
        Refuses("b-1.safetensors", "2-5-3", "a-1.safetensors", "2-4-3");
    }

    [Test]
    public void Too_few_nets_and_two_of_one_name_are_refused()
    {
        Refuses(_folder.Path, "0 nets", "two or more");
        Save("a-1.safetensors", "2-4-3");
        Refuses("1 net");
        Save("a-1.onnx", "2-4-3");
        Refuses("two nets", "'a-1'");
    }

    [Test]
    public void A_folder_that_is_not_there_and_a_damaged_net_are_named()
    {
        Assert.That(
            () => NetFolder.Read(_folder.At("none")), Throws.TypeOf<QuotientException>().With.Message.Contains("the folder of nets is").And.Message.Contains("none', which does not exist"));
        Save("a-1.safetensors", "2-4-3");
        File.WriteAllText(_folder.At("a-2.safetensors"), "damaged");
        Refuses("a-2.safetensors");
    }

    private void Save(string name, string architecture) => Model.Initialise(Network.Parse(architecture), Initialisation.He, 1).Save(_folder.At(name));

    private void Refuses(params string[] words)
    {
        var error = Assert.Throws<QuotientException>(() => NetFolder.Read(_folder.Path))!;
        Assert.That(error.Message, Does.Not.Contain("\n"));
        foreach (string word in words)
        {
            Assert.That(error.Message, Does.Contain(word));
        }
    }
}
