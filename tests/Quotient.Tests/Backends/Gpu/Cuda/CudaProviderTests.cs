using NUnit.Framework;
using Quotient.Backends.Gpu.Cuda;

namespace Quotient.Tests.Backends.Gpu.Cuda;

public class CudaProviderTests
{
    [Test]
    public void Where_CUDA_is_absent_one_sentence_says_what_is_missing()
    {
        if (CudaProvider.Problem() is not { } problem)
        {
            Assert.Ignore("This machine has CUDA.");
            return;
        }

        var error = Assert.Throws<QuotientException>(() => Engine.Open("cuda:0"));
        Assert.That(error!.Message, Is.EqualTo($"device 'cuda:0' cannot be used: {problem}"));
        Assert.That(problem, Does.Contain("driver").Or.Contain("libnvrtc"));
        Assert.That(problem, Does.Not.Contain(". ").And.Not.Contain("\n"), "one sentence");
        Assert.That(new CudaProvider().Devices(), Is.Empty);
    }

    [TestCase(80, new[] { 75, 80, 90 }, new[] { "sm_80" })]
    [TestCase(90, new[] { 75, 80, 90 }, new[] { "sm_90a", "sm_90" })]
    [TestCase(90, new[] { 70, 75, 80 }, new[] { "compute_80" })]
    [TestCase(86, new int[0], new[] { "compute_80" })]
    [TestCase(75, new int[0], new[] { "compute_75" })]
    [TestCase(70, new[] { 75, 80 }, new string[0])]
    public void The_device_s_own_code_is_made_where_the_compiler_knows_the_device(int device, int[] known, string[] wanted) =>
        Assert.That(CudaCompiler.Targets(device, known), Is.EqualTo(wanted));

    [Test]
    public void A_compiler_newer_than_the_driver_is_tried_last()
    {
        string[] files = [.. NvrtcFiles.Candidates(12)];
        Assert.That(files[0], Is.EqualTo("libnvrtc.so.12"));
        Assert.That(files[^1], Does.EndWith("libnvrtc.so.13"));
        Assert.That(NvrtcFiles.Candidates(13).First(), Is.EqualTo("libnvrtc.so.13"));
        Assert.That(files, Is.EquivalentTo(NvrtcFiles.Candidates(13)));
    }
}
