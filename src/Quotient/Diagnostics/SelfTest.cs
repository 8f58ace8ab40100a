using System.Diagnostics;
using Quotient.Backends;
using Quotient.Backends.Reference;

namespace Quotient.Diagnostics;

/// <summary>
/// Compares a device with the reference backend on small fixed cases of the operations that matter, in both precisions and in each
/// precision of matrix products that it offers, within ten seconds.
/// </summary>
public sealed class SelfTest
{
    /// <summary>Relative to the largest value; sums here have at most a few thousand terms.</summary>
    private const double SingleTolerance = 1e-5, DoubleTolerance = 1e-12, TensorTolerance = 5e-3;

    /// <summary>No check is begun after this, so that each has some seconds, compilation included, before it is given up.</summary>
    private static readonly TimeSpan LastStart = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10), Glance = TimeSpan.FromMilliseconds(50);

    private readonly Func<MatrixPrecision, IBackend> _open;
    private readonly IReadOnlyList<MatrixPrecision> _products;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _stop;
    private readonly Lock _gate = new();
    private readonly List<OpDifference> _differences = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private volatile string _doing = "the device was being opened";
    private string? _failure;
    private int _checks;

    private SelfTest(
        Func<MatrixPrecision, IBackend> open, IReadOnlyList<MatrixPrecision> products, IProgress<double>? progress,
        CancellationToken stop) =>
        (_open, _products, _progress, _stop) = (open, products, progress, stop);

    /// <summary>Tests a device. Whatever goes wrong is in the result; nothing is thrown but an <see cref="OperationCanceledException"/>.</summary>
    /// <param name="provider">The kind of device.</param>
    /// <param name="index">Which one of the kind.</param>
    /// <param name="options">How it is opened; all matrix precisions are tested unless one is asked for.</param>
    /// <param name="progress">Is told the share that is done.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    public static SelfTestResult Run(
        IBackendProvider provider, int index, BackendOptions options, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        IReadOnlyList<MatrixPrecision> products = [options.Products];
        if (options.Products == MatrixPrecision.Auto)
        {
            products = [MatrixPrecision.Auto, .. provider.Devices()[index].Products.Skip(1)];
        }

        return Run(precision => provider.Open(index, options with { Products = precision }), products, progress, cancellationToken);
    }

    /// <summary>Tests what <paramref name="open"/> opens, once for each of some precisions of matrix products.</summary>
    public static SelfTestResult Run(
        Func<MatrixPrecision, IBackend> open, IReadOnlyList<MatrixPrecision> products, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var test = new SelfTest(open, products, progress, cancellationToken);

        // A device that hangs hangs its thread only.
        var thread = new Thread(test.RunAll) { IsBackground = true, Name = "quotient self-test" };
        thread.Start();
        while (!thread.Join(Glance) && test._clock.Elapsed < Limit)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return test.Result(!thread.IsAlive);
    }

    private int Planned => SelfTestCases.All<float>().Count() + SelfTestCases.All<double>().Count()
        + ((_products.Count - 1) * SelfTestCases.All<float>().Count(one => one.IsProduct));

    private SelfTestResult Result(bool ended)
    {
        lock (_gate)
        {
            string? failure = ended ? _failure : $"{_doing} when {Limit.TotalSeconds:F0} seconds were over";
            return new(_checks, Planned, [.. _differences], failure, _clock.Elapsed.TotalSeconds);
        }
    }

    private void RunAll()
    {
        try
        {
            foreach (var (at, precision) in _products.Index())
            {
                using var backend = _open(precision);
                RunOn(backend, precision, at == 0);
            }
        }
#pragma warning disable CA1031 // Whatever a broken device throws is what the test is after.
        catch (Exception error)
#pragma warning restore CA1031
        {
            lock (_gate)
            {
                _failure = $"{(_checks == 0 ? "" : $"{_doing}: ")}{Sentence(error)}";
            }
        }
    }

    /// <summary>All cases, each in single and then in double; only the products in single where the rest has been seen.</summary>
    private void RunOn(IBackend backend, MatrixPrecision precision, bool isFirst)
    {
        string name = precision == MatrixPrecision.Auto ? "single" : precision.Name();
        double tolerance = precision == MatrixPrecision.Tensor ? TensorTolerance : SingleTolerance;
        foreach (var (single, @double) in SelfTestCases.All<float>().Zip(SelfTestCases.All<double>()))
        {
            if (isFirst || single.IsProduct)
            {
                Check(single, backend, name, tolerance);
            }

            if (isFirst)
            {
                Check(@double, backend, "double", DoubleTolerance);
            }
        }
    }

    private void Check<T>(SelfTestCase<T> one, IBackend backend, string precision, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (_clock.Elapsed > LastStart || _stop.IsCancellationRequested)
        {
            return;
        }

        _doing = $"{one} in {precision} was being computed";
        using var reference = new ReferenceBackend();
        double difference = Difference(Compute(one, backend), Compute(one, reference));
        End(difference <= tolerance ? null : new(one.Op, one.ToString(), precision, difference, tolerance));
    }

    private void End(OpDifference? difference)
    {
        lock (_gate)
        {
            _checks++;
            if (difference is not null)
            {
                _differences.Add(difference);
            }
        }

        _progress?.Report((double)_checks / Planned);
    }

    private static double[] Compute<T>(SelfTestCase<T> one, IBackend backend) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var bench = new SelfTestBench<T>(backend);
        return one.Run(bench);
    }

    private static double Difference(double[] got, double[] wanted)
    {
        double largest = wanted.Max(Math.Abs);
        double difference = got.Zip(wanted, (one, other) => double.IsFinite(one) ? Math.Abs(one - other) : double.PositiveInfinity).Max();
        return difference == 0 ? 0 : difference / largest;
    }

    private static string Sentence(Exception error) => string.Join(
        ' ', (error is QuotientException or DeviceException ? error.Message : $"{error.GetType().Name}, '{error.Message}'")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>What a device's self-test found.</summary>
/// <param name="Checks">The checks made.</param>
/// <param name="Planned">The checks there are; the time may not have sufficed for all.</param>
/// <param name="Differences">Where the device and the reference disagree, in the order found.</param>
/// <param name="Failure">The sentence of what ended the test, or null.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record SelfTestResult(
    int Checks, int Planned, IReadOnlyList<OpDifference> Differences, string? Failure, double Seconds)
{
    /// <summary>Whether everything that was checked is right.</summary>
    public bool Passed => Failure is null && Differences.Count == 0;

    /// <summary>One line for people: <c>ok</c>, the first operation that differs and by how much, or the failure's sentence.</summary>
    public string Verdict
    {
        get
        {
            if (Differences is [var first, ..])
            {
                string others = Differences.Count > 1 ? $", and {Differences.Count - 1} more" : "";
                string then = Failure is null ? "" : $"; then {Failure}";
                return $"{first}{others}{then}";
            }

            string checks = Checks == Planned ? $"{Checks} checks" : $"the first {Checks} of {Planned} checks";
            return Failure ?? string.Create(CultureInfo.InvariantCulture, $"ok: {checks} in {Seconds:F1} s");
        }
    }
}

/// <summary>An operation whose result is not the reference's.</summary>
/// <param name="Op">The operation's name in <see cref="IOps{T}"/>, or <c>Hessian product</c>.</param>
/// <param name="Case">The operation with the way that was checked.</param>
/// <param name="Precision">Of its numbers: <c>double</c>, <c>single</c>, or the matrix precision that was asked for.</param>
/// <param name="Difference">The largest difference, in units of the largest value; infinite where something is not a number.</param>
/// <param name="Allowed">What rounding explains.</param>
public sealed record OpDifference(string Op, string Case, string Precision, double Difference, double Allowed)
{
    /// <inheritdoc/>
    public override string ToString() => double.IsFinite(Difference)
        ? string.Create(CultureInfo.InvariantCulture, $"{Case} in {Precision} differs by {Difference:0.0e-0}, where {Allowed:0e-0} is allowed")
        : $"{Case} in {Precision} gives what is not a number";
}
