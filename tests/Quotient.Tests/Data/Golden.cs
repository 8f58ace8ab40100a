using NUnit.Framework;

namespace Quotient.Tests.Data;

/// <summary>Small arrays that NumPy wrote; make.py beside them says how.</summary>
internal static class Golden
{
    public static string At(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", "data", name);
}
