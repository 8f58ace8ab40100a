using System.Numerics;

namespace Quotient.Backends;

/// <summary>The linear operations of a device that has none in some precision.</summary>
internal sealed class NoLinearOps<T>(DeviceInfo device) : ILinearOps<T> where T : unmanaged, INumberBase<T>
{
    public bool Supports(string operation) => false;

    public void Map(ElementOp<T> f, double s, VectorView<T> x, VectorView<T> y, VectorView<T> z) => throw Missing();

    public void SumRows(MatrixView<T> x, double beta, VectorView<T> result) => throw Missing();

    public void GatherRows(MatrixView<T> x, VectorView<int> indices, MatrixView<T> y) => throw Missing();

    public void GatherLabels(VectorView<int> x, VectorView<int> indices, VectorView<int> y) => throw Missing();

    public void Multiply(in Product<T> product) => throw Missing();

    private NotSupportedException Missing() => new($"device '{device.Id}' does not compute with {typeof(T).Name}");
}
