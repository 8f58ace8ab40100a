using System.Numerics;
using System.Runtime.CompilerServices;

namespace Quotient.Backends.Cpu.Vectors;

/// <summary>z ← f(s, x, y), element by element. z may be x or y.</summary>
internal abstract unsafe class ElementMap<T> where T : unmanaged
{
    public abstract void Run(WorkerPool pool, T s, T* x, T* y, T* z, long length);
}

/// <summary>By the widest vectors of the machine.</summary>
internal sealed unsafe class ElementMap<T, TMap> : ElementMap<T>
    where T : unmanaged
    where TMap : struct, IMap<T>
{
    public static ElementMap<T, TMap> Instance { get; } = new();

    public override void Run(WorkerPool pool, T s, T* x, T* y, T* z, long length)
    {
        var parts = new MapParts(s, x, y, z, length);
        pool.Run(ref parts, Parts.Count<T>(length));
    }

    private readonly struct MapParts(T s, T* x, T* y, T* z, long length) : IParts
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int index, int thread)
        {
            var (start, end) = Parts.Range<T>(index, length);
            var scalar = Vector.Create(s);
            long i = start;
            for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
            {
                TMap.Apply(scalar, Vector.Load(x + i), Vector.Load(y + i)).Store(z + i);
            }

            if (i < end)
            {
                var rest = TMap.Apply(scalar, Parts.LoadRest(x + i, end - i), Parts.LoadRest(y + i, end - i));
                Parts.StoreRest(rest, z + i, end - i);
            }
        }
    }
}

/// <summary>One by one, as the operation's table says.</summary>
internal sealed unsafe class SlowMap<T>(ElementOp<T> f) : ElementMap<T> where T : unmanaged
{
    public override void Run(WorkerPool pool, T s, T* x, T* y, T* z, long length)
    {
        for (long i = 0; i < length; i++)
        {
            z[i] = f.Value(s, x[i], y[i]);
        }
    }
}
