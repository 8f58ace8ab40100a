using System.Numerics;
using System.Reflection;
using Quotient.Backends;
using Quotient.Backends.Reference;

namespace Quotient.Tests.Backends;

/// <summary>The reference backend, one operation of which does something to its result that it should not.</summary>
public sealed class WrongBackend(string op, WrongBackend.Spoil spoil) : ForwardingBackend(new ReferenceBackend())
{
    private static readonly HashSet<string> Results = ["result", "c", "z", "y", "w", "x"];

    /// <summary>Changes the values that an operation has written.</summary>
    public delegate void Spoil(Span<double> values);

    public override IOps<T> Ops<T>() => ObservedOps<T>.Of(base.Ops<T>(), SpoilResult<T>);

    private void SpoilResult<T>(MethodInfo method, object?[] arguments) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (ObservedOps<T>.NameOf(method, arguments) != op)
        {
            return;
        }

        object result = arguments[0] is Product<T> product
            ? product.C
            : arguments[Array.FindLastIndex(method.GetParameters(), one => Results.Contains(one.Name!))]!;
        switch (result)
        {
            case VectorView<double> doubles:
                Change(doubles);
                break;
            case VectorView<T> vector:
                Change(vector);
                break;
            case MatrixView<T> matrix:
                Change(matrix.Row(matrix.Rows - 1));
                break;
            case MatrixBatch<T> batch:
                Change(batch[batch.Count - 1].Row(batch.First.Rows - 1));
                break;
            default:
                throw new ArgumentException($"{result.GetType()} is no result");
        }
    }

    private void Change<TElement>(VectorView<TElement> view) where TElement : unmanaged, INumberBase<TElement>
    {
        var host = new TElement[view.Length];
        Read(view, host.AsSpan());
        double[] values = Array.ConvertAll(host, double.CreateChecked);
        spoil(values);
        Write<TElement>(Array.ConvertAll(values, TElement.CreateChecked), view);
    }
}
