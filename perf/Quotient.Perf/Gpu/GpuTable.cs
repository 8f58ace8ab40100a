using System.Globalization;
using Quotient.Backends;

namespace Quotient.Perf.Gpu;

/// <summary>A row of the comparison.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Ours">Our seconds.</param>
/// <param name="Peer">Whose are beside them.</param>
/// <param name="Theirs">Their seconds.</param>
/// <param name="Aim">The ratio theirs / ours that is wanted; NaN for none.</param>
/// <param name="Floor">Seconds that the device's peaks allow; NaN where those are not known.</param>
internal sealed record GpuRow(string Name, double Ours, string Peer, double Theirs, double Aim, double Floor)
{
    /// <summary>The share of the floor that is wanted; NaN for none.</summary>
    public double ShareAim { get; init; } = double.NaN;

    /// <summary>How many times as fast ours is.</summary>
    public double Ratio => Theirs / Ours;

    /// <summary>The share of the floor that ours reaches.</summary>
    public double Share => Floor / Ours;
}

/// <summary>Our figures and the peers' in one table: ratio beside aim, floor beside share.</summary>
internal sealed class GpuTable(IReadOnlyList<GpuLine> lines, DevicePeaks peaks, MatrixPrecision standard)
{
    private const string Torch = "gpu_torch.py", Jax = "gpu_jax.py", Ours = "quotient";

    /// <summary>Bytes a second: the best stream of all programs, which an interface's figure may be above and no program is.</summary>
    private double Bandwidth => lines.Where(line => line is { What: "copies" or "orthogonalisation", Seconds: not null })
        .Max(line => LineOf(Ours, line.What!)!.Figure("bytes") / line.Seconds!.Values.Min(seconds => seconds.Min));

    public IReadOnlyList<GpuRow> Rows()
    {
        double gemm = 2 * Math.Pow(LineOf(Ours, "gemm")?.Figure("size") ?? double.NaN, 3);
        double copied = LineOf(Ours, "copies")?.Figure("bytes") ?? double.NaN;
        return
        [
            .. Row("product of matrices, fp32", "gemm", "fp32", Torch, "fp32", 0.8, gemm / peaks.Single),
            .. Row("product of matrices, tf32x3 beside fp32", "gemm", "tf32x3", Torch, "fp32", 1.3, 3 * gemm / peaks.Tensor),
            .. Row("product of matrices, tf32", "gemm", "tf32", Torch, "tf32", double.NaN, gemm / peaks.Tensor),
            .. Row("product of matrices, fp32", "gemm", "fp32", Jax, "fp32", double.NaN, gemm / peaks.Single),
            .. Alone("copy on the device", "copies", "copy", 0.9, copied / Bandwidth),
            .. Row("copy on the device", "copies", "copy", Torch, "copy", double.NaN, copied / Bandwidth),
            .. Row("copy on the device", "copies", "copy", Jax, "copy", double.NaN, copied / Bandwidth),
            .. Alone("orthogonalisation against a basis", "orthogonalisation", "project, deflate", 0.8, WorkFloor("orthogonalisation")),
            .. Net("Hessian product, small batch", "product", double.NaN, 4, 2),
            .. Net("Hessian product, whole set", "large-product", 2.5, double.NaN, 1.3),
            .. Row("Lanczos, re-orthogonalised", "lanczos", "Krylov space", Torch, "retained", 3, WorkFloor("lanczos")),
            .. Row("Lanczos, re-orthogonalised", "lanczos", "Krylov space", Jax, "linearize", double.NaN, WorkFloor("lanczos")),
        ];
    }

    /// <summary>The rows as Markdown, then the accuracy of each, then what was skipped.</summary>
    public IEnumerable<string> Markdown()
    {
        yield return "| measurement | ours | peer | theirs | theirs / ours | aim | floor | share |";
        yield return "|---|--:|---|--:|--:|--:|--:|--:|";
        foreach (var row in Rows())
        {
            yield return $"| {row.Name} | {Time(row.Ours)} | {row.Peer} | {Time(row.Theirs)} | {Number(row.Ratio)} "
                + $"| {(double.IsNaN(row.ShareAim) ? Number(row.Aim) : Share(row.ShareAim))} | {Time(row.Floor)} | {Share(row.Share)} |";
        }

        yield return "";
        foreach (string line in Accuracy())
        {
            yield return $"- {line}";
        }

        foreach (var line in lines.Where(line => line.Skipped is not null))
        {
            yield return $"- {line.Program}{(line.What is null ? "" : $", {line.What}")}: skipped, {line.Skipped}";
        }
    }

    private IEnumerable<GpuRow> Net(string name, string what, double eager, double compiled, double jax) =>
    [
        .. Row(name, what, "linearised", Torch, "eager", eager, WorkFloor(what)),
        .. Row(name, what, "linearised", Torch, "retained", double.NaN, WorkFloor(what)),
        .. Row(name, what, "linearised", Torch, "compile", compiled, WorkFloor(what)),
        .. Row(name, what, "linearised", Torch, "compile, CUDA graphs", compiled, WorkFloor(what)),
        .. Row(name, what, "linearised", Jax, "linearize", jax, WorkFloor(what)),
    ];

    /// <summary>A row, where we have the figure; the peer's may be missing.</summary>
    private IEnumerable<GpuRow> Row(string name, string what, string way, string program, string theirWay, double aim, double floor)
    {
        if (Seconds(Ours, what, way) is not double.NaN and var ours)
        {
            double theirs = Seconds(program, what, theirWay);
            string peer = $"{(program == Torch ? "PyTorch" : "JAX")}, {theirWay}";
            if (double.IsFinite(theirs) || double.IsFinite(aim))
            {
                yield return new(name, ours, peer, theirs, aim, floor);
            }
        }
    }

    /// <summary>A row that is held to its floor alone.</summary>
    private IEnumerable<GpuRow> Alone(string name, string what, string way, double shareAim, double floor) =>
        Seconds(Ours, what, way) is not double.NaN and var ours
            ? [new(name, ours, "–", double.NaN, double.NaN, floor) { ShareAim = shareAim }]
            : [];

    /// <summary>Operations at the peak of the arithmetic used, and bytes at the best bandwidth.</summary>
    private double WorkFloor(string what)
    {
        var line = LineOf(Ours, what);
        double operations = line?.Figure("operations") ?? double.NaN, bytes = line?.Figure("bytes") ?? double.NaN;
        return (double.IsNaN(operations) ? 0 : operations / peaks.Of(standard)) + (double.IsNaN(bytes) ? 0 : bytes / Bandwidth);
    }

    private IEnumerable<string> Accuracy()
    {
        foreach (var line in lines.Where(line => line.Seconds is not null))
        {
            var errors = line.Seconds!.Keys.Select(way => (way, error: line.Figure("error", way))).Where(pair => double.IsFinite(pair.error));
            string text = string.Join(", ", errors.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.way} {pair.error:0.0e-0}")));
            string ours = string.Create(CultureInfo.InvariantCulture, $"{line.Figure("oursError"):0.0e-0}");
            if (text.Length > 0)
            {
                yield return $"{line.Program}, {line.What}: error {text}{(double.IsFinite(line.Figure("oursError")) ? $"; ours {ours}" : "")}";
            }

            if (double.IsFinite(line.Figure("nonOrthogonality")))
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Program}, {line.What}: max |V Vᵀ − I| {line.Figure("nonOrthogonality"):0.0e-0}, largest eigenvalue {line.Figure("largest"):G6}");
            }
        }
    }

    private GpuLine? LineOf(string program, string what) => lines.FirstOrDefault(line => line.Program == program && line.What == what);

    private double Seconds(string program, string what, string way) =>
        LineOf(program, what)?.Seconds?.GetValueOrDefault(way)?.Min ?? double.NaN;

    private static string Share(double value) => double.IsNaN(value) ? "–" : value.ToString("P0", CultureInfo.InvariantCulture);

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Time(double seconds) => double.IsNaN(seconds) ? "–"
        : seconds < 1e-3 ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:G4} µs")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:G4} ms");
}
