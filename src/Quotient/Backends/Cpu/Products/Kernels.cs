using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Products;

/// <summary>The micro-kernels of one vector width and precision, by the size of their tile.</summary>
internal sealed unsafe class Kernels<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Columns of a full tile, in vectors.</summary>
    public const int Vectors = 2;

    /// <summary>The most rows that any tile has.</summary>
    public const int RowLimit = 12;

    private readonly delegate*<nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[] _tiles = new delegate*<
        nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[Vectors * RowLimit];

    private readonly delegate*<nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[] _dots = new delegate*<
        nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[Vectors * RowLimit];

    private readonly delegate*<nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[] _lists = new delegate*<
        nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[Vectors * RowLimit];

    private readonly delegate*<nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[] _runs = new delegate*<
        nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[Vectors * RowLimit];

    private readonly delegate*<nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[] _dotRuns = new delegate*<
        nint, T*, nint, nint, T*, nint, nint, int*, T*, void>[Vectors * RowLimit];

    private Kernels(int lanes, int registers)
    {
        Lanes = lanes;
        Rows = registers >= 32 ? RowLimit : RowLimit / 2;
    }

    /// <summary>The width that suits this machine.</summary>
    public static Kernels<T> Best { get; } = OfWidth(
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128);

    /// <summary>Elements of a vector.</summary>
    public int Lanes { get; }

    /// <summary>Rows of a full tile: as many as the registers hold.</summary>
    public int Rows { get; }

    /// <summary>Columns of a full tile.</summary>
    public int Columns => Vectors * Lanes;

    /// <summary>Adds the finished tile to the result.</summary>
    public delegate*<T*, int, int, StridedProduct<T>*, nint, nint, bool, bool, void> Finish { get; private init; }

    /// <summary>Adds finished neighbours to a row of the result.</summary>
    public delegate*<T*, nint, T*, T, T, T*, bool, T*, void> FinishRow { get; private init; }

    /// <summary>The kernels of vectors of 128, 256 or 512 bits, which work, if slowly, where the machine has none such.</summary>
    public static Kernels<T> OfWidth(int bits) => bits switch
    {
        512 => Create<Simd512<T>, Vector512<T>>(32),
        256 => Create<Simd256<T>, Vector256<T>>(Avx512F.VL.IsSupported ? 32 : 16),
        _ => Create<Simd128<T>, Vector128<T>>(Avx512F.VL.IsSupported || !Sse.IsSupported ? 32 : 16),
    };

    /// <summary>Multiplies a tile: left values broadcast, columns adjacent.</summary>
    public void Multiply(int rows, int vectors, nint depth, T* a, nint aRow, nint aStep, T* b, nint bStep, T* tile) =>
        _tiles[(Vectors * (rows - 1)) + vectors - 1](depth, a, aRow, aStep, b, 0, bStep, null, tile);

    /// <summary>Multiplies a tile of which the left factor holds only <paramref name="count"/> steps, at the places listed.</summary>
    public void MultiplySome(
        int rows, int vectors, nint count, int* places, T* a, nint aRow, nint aStep, T* b, nint bStep, T* tile) =>
        _lists[(Vectors * (rows - 1)) + vectors - 1](count, a, aRow, aStep, b, 0, bStep, places, tile);

    /// <summary>Multiplies a tile over <paramref name="count"/> runs of steps, at least one.</summary>
    public void MultiplyRuns(int rows, int vectors, nint count, StepRun* runs, T* a, nint aRow, nint aStep, T* b, nint bStep, T* tile) =>
        _runs[(Vectors * (rows - 1)) + vectors - 1](count, a, aRow, aStep, b, 0, bStep, (int*)runs, tile);

    /// <summary>Multiplies a tile of dots over <paramref name="vectors"/> vectors of k.</summary>
    public void Dot(int rows, int columns, nint vectors, T* a, nint aRow, T* b, nint bColumn, T* tile) =>
        _dots[(Vectors * (rows - 1)) + columns - 1](vectors, a, aRow, Lanes, b, bColumn, Lanes, null, tile);

    /// <summary>Multiplies a tile of dots over <paramref name="count"/> runs of steps, at least one, each step a vector.</summary>
    public void DotRuns(
        int rows, int columns, nint count, StepRun* runs, T* a, nint aRow, nint aStep, T* b, nint bColumn, nint bStep, T* tile) =>
        _dotRuns[(Vectors * (rows - 1)) + columns - 1](count, a, aRow, aStep, b, bColumn, bStep, (int*)runs, tile);

    private static Kernels<T> Create<TSimd, TVector>(int registers)
        where TSimd : ISimd<TVector, T>
        where TVector : struct
    {
        var kernels = new Kernels<T>(TSimd.Lanes, registers)
        {
            Finish = &TileFinish<TSimd, TVector, T>.Finish,
            FinishRow = &TileFinish<TSimd, TVector, T>.Row,
        };
        kernels.Add<TSimd, TVector, One>();
        kernels.Add<TSimd, TVector, Two>();
        kernels.Add<TSimd, TVector, Three>();
        kernels.Add<TSimd, TVector, Four>();
        kernels.Add<TSimd, TVector, Five>();
        kernels.Add<TSimd, TVector, Six>();
        kernels.Add<TSimd, TVector, Seven>();
        kernels.Add<TSimd, TVector, Eight>();
        kernels.Add<TSimd, TVector, Nine>();
        kernels.Add<TSimd, TVector, Ten>();
        kernels.Add<TSimd, TVector, Eleven>();
        kernels.Add<TSimd, TVector, Twelve>();
        return kernels;
    }

    private void Add<TSimd, TVector, TRows>()
        where TSimd : ISimd<TVector, T>
        where TVector : struct
        where TRows : ICount
    {
        int first = Vectors * (TRows.Value - 1);
        _tiles[first] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, One, Broadcasting>;
        _tiles[first + 1] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, Two, Broadcasting>;
        _lists[first] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, One, Listing>;
        _lists[first + 1] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, Two, Listing>;
        _runs[first] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, One, Running>;
        _runs[first + 1] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, Two, Running>;
        _dotRuns[first] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, One, DotRunning>;
        _dotRuns[first + 1] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, Two, DotRunning>;
        _dots[first] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, One, Dotting>;
        _dots[first + 1] = &MicroKernel<TSimd, TVector, T>.Multiply<TRows, Two, Dotting>;
    }
}
