using System.Numerics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Quotient.Backends;

namespace Quotient.Tests.Backends;

/// <summary>The reference backend, one operation of which does something to its result that it should not.</summary>
public sealed class WrongBackend(string op, WrongBackend.Spoil spoil) : ForwardingBackend
{
    /// <summary>Changes the values that an operation has written.</summary>
    public delegate void Spoil(Span<double> values);

    public override IOps<T> Ops<T>()
    {
        var ops = DispatchProxy.Create<IOps<T>, WrongOps<T>>();
        ((WrongOps<T>)(object)ops).Of(Inner, op, spoil);
        return ops;
    }

    /// <summary>Passes every call on, and spoils the result of one.</summary>
    public class WrongOps<T> : DispatchProxy where T : unmanaged, IFloatingPointIeee754<T>
    {
        private static readonly HashSet<string> Results = ["result", "c", "y", "w", "x"];
        private IBackend _inner = null!;
        private string _op = "";
        private Spoil _spoil = null!;

        public void Of(IBackend inner, string op, Spoil spoil) => (_inner, _op, _spoil) = (inner, op, spoil);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            try
            {
                targetMethod!.Invoke(_inner.Ops<T>(), args);
            }
            catch (TargetInvocationException error)
            {
                ExceptionDispatchInfo.Throw(error.InnerException!);
            }

            if (targetMethod.Name == _op)
            {
                SpoilResult(args![Array.FindLastIndex(targetMethod.GetParameters(), one => Results.Contains(one.Name!))]!);
            }

            return null;
        }

        private void SpoilResult(object result)
        {
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
            _inner.Read(view, host.AsSpan());
            double[] values = Array.ConvertAll(host, double.CreateChecked);
            _spoil(values);
            _inner.Write<TElement>(Array.ConvertAll(values, TElement.CreateChecked), view);
        }
    }
}
