namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// Dense factors: some columns of a product over some steps of k, which are packed at once and then multiplied by all rows of A.
/// </summary>
internal readonly unsafe struct Slab<T> : IFactors<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Kernels<T> _kernels;
    private readonly nint _firstDepth, _blockDepth;
    private readonly bool _packsA, _sharesA;

    public Slab(
        in StridedProduct<T> product, in Blocking blocking, Kernels<T> kernels, Scratch scratch,
        nint column, nint columns, nint k, nint depth)
    {
        (_kernels, _firstDepth, _blockDepth) = (kernels, k, blocking.Depth);
        (_packsA, _sharesA, FirstColumn) = (blocking.PackA, blocking.ShareA, column);

        // What lies in memory as the kernel reads it stays in place, except a last panel that ends inside a vector.
        nint panels = Blocking.CeilingDivide(columns, kernels.Columns);
        nint inPlace = columns % kernels.Lanes == 0 ? panels : panels - 1, firstDepth = product.FirstDepth - k;
        B = new()
        {
            Source = new(
                product.B + (k * product.BRow) + (column * product.BColumn), product.BColumn, product.BRow, product.SecondB, firstDepth),
            Extent = columns,
            Depth = depth,
            BlockDepth = blocking.Depth,
            Width = kernels.Columns,
            FirstPacked = blocking.PackB ? 0 : inPlace,
        };
        A = new()
        {
            Source = new(product.A + (k * product.AColumn), product.ARow, product.AColumn, product.SecondA, firstDepth),
            Extent = blocking.ShareA ? product.Rows : 0,
            Depth = depth,
            BlockDepth = blocking.Depth,
            Width = kernels.Rows,
        };
        T* packed = scratch.Shared<T>(B.PackedLength + A.PackedLength);
        B = B with { Target = packed };
        A = A with { Target = packed + B.PackedLength };
    }

    public static bool Prefetches => true;

    public readonly Panels<T, Strided<T>> B;

    /// <summary>A, packed by all threads together, where <see cref="Blocking.ShareA"/>; else what each part packs of it.</summary>
    public readonly Panels<T, Strided<T>> A;

    public nint FirstColumn { get; }

    public nint TileRows => _kernels.Rows;

    public nint Panels => B.Count;

    public nint Blocks => B.Blocks;

    public nint StepOf(nint block) => _firstDepth + (block * _blockDepth);

    public nint DepthOf(nint block) => B.DepthOf(block);

    public nint WidthOf(nint panel) => B.WidthOf(panel);

    public PartScratch<T> Take(Scratch scratch, int thread, nint tiles)
    {
        nint steps = _packsA ? tiles * _blockDepth : 0;
        return new(scratch, thread, _kernels, tiles, steps * _kernels.Rows, steps);
    }

    /// <summary>Packed with the slab or packed here, without their empty steps; or in place.</summary>
    public LeftPanels<T> Ready(nint block, nint row, nint rows, in PartScratch<T> work)
    {
        nint depth = DepthOf(block), k = block * _blockDepth, width = _kernels.Rows, size = width * depth;
        if (!_packsA)
        {
            nint step = 0;
            for (nint i = 0, panel = 0; i < rows; i += width, panel++)
            {
                work.Panels[panel] = new() { Values = A.Source.InPlace(row + i, k, out step), Depth = depth };
            }

            return new(work.Panels, A.Source.Along, step);
        }

        T* source = work.Values;
        if (_sharesA)
        {
            source = A.At(block, row / width, out _);
        }
        else
        {
            A.Source.Pack(row, rows, k, depth, width, source, size);
        }

        for (nint i = 0, panel = 0; i < rows; i += width, panel++)
        {
            work.Panels[panel] = SparseSteps<T>.Squeeze(
                source + (panel * size), width, depth, work.Values + (panel * size), work.Steps + (panel * depth));
        }

        return new(work.Panels, 1, width);
    }

    public T* Right(nint block, nint panel, out nint step) => B.At(block, panel, out step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(int rows, int vectors, nint depth, LeftPanel<T>* left, nint aRow, nint aStep, T* b, nint bStep, T* tile)
    {
        if (left->Steps == null)
        {
            _kernels.Multiply(rows, vectors, depth, left->Values, aRow, aStep, b, bStep, tile);
        }
        else
        {
            _kernels.MultiplySome(rows, vectors, left->Depth, left->Steps, left->Values, aRow, aStep, b, bStep, tile);
        }
    }
}
