using NUnit.Framework;
using Quotient.Files;

namespace Quotient.Tests.Files;

public class RealPathTests
{
    [TestCase("a/b/file", "a/b/file")]
    [TestCase("to-b/file", "a/b/file")]
    [TestCase("to-b/up/x", "a/x")]
    [TestCase("chain/none/x", "a/b/none/x")]
    [TestCase("absolute/file", "a/b/file")]
    [TestCase("dangling", "a/none")]
    public void Links_are_followed_wherever_they_stand(string path, string real)
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.At("a", "b"));
        File.WriteAllText(folder.At("a", "b", "file"), "");
        Directory.CreateSymbolicLink(folder.At("to-b"), "a/b");
        Directory.CreateSymbolicLink(folder.At("a", "b", "up"), "../../to-b/..");
        Directory.CreateSymbolicLink(folder.At("chain"), "./to-b");
        Directory.CreateSymbolicLink(folder.At("absolute"), folder.At("a", "b"));
        File.CreateSymbolicLink(folder.At("dangling"), "a/none");
        Assert.That(RealPath.Of(folder.At(path)), Is.EqualTo(Path.Combine(RealPath.Of(folder.Path), real)));
        Assert.That(RealPath.IsSame(folder.At(path), folder.At(real)));
        Assert.That(RealPath.IsSame(folder.At(path), folder.At("other")), Is.False);
    }
}
