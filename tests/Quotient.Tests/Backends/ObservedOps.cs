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
            targetMethod!.Invoke(_inner, args);
        }
        catch (TargetInvocationException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
        }

        _called(targetMethod, args!);
        return null;
    }
}
