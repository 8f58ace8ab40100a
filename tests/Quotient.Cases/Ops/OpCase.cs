using System.Numerics;

namespace Quotient.Cases.Ops;

/// <summary>
/// One operation at one shape: how its inputs are made, how it is called, and which buffers it writes. Tests compare what
/// two backends write; benchmarks call it again and again.
/// </summary>
public abstract class OpCase(string operation, string shape)
{
    /// <summary>The name of the operation, a method of IOps.</summary>
    public string Operation { get; } = operation;

    /// <summary>Floating-point operations of a call, or 0 where bytes say more.</summary>
    public virtual double Operations => 0;

    /// <summary>Elements read and written by a call.</summary>
    public virtual double Elements => 0;

    /// <summary>Whether buffers begin anywhere and rows may lie apart; else every row begins where a vector may.</summary>
    public bool Ragged { get; init; } = true;

    /// <summary>The operation's name and shape.</summary>
    public override string ToString() => $"{Operation}({shape})";

    /// <summary>Makes inputs and outputs on a bench and returns the call.</summary>
    public abstract Action Prepare<T>(OpBench<T> s) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Runs the case once on a backend, with inputs drawn from a seed, and returns what it wrote.</summary>
    public IReadOnlyList<Output> Run<T>(Backends.IBackend backend, int seed) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var bench = new OpBench<T>(backend, seed, Ragged);
        Prepare(bench)();
        return bench.Outputs();
    }

    /// <summary>Runs the case once on two backends, and says of each buffer how what the first wrote differs from the second's.</summary>
    public IEnumerable<Difference> Compare<T>(Backends.IBackend backend, Backends.IBackend reference, int seed)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Run<T>(backend, seed).Zip(Run<T>(reference, seed), (got, wanted) => new Difference(got.ErrorAgainst(wanted), got.Overrun));

    /// <summary>A call with its buffers.</summary>
    protected static Action Call<TX>(TX x, Action<TX> call) => () => call(x);

    /// <inheritdoc cref="Call{TX}"/>
    protected static Action Call<TX, TY>(TX x, TY y, Action<TX, TY> call) => () => call(x, y);

    /// <inheritdoc cref="Call{TX}"/>
    protected static Action Call<TX, TY, TZ>(TX x, TY y, TZ z, Action<TX, TY, TZ> call) => () => call(x, y, z);

    /// <inheritdoc cref="Call{TX}"/>
    protected static Action Call<TX, TY, TZ, TW>(TX x, TY y, TZ z, TW w, Action<TX, TY, TZ, TW> call) => () => call(x, y, z, w);
}

/// <summary>How what one backend wrote into a buffer differs from what another did.</summary>
/// <param name="Error">The largest difference, relative to the largest wanted value; not a number if either holds one alone.</param>
/// <param name="Overrun">A sentence if anything around the elements was written too, else null.</param>
public readonly record struct Difference(double Error, string? Overrun);

/// <summary>What an operation wrote into one buffer.</summary>
/// <param name="Values">The elements, as doubles.</param>
/// <param name="Scale">What an error is compared with where the values themselves are smaller.</param>
/// <param name="Overrun">A sentence if anything around the elements was written too, else null.</param>
public sealed record Output(double[] Values, double Scale, string? Overrun)
{
    /// <summary>Whether any difference at all is an error.</summary>
    public bool IsExact { get; init; }

    /// <summary>
    /// The largest difference, relative to the largest wanted value; not a number if either holds one alone; infinite if there
    /// must be none.
    /// </summary>
    public double ErrorAgainst(Output wanted)
    {
        double difference = 0, norm = wanted.Scale;
        for (int i = 0; i < Values.Length; i++)
        {
            if (double.IsFinite(Values[i]) != double.IsFinite(wanted.Values[i]))
            {
                return double.NaN;
            }

            bool same = Values[i].Equals(wanted.Values[i]);
            difference = same ? difference : Math.Max(difference, Math.Abs(Values[i] - wanted.Values[i]));
            norm = Math.Max(norm, Math.Abs(wanted.Values[i]));
        }

        return difference == 0 ? 0 : IsExact ? double.PositiveInfinity : difference / norm;
    }
}
