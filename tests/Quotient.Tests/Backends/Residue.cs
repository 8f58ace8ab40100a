using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Quotient.Tests.Backends;

/// <summary>An integer modulo the prime 2³¹ − 1: a ring, and no more than operations that are linear need.</summary>
internal readonly record struct Residue(uint Value) : INumberBase<Residue>
{
    public const uint Prime = int.MaxValue;

    public static Residue One => new(1);

    public static Residue Zero => default;

    public static Residue AdditiveIdentity => Zero;

    public static Residue MultiplicativeIdentity => One;

    public static int Radix => 2;

    public static Residue Of(BigInteger value) => new((uint)(((value % Prime) + Prime) % Prime));

    public static Residue operator +(Residue left, Residue right) => new((uint)(((ulong)left.Value + right.Value) % Prime));

    public static Residue operator -(Residue left, Residue right) => left + -right;

    public static Residue operator *(Residue left, Residue right) => new((uint)((ulong)left.Value * right.Value % Prime));

    public static Residue operator /(Residue left, Residue right) =>
        left * new Residue((uint)BigInteger.ModPow(right.Value, Prime - 2, Prime));

    public static Residue operator -(Residue value) => new(value.Value == 0 ? 0 : Prime - value.Value);

    public static Residue operator +(Residue value) => value;

    public static Residue operator ++(Residue value) => value + One;

    public static Residue operator --(Residue value) => value - One;

    public static Residue Abs(Residue value) => value;

    public static bool IsCanonical(Residue value) => true;

    public static bool IsComplexNumber(Residue value) => false;

    public static bool IsEvenInteger(Residue value) => throw new NotSupportedException();

    public static bool IsFinite(Residue value) => true;

    public static bool IsImaginaryNumber(Residue value) => false;

    public static bool IsInfinity(Residue value) => false;

    public static bool IsInteger(Residue value) => true;

    public static bool IsNaN(Residue value) => false;

    public static bool IsNegative(Residue value) => false;

    public static bool IsNegativeInfinity(Residue value) => false;

    public static bool IsNormal(Residue value) => true;

    public static bool IsOddInteger(Residue value) => throw new NotSupportedException();

    public static bool IsPositive(Residue value) => true;

    public static bool IsPositiveInfinity(Residue value) => false;

    public static bool IsRealNumber(Residue value) => false;

    public static bool IsSubnormal(Residue value) => false;

    public static bool IsZero(Residue value) => value.Value == 0;

    public static Residue MaxMagnitude(Residue x, Residue y) => throw new NotSupportedException();

    public static Residue MaxMagnitudeNumber(Residue x, Residue y) => throw new NotSupportedException();

    public static Residue MinMagnitude(Residue x, Residue y) => throw new NotSupportedException();

    public static Residue MinMagnitudeNumber(Residue x, Residue y) => throw new NotSupportedException();

    public static Residue Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) => Of(BigInteger.Parse(s, style, provider));

    public static Residue Parse(string s, NumberStyles style, IFormatProvider? provider) => Parse(s.AsSpan(), style, provider);

    public static Residue Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static Residue Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out Residue result) =>
        throw new NotSupportedException();

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider, out Residue result) =>
        throw new NotSupportedException();

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Residue result) => throw new NotSupportedException();

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Residue result) =>
        throw new NotSupportedException();

    static bool INumberBase<Residue>.TryConvertFromChecked<TOther>(TOther value, out Residue result)
    {
        bool isInteger = TOther.IsInteger(value);
        result = isInteger ? Of(BigInteger.CreateChecked(value)) : default;
        return isInteger;
    }

    static bool INumberBase<Residue>.TryConvertFromSaturating<TOther>(TOther value, out Residue result) => throw new NotSupportedException();

    static bool INumberBase<Residue>.TryConvertFromTruncating<TOther>(TOther value, out Residue result) => throw new NotSupportedException();

    static bool INumberBase<Residue>.TryConvertToChecked<TOther>(Residue value, [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateChecked(value.Value);
        return true;
    }

    static bool INumberBase<Residue>.TryConvertToSaturating<TOther>(Residue value, [MaybeNullWhen(false)] out TOther result) =>
        throw new NotSupportedException();

    static bool INumberBase<Residue>.TryConvertToTruncating<TOther>(Residue value, [MaybeNullWhen(false)] out TOther result) =>
        throw new NotSupportedException();

    public string ToString(string? format, IFormatProvider? formatProvider) => Value.ToString(format, formatProvider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        Value.TryFormat(destination, out charsWritten, format, provider);
}
