using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Quotient.Backends.Cpu.Binary;

/// <summary>
/// What a product of real numbers and signs needs of a vector: each lane is a column of B, and its bits are the signs of as
/// many inputs, four of which choose one of sixteen sums.
/// </summary>
internal unsafe interface ICodes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>The entries of a table of sixteen that the lanes' lowest four bits choose.</summary>
    static abstract TVector Lookup(T* table, TVector codes);

    /// <summary>Each lane's next four bits.</summary>
    static abstract TVector Next(TVector codes);
}

/// <summary>Sixteen columns, or eight: one instruction looks all of them up in a table that one or two registers hold.</summary>
internal readonly unsafe struct Codes512<T> : ICodes<Vector512<T>, T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Lookup(T* table, Vector512<T> codes)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector512.Create(
                Codes256<T>.Lookup(table, codes.GetLower()), Codes256<T>.Lookup(table, codes.GetUpper()));
        }

        return typeof(T) == typeof(float)
            ? Avx512F.PermuteVar16x32(Vector512.Load((float*)table), codes.AsInt32()).As<float, T>()
            : Avx512F.PermuteVar8x64x2(
                Vector512.Load((double*)table), codes.AsInt64(), Vector512.Load((double*)table + 8)).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Next(Vector512<T> codes) => typeof(T) == typeof(float)
        ? (codes.AsUInt32() >>> 4).As<uint, T>()
        : (codes.AsUInt64() >>> 4).As<ulong, T>();
}

/// <summary>
/// Eight columns, whose table is two registers chosen between by the highest bit; or four, gathered from memory.
/// </summary>
internal readonly unsafe struct Codes256<T> : ICodes<Vector256<T>, T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Lookup(T* table, Vector256<T> codes)
    {
        if (!Avx2.IsSupported)
        {
            return Vector256.Create(
                Codes128<T>.Lookup(table, codes.GetLower()), Codes128<T>.Lookup(table, codes.GetUpper()));
        }

        if (typeof(T) == typeof(double))
        {
            return Avx2.GatherVector256((double*)table, codes.AsInt64() & Vector256.Create(15L), sizeof(double)).As<double, T>();
        }

        var low = Avx2.PermuteVar8x32(Vector256.Load((float*)table), codes.AsInt32());
        var high = Avx2.PermuteVar8x32(Vector256.Load((float*)table + 8), codes.AsInt32());
        return Avx.BlendVariable(low, high, (codes.AsInt32() << 28).AsSingle()).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Next(Vector256<T> codes) => typeof(T) == typeof(float)
        ? (codes.AsUInt32() >>> 4).As<uint, T>()
        : (codes.AsUInt64() >>> 4).As<ulong, T>();
}

/// <summary>Four columns, or two, looked up one by one.</summary>
internal readonly unsafe struct Codes128<T> : ICodes<Vector128<T>, T> where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Lookup(T* table, Vector128<T> codes)
    {
        if (typeof(T) == typeof(double))
        {
            var one = codes.AsUInt64();
            return Vector128.Create(((double*)table)[one[0] & 15], ((double*)table)[one[1] & 15]).As<double, T>();
        }

        var each = codes.AsUInt32();
        float* sums = (float*)table;
        return Vector128.Create(sums[each[0] & 15], sums[each[1] & 15], sums[each[2] & 15], sums[each[3] & 15]).As<float, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Next(Vector128<T> codes) => typeof(T) == typeof(float)
        ? (codes.AsUInt32() >>> 4).As<uint, T>()
        : (codes.AsUInt64() >>> 4).As<ulong, T>();
}
