using NUnit.Framework;

namespace Quotient.Tests;

/// <summary>The checkout that the tests were built in, for what they verify of its documents.</summary>
internal static class Repository
{
    /// <summary>The full path of a file in it.</summary>
    public static string At(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The folder of Engine.sln.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Engine.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Engine.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
