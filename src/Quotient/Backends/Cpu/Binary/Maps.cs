using System.Numerics;
using Quotient.Backends.Cpu.Vectors;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>1 where x reaches the threshold, else −1.</summary>
internal readonly struct SignMap<T>(T threshold) : IMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, Vector.Create(threshold)), Vector<T>.One, Vector.Create(-T.One));
}

/// <summary>x, no further from 0 than the bound.</summary>
internal readonly struct ClampMap<T>(T bound) : IMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => Vector.Min(Vector.Max(x, Vector.Create(-bound)), Vector.Create(bound));
}

/// <summary>y where x is at most 1 from the centre, else 0.</summary>
internal readonly struct MaskNearMap<T>(T centre) : IMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) =>
        Vector.LessThanOrEqual(Vector.Abs(x - Vector.Create(centre)), Vector<T>.One) & y;
}

/// <summary>(|x| + η)·y.</summary>
internal readonly struct MagnitudeMap<T>(T eta) : IMap<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => (Vector.Abs(x) + Vector.Create(eta)) * y;
}
