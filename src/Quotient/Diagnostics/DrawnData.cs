using Quotient.Data;
using Quotient.Networks;

namespace Quotient.Diagnostics;

/// <summary>Data for timings, where it matters how many samples there are and not what they show.</summary>
internal static class DrawnData
{
    /// <summary>Inputs uniform on [0, 1) for a network, and labels each of its classes with equal probability.</summary>
    public static Dataset For(Network network, int samples, Random random, string name = "drawn")
    {
        var x = new float[samples * network.Input.Size];
        foreach (ref float value in x.AsSpan())
        {
            value = random.NextSingle();
        }

        int classes = network.Output.Size;
        int[] labels = [.. Enumerable.Range(0, samples).Select(_ => random.Next(classes))];
        return Dataset.Classification(name, network.Input, SampleStore.Floats(x, network.Input.Size), labels, classes);
    }
}
