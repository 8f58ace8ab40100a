using NUnit.Framework;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>Small cases of every operation on oclgrind: the results are right, and no kernel does what none may do.</summary>
[Parallelizable(ParallelScope.Children)]
public class OclgrindTests
{
    public static IEnumerable<string> Groups() => SmallCases.Groups.Keys;

    [OneTimeSetUp]
    public void Find() => OclgrindRun.Require();

    [TestCaseSource(nameof(Groups))]
    public void Groups_of_one_thread_do_nothing_wrong(string group) => Check("processor", group);

    [TestCaseSource(nameof(Groups))]
    public void Groups_of_many_threads_do_nothing_wrong(string group) => Check("gpu", group);

    [Test]
    public void The_kernel_for_tensor_cores_does_nothing_wrong([Values("1", "3")] string terms) => Check("tensor", terms);

    [TestCase("overrun", "Invalid write of size 4 at global memory")]
    [TestCase("overread", "Invalid read of size 4 at global memory")]
    [TestCase("race", "Read-write data race at local memory")]
    [TestCase("uninitialised", "Uninitialized value written to global memory")]
    public void A_wrong_kernel_is_found(string kernel, string finding)
    {
        var run = OclgrindRun.Of("wrong", kernel);
        Assert.That(run.Log, Does.Contain(finding).And.Contain($"Kernel: quotient_{kernel}"), run.Output);
    }

    [Test]
    public void A_kernel_like_those_without_their_errors_is_not()
    {
        var run = OclgrindRun.Of("wrong", "right");
        Assert.That((run.Code, run.Log), Is.EqualTo((0, "")), run.Output);
    }

    private static void Check(string way, string group)
    {
        var run = OclgrindRun.Of(way, group, $"{AgainstReference.Seed}");
        Assert.That(run.Log, Is.Empty, $"seed {AgainstReference.Seed}");
        Assert.That(run.Code, Is.Zero, $"seed {AgainstReference.Seed}: {run.Output}");
    }
}
