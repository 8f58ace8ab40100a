namespace Quotient.Backends.Cpu.Products;

/// <summary>
/// Both factors of a product, or of a part of it, as the tile loop (<see cref="TileParts{T, TFactors}"/>) reads them: the right one is
/// packed in panels of columns, the left one is made ready by the part that uses it, block by block of k.
/// </summary>
internal unsafe interface IFactors<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether a tile takes so long that C is worth asking for beforehand.</summary>
    static abstract bool Prefetches { get; }

    /// <summary>Rows of a full tile.</summary>
    nint TileRows { get; }

    /// <summary>Panels of columns; the first begins at <see cref="FirstColumn"/>.</summary>
    nint Panels { get; }

    /// <summary>The column of C at which the panels begin.</summary>
    nint FirstColumn { get; }

    /// <summary>Blocks of k, of which there is one even if k has no range.</summary>
    nint Blocks { get; }

    /// <summary>The first k of a block.</summary>
    nint StepOf(nint block);

    /// <summary>The range of k in a block.</summary>
    nint DepthOf(nint block);

    /// <summary>Columns in a panel.</summary>
    nint WidthOf(nint panel);

    /// <summary>What a thread works with on so many tiles of rows.</summary>
    PartScratch<T> Take(Scratch scratch, int thread, nint tiles);

    /// <summary>Makes some rows of the left factor ready over one block: a panel for each tile of rows.</summary>
    LeftPanels<T> Ready(nint block, nint row, nint rows, in PartScratch<T> work);

    /// <summary>Where a panel of the right factor begins, and how it moves with k.</summary>
    T* Right(nint block, nint panel, out nint step);

    /// <summary>The product of one panel of rows and one of columns; the tile's rows are two vectors apart.</summary>
    void Multiply(int rows, int vectors, nint depth, LeftPanel<T>* left, nint aRow, nint aStep, T* b, nint bStep, T* tile);
}

/// <summary>The panels of rows of a part, and how each moves with the row and with the step.</summary>
internal readonly unsafe struct LeftPanels<T>(LeftPanel<T>* first, nint row, nint step) where T : unmanaged
{
    public readonly LeftPanel<T>* First = first;
    public readonly nint Row = row, Step = step;
}

/// <summary>What a thread works with on one part: a tile, its rows made ready, and the steps of k that they hold.</summary>
internal readonly unsafe struct PartScratch<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public readonly T* Tile, Values;
    public readonly LeftPanel<T>* Panels;
    public readonly int* Steps;

    public PartScratch(Scratch scratch, int thread, Kernels<T> kernels, nint panels, nint values, nint steps)
    {
        nint bytesOfTile = Kernels<T>.RowLimit * kernels.Columns * sizeof(T), bytesOfValues = values * sizeof(T);
        nint bytesOfPanels = panels * sizeof(LeftPanel<T>);
        byte* memory = scratch.Own<byte>(thread, bytesOfTile + bytesOfValues + bytesOfPanels + (steps * sizeof(int)));
        Tile = (T*)memory;
        Values = (T*)(memory + bytesOfTile);
        Panels = (LeftPanel<T>*)(memory + bytesOfTile + bytesOfValues);
        Steps = (int*)(memory + bytesOfTile + bytesOfValues + bytesOfPanels);
    }
}
