namespace Quotient.Backends.Gpu;

/// <summary>Images and their channels.</summary>
internal sealed class GpuImageOps<T>(Launcher<T> launcher) : IImageOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public bool Supports(string operation) => typeof(IImageOps<T>).GetMethod(operation) is null && launcher is not null;

    public void Turn(MatrixView<T> x, long rows, double beta, MatrixView<T> y) => throw new NotSupportedException();

    public void MaxPool(Patches patches, MatrixView<T> x, bool relu, MatrixView<T> y, MatrixView<T> routes) => throw new NotSupportedException();

    public void TakeRoutes(Patches patches, MatrixView<T> x, MatrixView<T> routes, MatrixView<T> y) => throw new NotSupportedException();

    public void FollowRoutes(Patches patches, MatrixView<T> y, MatrixView<T> routes, double beta, MatrixView<T> x) => throw new NotSupportedException();

    public void AveragePool(Patches patches, bool countsPadding, MatrixView<T> x, MatrixView<T> y) => throw new NotSupportedException();

    public void AveragePoolBack(Patches patches, bool countsPadding, MatrixView<T> y, double beta, MatrixView<T> x) => throw new NotSupportedException();

    public void ScaleColumns(MatrixView<T> x, VectorView<T> scale, VectorView<T> shift, double beta, MatrixView<T> y) => throw new NotSupportedException();

    public void ColumnDots(MatrixView<T> x, MatrixView<T> y, double beta, VectorView<T> result) => throw new NotSupportedException();
}
