using System.Numerics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Quotient.Backends;

namespace Quotient.Tests.Backends;

/// <summary>Passes every call of an operation on, and tells of it afterwards.</summary>
public class ObservedOps<T> : DispatchProxy where T : unmanaged, IFloatingPointIeee754<T>
{
    private IOps<T> _inner = null!;
    private Action<MethodInfo, object?[]> _called = null!;

    public static IOps<T> Of(IOps<T> inner, Action<MethodInfo, object?[]> called)
    {
        var ops = Create<IOps<T>, ObservedOps<T>>();
        ((ObservedOps<T>)(object)ops)._inner = inner;
        ((ObservedOps<T>)(object)ops)._called = called;
        return ops;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        try
        {
            object? result = targetMethod!.Invoke(_inner, args);
            if (result is not null)
            {
                return result;
            }
        }
        catch (TargetInvocationException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
        }

        _called(targetMethod, args!);
        return null;
    }

    /// <summary>The name under which an operation was called.</summary>
    public static string NameOf(MethodInfo method, object?[] arguments) => arguments[0] switch
    {
        ElementOp<T> f => f.Name,
        Product<T> product => product.Name,
        _ => method.Name,
    };
}
