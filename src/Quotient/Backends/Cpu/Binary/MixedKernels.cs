using System.Runtime.Intrinsics;
using Quotient.Backends.Cpu.Products;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>The kernels of products of real numbers and signs, at one vector width, by the rows of their tile.</summary>
internal sealed unsafe class MixedKernels<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows of a full tile.</summary>
    public const int RowLimit = 8;

    private readonly delegate*<nint, T*, T*, T*, void>[] _add = new delegate*<nint, T*, T*, T*, void>[RowLimit];

    private MixedKernels()
    {
    }

    /// <summary>The width that suits this machine.</summary>
    public static MixedKernels<T> Best { get; } = OfWidth(8 * sizeof(T) * Kernels<T>.Best.Lanes);

    /// <summary>Those of dense products, whose tiles have the same columns and are finished the same way.</summary>
    public required Kernels<T> Dense { get; init; }

    /// <inheritdoc cref="SignedSums{TSimd, TCodes, TVector, T}.Tabulate"/>
    public delegate*<T*, nint, nint, nint, T*, T*, void> Tabulate { get; private init; }

    /// <inheritdoc cref="Kernels{T}.OfWidth"/>
    public static MixedKernels<T> OfWidth(int bits) => bits switch
    {
        512 => Create<Simd512<T>, Codes512<T>, Vector512<T>>(bits),
        256 => Create<Simd256<T>, Codes256<T>, Vector256<T>>(bits),
        _ => Create<Simd128<T>, Codes128<T>, Vector128<T>>(bits),
    };

    /// <summary>Adds up what a tile's columns choose.</summary>
    public void Add(nint rows, nint count, T* tables, T* codes, T* tile) => _add[rows - 1](count, tables, codes, tile);

    private static MixedKernels<T> Create<TSimd, TCodes, TVector>(int bits)
        where TSimd : ISimd<TVector, T>
        where TCodes : ICodes<TVector, T>
        where TVector : struct
    {
        var kernels = new MixedKernels<T>
        {
            Dense = Kernels<T>.OfWidth(bits),
            Tabulate = &SignedSums<TSimd, TCodes, TVector, T>.Tabulate,
        };
        kernels.Put<TSimd, TCodes, TVector, One>();
        kernels.Put<TSimd, TCodes, TVector, Two>();
        kernels.Put<TSimd, TCodes, TVector, Three>();
        kernels.Put<TSimd, TCodes, TVector, Four>();
        kernels.Put<TSimd, TCodes, TVector, Five>();
        kernels.Put<TSimd, TCodes, TVector, Six>();
        kernels.Put<TSimd, TCodes, TVector, Seven>();
        kernels.Put<TSimd, TCodes, TVector, Eight>();
        return kernels;
    }

    private void Put<TSimd, TCodes, TVector, TRows>()
        where TSimd : ISimd<TVector, T>
        where TCodes : ICodes<TVector, T>
        where TVector : struct
        where TRows : ICount => _add[TRows.Value - 1] = &SignedSums<TSimd, TCodes, TVector, T>.Add<TRows>;
}
