using System.Collections;
using System.Text.Json;
using Quotient.Reports;

namespace Quotient.Cli;

/// <summary>What several reports say, each under the same name.</summary>
internal static class Describe
{
    /// <summary>Adds a network and data.</summary>
    public static Report Of(this Report report, Network network, Dataset data) =>
        report.Of(network.ToString(), network.ParameterCount, data.Name, data.Count);

    /// <summary>Adds a network, data, and the loss at θ.</summary>
    public static Report Of(this Report report, Problem problem) => report
        .Of(problem.Network, problem.Parameters, problem.Data, problem.Samples)
        .Fact("surrogate", problem.Surrogate == "none" ? null : "surrogate", problem.Surrogate)
        .Loss(problem.LossName, problem.Loss, problem.Error);

    /// <summary>Adds the loss, and the error where the data has classes.</summary>
    public static Report Loss(this Report report, string name, double loss, double? error) => report
        .Fact("lossName", null, name)
        .Fact("loss", $"loss ({name})", loss)
        .Fact("error", error is null ? null : "error", error, Share(error));

    /// <summary>A share in per cent.</summary>
    public static string Share(double? share) => Figures.Share(share ?? double.NaN);

    /// <summary>A size in memory.</summary>
    public static string Gibibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.0} GiB");

    /// <summary>A record's public properties as the fields of a report, under their names, the first letter small; what is no number as null.</summary>
    public static object? Plain(object? value) => value switch
    {
        null or string or Enum => value,
        double number => double.IsFinite(number) ? number : null,
        IEnumerable items => items.Cast<object?>().Select(Plain).ToList(),
        _ when value.GetType().IsPrimitive => value,
        _ => new Fields([
            .. from one in value.GetType().GetProperties() select (JsonNamingPolicy.CamelCase.ConvertName(one.Name), Plain(one.GetValue(value))),
        ]),
    };

    private static Report Of(this Report report, string network, long parameters, string data, int samples) => report
        .Fact("network", "network", network, $"{network}, {Figures.Counted(parameters, "parameter")}")
        .Fact("parameters", null, parameters)
        .Fact("data", "data", data, $"{data}, {Figures.Counted(samples, "sample")}")
        .Fact("samples", null, samples);
}
