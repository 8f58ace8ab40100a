namespace Quotient.Spectra;

/// <summary>What is asked of one operator's spectrum.</summary>
public sealed record SpectrumRequest
{
    /// <summary>The operator's name in the result.</summary>
    public string Name { get; init; } = "operator";

    /// <summary>How many of the largest eigenvalues.</summary>
    public int Top { get; init; }

    /// <summary>How many of the smallest.</summary>
    public int Bottom { get; init; }

    /// <summary>How the eigenpairs are sought; its selection is replaced by <see cref="Top"/> and <see cref="Bottom"/>.</summary>
    public LanczosOptions Lanczos { get; init; } = new(Selection.Largest(1));

    /// <summary>How the trace is found; null for none.</summary>
    public TraceOptions? Trace { get; init; }

    /// <summary>The density's convention; null for none.</summary>
    public DensityConvention? Density { get; init; }

    /// <summary>Whether the log determinant is wanted.</summary>
    public bool LogDet { get; init; }

    /// <summary>δ of the log determinant; see <see cref="Spectra.LogDet.Estimate"/>.</summary>
    public double? Damping { get; init; }

    /// <summary>The probes and steps of density and log determinant.</summary>
    public QuadratureOptions Quadrature { get; init; } = new();

    /// <summary>The seed of every random number; it replaces the seeds of the options inside.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether a quadrature is needed.</summary>
    internal bool NeedsQuadrature => Density is not null || LogDet;

    /// <summary>The same, with the selection and the seed in their places.</summary>
    internal SpectrumRequest Resolve(long dimension)
    {
        QuotientException.ThrowIf(
            Top < 0 || Bottom < 0, $"eigenvalues asked for are {Top} at the top and {Bottom} at the bottom; neither may be negative");

        var resolved = this with
        {
            Lanczos = Lanczos with { Wanted = Selection.BothEnds(Math.Max(Top, Bottom > 0 ? 0 : 1), Bottom), Seed = Seed },
            Trace = Trace is null ? null : Trace with { Seed = Seed },
            Quadrature = Quadrature with
            {
                Seed = Seed,
                Probes = Quadrature.Probes ?? (LogDet ? QuadratureOptions.LogDetProbes : 1),
            },
        };
        resolved.Lanczos.Check(dimension);
        resolved.Trace?.Check();
        resolved.Quadrature.Check();
        return resolved;
    }
}
