using System.Numerics;

namespace Quotient.Backends.Gpu;

/// <summary>Vectors and the ReLU.</summary>
internal sealed partial class GpuOps<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string Maps = "vector/maps";

    public void Fill(VectorView<T> x, double value)
    {
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(value);
        arguments.Add(x.Length);
        LaunchEach(Maps, "fill", x.Length, arguments);
    }

    public void Copy(VectorView<T> x, VectorView<T> y) => Map(Maps, "copy", x, y);

    public void Scale(double alpha, VectorView<T> x)
    {
        var arguments = default(Arguments);
        arguments.Add(alpha);
        arguments.Add(x);
        arguments.Add(x.Length);
        LaunchEach(Maps, "scale", x.Length, arguments);
    }

    public void Axpy(double alpha, VectorView<T> x, VectorView<T> y)
    {
        RequireSame(x.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(alpha);
        arguments.Add(x);
        arguments.Add(y);
        arguments.Add(x.Length);
        LaunchEach(Maps, "axpy", x.Length, arguments);
    }

    public void AddSquares(VectorView<T> x, VectorView<T> y) => Map(Maps, "add_squares", x, y);

    public void Dot(VectorView<T> x, VectorView<T> y, VectorView<double> result)
    {
        RequireSame(x.Length, y.Length);
        var shape = Each(x.Length);
        var partial = _partials.Take(shape.GroupsX);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(y);
        arguments.Add(x.Length);
        arguments.AddMemory(partial);
        Launch(Sums, "dot", shape, arguments, SumParameters(shape.GroupsX));
        AddPartials("add_partials", partial, shape.GroupsX, 0, result.Slice(0, 1));
    }

    public void DivideByRoot(VectorView<T> x, VectorView<double> s, VectorView<T> y)
    {
        RequireSame(x.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(s);
        arguments.Add(y);
        arguments.Add(x.Length);
        LaunchEach(Maps, "divide_by_root", x.Length, arguments);
    }

    public void Relu(VectorView<T> x, VectorView<T> y) => Map("relu/relu", "relu", x, y);

    public void Mask(VectorView<T> a, VectorView<T> x, VectorView<T> y)
    {
        RequireSame(x.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(a);
        arguments.Add(a.Length);
        arguments.Add(x);
        arguments.Add(y);
        arguments.Add(x.Length);
        LaunchEach("relu/relu", "mask", x.Length, arguments);
    }

    private void Map(string file, string kernel, VectorView<T> x, VectorView<T> y)
    {
        RequireSame(x.Length, y.Length);
        var arguments = default(Arguments);
        arguments.Add(x);
        arguments.Add(y);
        arguments.Add(x.Length);
        LaunchEach(file, kernel, x.Length, arguments);
    }
}
