using System.Reflection;
using NUnit.Framework;

namespace Quotient.Tests;

/// <summary>The table of <see cref="ThreadSubject"/> holds all public work.</summary>
public class ThreadCallTests
{
    /// <summary>What needs no device, opens its own, or takes what it needs from a device.</summary>
    private static readonly string[] Exempt =
        ["Dataset.Open", "Dataset.OpenAsync", "SelfTest.Run", "DeviceBenchmark.Run", "DiagonalMetric.Trace"];

    [Test]
    public void No_public_call_is_left_out()
    {
        var methods =
            from type in typeof(Engine).Assembly.GetExportedTypes()
            where !type.IsInterface
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken))
            select $"{type.Name.Split('`')[0]}.{method.Name}";
        Assert.That(methods.Distinct().Except(Exempt).Except(ThreadSubject.Calls.Keys), Is.Empty);
    }
}
