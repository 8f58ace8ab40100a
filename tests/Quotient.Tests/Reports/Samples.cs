using FsCheck;
using FsCheck.Fluent;
using Quotient.Reports;
using Quotient.Results;

namespace Quotient.Tests.Reports;

/// <summary>Analyses to report on: a plain one, a bare one, and generated ones of any scale.</summary>
internal static class Samples
{
    /// <summary>Seeds every property of the reports.</summary>
    public static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(new Replay(new Rnd(20250611UL, 7UL), null));

    private static readonly double[] Extremes =
    [
        0, -0.0, 1, -1, 1e-12, -1e-12, 1e9, -1e9, 5e-324, 1e-300, -1e-300, 1e300, -1e300, double.MaxValue, double.MinValue, double.NaN,
        double.PositiveInfinity, double.NegativeInfinity,
    ];

    /// <summary>Any double, the awkward ones often.</summary>
    public static Gen<double> AnyDouble { get; } = Gen.Frequency(
        (1, Gen.Elements(Extremes)), (2, ArbMap.Default.GeneratorFor<int>().Select(i => i / 7.0)));

    /// <summary>An analysis with nothing but what is required.</summary>
    public static Analysis Bare { get; } = new(
        new("quotient spectrum --model net.safetensors --data strokes:train")
        {
            Device = "cpu:0",
            DeviceName = "a processor",
            Precision = Precision.Single,
            Seed = ulong.MaxValue,
            Products = 1204.5,
            Seconds = 34.567,
        },
        "784-32-10",
        Parameters: 25450,
        "strokes:train",
        Samples: 500,
        "ce",
        Loss: 0.0123456789,
        GradientNorm: 1.0 / 3,
        new("hessian", 25450, [], [], null, null, null, 0));

    /// <summary>Analyses of any shape and any scale.</summary>
    public static Gen<Analysis> Any =>
        from spectrum in AnySpectrum("hessian")
        from layers in Gen.ListOf(AnySpectrum("2"))
        from training in Gen.ListOf(AnyEpoch())
        from loss in AnyDouble
        select Bare with { Loss = loss, Error = loss, Spectrum = spectrum, Layers = layers, Training = Numbered(training) };

    /// <summary>An analysis with everything; two of its eigenvalues and one trace are unconverged.</summary>
    public static Analysis Full { get; } = Bare with
    {
        Error = 0.0035,
        Spectrum = new(
            "hessian", 25450, [new(1.2818034, 2.8e-5, true), new(1.1326, 0.02, false)],
            [new(-0.1774, 4e-5, true), new(-0.11, 0.03, false)], new(12.345678, 0.123, 66, "hutch++", true), Density,
            new(-1234567.8, 345, 300, 45, 1e-6, 0.031, 200), 400),
        Layers = [new("0", 25120, [new(0.9, 1e-5, true)], [], new(3.2, 0.5, 12, "hutchinson", false), null, null, 12)],
        Training = [new(1, 0.5, 0.2, 0.6, 0.25), new(2, 0.1, 0.05, null, null)],
    };

    /// <summary>Almost all mass at zero under a narrow kernel, a little below, and an outlier at 5.</summary>
    public static SpectralDensity Density
    {
        get
        {
            double[] points = [.. Enumerable.Range(0, 1001).Select(i => -0.5 + (i * 0.006))];
            double[] nodes = [-0.2, 0, 5];
            double[] weights = [1e-4, 0.9989, 1e-3];
            double[] values = [.. points.Select(t => nodes.Zip(weights).Sum(node => node.Second * Kernel(t - node.First)))];
            return new(points, values, [.. values.Select(value => 0.1 * value)], "pyhessian", 3e-3, nodes, weights, 100);
        }
    }

    private static double Kernel(double t) => Math.Exp(-0.5 * t * t / 9e-6) / (3e-3 * Math.Sqrt(2 * Math.PI));

    private static Gen<SpectrumResult> AnySpectrum(string name) =>
        from top in Gen.ListOf(AnyEigenvalue())
        from bottom in Gen.ListOf(AnyEigenvalue())
        from hidden in Gen.Choose(0, 100000)
        from trace in AnyDouble
        from density in AnyDensity()
        let estimate = new TraceEstimate(trace, trace, 3, "hutchinson", trace > 0)
        select new SpectrumResult(name, top.Count + bottom.Count + hidden, [.. top], [.. bottom], estimate, density, null, 1);

    private static Gen<Eigenvalue> AnyEigenvalue() =>
        from value in AnyDouble
        from residual in AnyDouble
        from converged in ArbMap.Default.GeneratorFor<bool>()
        select new Eigenvalue(value, residual, converged);

    private static Gen<SpectralDensity?> AnyDensity() =>
        from points in Gen.ListOf(AnyDouble)
        from values in Gen.ArrayOf(AnyDouble, points.Count)
        from errors in Gen.ArrayOf(AnyDouble, points.Count)
        from sigma in AnyDouble
        select points.Count == 0 ? null : new SpectralDensity([.. points], values, errors, "papyan", sigma, values, errors, 1);

    private static Gen<EpochRecord> AnyEpoch() =>
        from loss in AnyDouble
        from error in AnyDouble
        select new EpochRecord(0, loss, error, error, loss);

    private static EpochRecord[] Numbered(IEnumerable<EpochRecord> epochs) =>
        [.. epochs.Select((epoch, i) => epoch with { Epoch = i + 1 })];
}
