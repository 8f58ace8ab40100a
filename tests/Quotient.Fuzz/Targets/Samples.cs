namespace Quotient.Fuzz.Targets;

/// <summary>What must hold of any data set that is accepted.</summary>
internal static class Samples
{
    private const int MostTargets = 1 << 16;

    /// <summary>Its numbers are finite, its labels are classes, and reading it again gives the same.</summary>
    public static void Check(Dataset data, Func<Dataset> again)
    {
        WrongException.Unless(data.Count > 0, "it has no samples");
        WrongException.Unless(data.Labels.IndexOfAnyExceptInRange(0, Math.Max(0, data.Classes - 1)) < 0, "a label is no class");
        var (inputs, targets) = Numbers(data);
        WrongException.Unless(inputs.All(double.IsFinite) && targets.All(double.IsFinite), "a number is not finite");
        var second = again();
        var (sameInputs, sameTargets) = Numbers(second);
        WrongException.Unless(
            inputs.AsSpan().SequenceEqual(sameInputs) && targets.AsSpan().SequenceEqual(sameTargets) && data.Labels.SequenceEqual(second.Labels)
                && data.Sample == second.Sample,
            "read twice, it differs");
    }

    private static (double[] Inputs, double[] Targets) Numbers(Dataset data)
    {
        double[] inputs = new double[(long)data.Count * data.Sample.Size];
        data.CopyInputs<double>(0, data.Count, inputs);
        int width = data.TargetWidth, rows = data.Classes > 0 ? 0 : Math.Min(data.Count, MostTargets / width);
        double[] targets = new double[rows * width];
        data.CopyTargets<double>(0, rows, targets);
        return (inputs, targets);
    }
}
