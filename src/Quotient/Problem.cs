using Quotient.Backends;
using Quotient.Results;
using Quotient.Spectra;

namespace Quotient;

/// <summary>
/// A network at parameters θ on data, without type parameters: vectors are host arrays of doubles, choices are names. It is what a
/// command line, a C interface or another language needs; <see cref="Linearisation.Linearisation{T}"/>, on which it stands, gives more.
/// </summary>
/// <remarks>
/// <see cref="Engine.Pose(string, string, string, string, string, string, IProgress{double}?, CancellationToken)"/> makes one. Like its engine
/// it serves one thread at a time. Every result is finite, or a <see cref="QuotientException"/> says which is not; every name that is unknown
/// is a <see cref="QuotientException"/> that lists the known ones.
/// </remarks>
public abstract class Problem : IDisposable
{
    /// <summary>The curvature matrices, by name.</summary>
    public static IReadOnlyList<string> Operators { get; } = [.. ProblemOf<double>.Operators.Keys];

    /// <summary>The precisions, by name.</summary>
    public static IReadOnlyList<string> Precisions { get; } = ["single", "double"];

    /// <summary>The ways to join the losses of samples, by name.</summary>
    public static IReadOnlyList<string> Reductions { get; } = ["mean", "sum"];

    private protected Problem(Model model, Dataset data, IBackend backend, string loss, string surrogate, string precision)
    {
        Source = model;
        (Network, Data, Samples, Parameters) = (model.Network.ToString(), data.Name, data.Count, model.Network.ParameterCount);
        (Device, DeviceName) = (backend.Device.Id, backend.Device.Name);
        (LossName, Surrogate, Precision) = (loss, surrogate, precision);
    }

    /// <summary>The network, such as <c>784-512-10</c>.</summary>
    public string Network { get; }

    /// <summary>The data, such as <c>mnist:train[0:1000]</c>.</summary>
    public string Data { get; }

    /// <summary>The number of samples, N.</summary>
    public int Samples { get; }

    /// <summary>The length of θ.</summary>
    public long Parameters { get; }

    /// <summary>The id of the device that computes: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public string Device { get; }

    /// <summary>The maker's name of the device.</summary>
    public string DeviceName { get; }

    /// <summary>The loss's name, such as <c>ce</c>.</summary>
    public string LossName { get; }

    /// <summary>What stands for a binary network, whose own loss has no curvature; <c>none</c> where the network is its own.</summary>
    public string Surrogate { get; }

    /// <summary>The arithmetic's precision: <c>single</c> or <c>double</c>.</summary>
    public string Precision { get; }

    /// <summary>The names of the layers with parameters, in the order of θ.</summary>
    public abstract IReadOnlyList<string> Layers { get; }

    /// <summary>The loss L at θ.</summary>
    public abstract double Loss { get; }

    /// <summary>The share of samples that are classified wrongly; null where the data has no classes.</summary>
    public abstract double? Error { get; }

    /// <summary>∇L(θ). Shape: the length of θ.</summary>
    public abstract double[] Gradient(IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// L(θ) and ‖∇L(θ)‖₂, computed in double whatever the precision: near a minimum single precision's are mostly rounding.
    /// </summary>
    public abstract (double Loss, double GradientNorm) LossAndGradientNorm(
        IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>‖g − ∇L(θ)‖₂ of a g that <see cref="Gradient"/> gave, by a gradient in double; null where it is in double itself.</summary>
    public abstract double? GradientError(
        double[] gradient, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>A v, with the curvature matrix A of that name. Shapes: both the length of θ.</summary>
    public abstract double[] Product(
        string matrix, double[] v, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>‖p − A v‖₂ of a p that <see cref="Product"/> gave, by a product in double; null where it is in double itself.</summary>
    public abstract double? ProductError(
        string matrix, double[] v, double[] product, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>diag A, exactly. Shape: the length of θ.</summary>
    public abstract double[] Diagonal(string matrix, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>tr A, exactly.</summary>
    public abstract double Trace(string matrix, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Extreme eigenvalues, trace, density and log determinant of A, as asked for.</summary>
    public abstract SpectrumResult Spectrum(
        string matrix, SpectrumRequest request, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Largest eigenvalues and trace of each layer's diagonal block of A. A network's outputs are linear in the parameters of one layer, so
    /// a block has no negative eigenvalues and a wide null space: its smallest ones would cost much and say nothing.
    /// </summary>
    public abstract IReadOnlyList<SpectrumResult> LayerSpectra(
        string matrix, SpectrumRequest request, IProgress<SpectrumProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Moves to other parameters θ of the same network, keeping data and memory.</summary>
    public abstract void MoveTo(
        double[] parameters, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>‖v‖₂, scaled by the largest entry, so that no square overflows or vanishes.</summary>
    public static double Norm(ReadOnlySpan<double> v)
    {
        double scale = 0, sum = 0;
        foreach (double value in v)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        foreach (double value in v)
        {
            sum += value / scale * (value / scale);
        }

        return scale > 0 ? scale * Math.Sqrt(sum) : 0;
    }

    /// <summary>The model that was given, before a surrogate takes its place.</summary>
    private protected Model Source { get; }
}
