namespace Quotient.Backends.Cpu.Vectors;

/// <summary>A matrix in host memory.</summary>
internal readonly unsafe struct MatrixPointer<T>(MatrixView<T> view) where T : unmanaged
{
    private readonly T* _first = view.Pointer();

    public long Stride { get; } = view.Stride;

    public long Rows { get; } = view.Rows;

    public long Columns { get; } = view.Columns;

    public T* Row(long i) => _first + (i * Stride);
}
