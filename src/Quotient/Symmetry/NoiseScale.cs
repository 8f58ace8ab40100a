namespace Quotient.Symmetry;

/// <summary>A network as noise perturbs it, θ + σ z ∘ a, with the scale a of each parameter.</summary>
/// <param name="Model">The network and θ.</param>
/// <param name="Amplitudes">a, 0 where a parameter stays.</param>
internal sealed record NoiseScale(Model Model, double[] Amplitudes)
{
    /// <summary>What a kind of noise on real parameters makes of a model.</summary>
    public static NoiseScale Of(Model model, Noise noise) => noise == Noise.Multiplicative ? Multiplicative(model) : Additive(model);

    private static NoiseScale Multiplicative(Model model)
    {
        var folded = NormFolding.Of(model).Model;
        return new(folded, folded.Parameters);
    }

    /// <summary>
    /// a = r/√dim on each sphere. The last layer is left at its own norm r: what noise relative to r does there is the same at every r, and
    /// the logits, and with them the loss, are the model's own.
    /// </summary>
    private static NoiseScale Additive(Model model)
    {
        var standard = StandardForm.Of(model, new() { LastNorm = null }).Model;
        var spheres = new Spheres(standard.Network);
        int[] dimensions = new int[spheres.Count];
        foreach (int sphere in spheres.Of.Where(sphere => sphere >= 0))
        {
            dimensions[sphere]++;
        }

        double[] radii = spheres.Norms(standard.Parameters);
        return new(standard, [.. spheres.Of.Select(sphere => sphere < 0 ? 0 : radii[sphere] / Math.Sqrt(dimensions[sphere]))]);
    }
}
