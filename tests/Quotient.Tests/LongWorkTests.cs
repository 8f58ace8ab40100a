using System.Reflection;
using NUnit.Framework;
using Quotient.Training;

namespace Quotient.Tests;

/// <summary>Long work is told where to report and when to stop by its last parameters, and by nothing else.</summary>
public class LongWorkTests
{
    private static readonly Type[] Public = typeof(Engine).Assembly.GetExportedTypes();

    [Test]
    public void Progress_and_cancellation_are_the_last_parameters()
    {
        var methods = Public.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters().Any(IsOfLongWork)).ToList();
        Assert.That(methods, Has.Count.GreaterThan(20));
        Assert.That(methods.Where(method => !EndsAsItShould(method.GetParameters())).Select(method => $"{method.DeclaringType}.{method.Name}"), Is.Empty);
    }

    [Test]
    public void No_options_hold_them() => Assert.That(
        Public.SelectMany(type => type.GetProperties().Where(property => IsProgress(property.PropertyType) || property.PropertyType == typeof(CancellationToken))
            .Select(property => $"{type}.{property.Name}")),
        Is.Empty);

    [Test]
    public void What_a_report_of_progress_throws_is_the_callers_business()
    {
        using var engine = Engine.Open("cpu", 2);
        var (model, data) = (Model.Initialise(Network.Mlp([2, 4, 3]), Initialisation.He, 1), Dataset.Open("spirals[0:30]"));
        using var problem = engine.Pose(model, data);
        var throwing = new Throwing();
        Assert.That(() => engine.Train(model, data, options: new() { Epochs = 2 }, progress: throwing), Throws.Exception.SameAs(throwing.Own));
        Assert.That(() => problem.Gradient(throwing), Throws.Exception.SameAs(throwing.Own));
        Assert.That(problem.Gradient(), Has.Some.Not.Zero, "the engine works on");
    }

    private static bool EndsAsItShould(ParameterInfo[] parameters)
    {
        string[] ends = [.. parameters.SkipWhile(parameter => !IsOfLongWork(parameter)).Select(parameter => parameter.Name!)];
        return ends is ["progress"] or ["cancellationToken"] or ["progress", "cancellationToken"];
    }

    private static bool IsOfLongWork(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(CancellationToken) || IsProgress(parameter.ParameterType);

    private static bool IsProgress(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IProgress<>);

    private sealed class Throwing : IProgress<double>, IProgress<TrainingProgress>
    {
        public Exception Own { get; } = new InvalidTimeZoneException("the caller's own");

        public void Report(double value) => throw Own;

        public void Report(TrainingProgress value) => throw Own;
    }
}
