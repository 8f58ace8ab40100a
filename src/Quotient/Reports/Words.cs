using Quotient.Results;

namespace Quotient.Reports;

/// <summary>The names that reports give to things.</summary>
internal static class Words
{
    /// <summary>What marks a figure that did not converge, in every kind of report.</summary>
    public const string Unconverged = "unconverged";

    /// <summary>An operator's name in prose.</summary>
    public static string Operator(string name) => name switch
    {
        "hessian" => "Hessian",
        "gauss-newton" => "Gauss–Newton",
        "fisher" => "Fisher",
        "empirical-fisher" => "Empirical Fisher",
        "jacobian" => "Jacobian",
        _ => name,
    };

    /// <summary>A loss's name in prose.</summary>
    public static string Loss(string name) => name switch
    {
        "ce" => "cross-entropy",
        "mse" => "mean squared error",
        _ => name,
    };

    /// <summary>The function that is differentiated: a loss, and the surrogate whose it is where that is not the network's own.</summary>
    public static string Subject(Analysis analysis) => analysis.Surrogate == "none"
        ? $"{Loss(analysis.LossName)} loss"
        : $"{Loss(analysis.LossName)} loss of the surrogate {analysis.Surrogate}";

    /// <summary>A layer's name: a bare number is told apart from a figure.</summary>
    public static string Layer(string name) => name.Length > 0 && name.All(char.IsAsciiDigit) ? $"layer {name}" : name;

    /// <summary>How a precision is written in commands and in JSON.</summary>
    public static string Of(Precision precision) => precision == Precision.Single ? "single" : "double";

    /// <summary>How convergence is written.</summary>
    public static string Converged(bool converged) => converged ? "yes" : Unconverged;

    /// <summary>A figure as written, marked where it did not converge.</summary>
    public static string Marked(string figure, bool converged) => converged ? figure : $"{figure} {Unconverged}".TrimStart();

    /// <summary>Whether a trace is exact: an error of 0 alone does not make it so.</summary>
    public static bool IsExact(TraceEstimate trace) => trace.Method == "exact";

    /// <summary>A trace with its error, bare only where it is exact.</summary>
    public static string Trace(TraceEstimate trace, int mostDigits = 10) => IsExact(trace)
        ? Figures.WithError(trace.Value, 0)
        : Figures.Estimate(trace.Value, trace.StandardError, mostDigits);

    /// <summary>A count with its noun: <c>1 sample</c>, <c>2 samples</c>.</summary>
    public static string Counted(double count, string noun) => $"{Figures.Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>How many figures of the whole and of the layers did not converge, and how many there are.</summary>
    public static (int Open, int All) Unsettled(Analysis analysis)
    {
        var counts = analysis.Layers.Prepend(analysis.Spectrum).Select(Convergence).ToArray();
        int all = counts.Sum(count => count.All);
        return (all - counts.Sum(count => count.Converged), all);
    }

    /// <summary>A user's text on one line of a terminal: control characters, which could steer it, are replaced.</summary>
    public static string Inline(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    /// <summary>How many of an operator's eigenvalues and trace converged, and how many there are.</summary>
    public static (int Converged, int All) Convergence(SpectrumResult spectrum)
    {
        bool[] all = [.. spectrum.Top.Concat(spectrum.Bottom).Select(pair => pair.Converged), .. Flag(spectrum.Trace)];
        return (all.Count(converged => converged), all.Length);
    }

    private static bool[] Flag(TraceEstimate? trace) => trace is null ? [] : [trace.Converged];
}
