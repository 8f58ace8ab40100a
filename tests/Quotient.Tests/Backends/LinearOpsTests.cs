using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Reference;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends;

/// <summary>The linear operations modulo a prime, against integers of any length.</summary>
public sealed class LinearOpsTests : IDisposable
{
    private static readonly string[] Linear =
    [
        "Fill", "Copy", "Scale", "Axpy", "AddSquares", "Mask", "Gemm", "GemmPair", "MixedProduct", "SignProduct", "Convolution", "ConvolutionBack",
        "ConvolutionWeights", "SumRows", "GatherRows", "GatherLabels",
    ];

    private readonly ReferenceBackend _backend = new();
    private readonly Random _random = new(7);

    private ILinearOps<Residue> Ops => _backend.Linear<Residue>();

    public void Dispose() => _backend.Dispose();

    [Test]
    public void A_product_modulo_a_prime_is_the_integers_product([Values] Transpose transposeA, [Values] Transpose transposeB)
    {
        const int M = 5, N = 4, K = 300;
        var (a, a2, b, b2) = (Draw(M * K), Draw(M * K), Draw(K * N), Draw(K * N));
        var (before, bias, mask) = (Draw(M * N), Draw(N), Draw(M * N));
        mask[3] = default;
        BigInteger At(Residue[] x, Transpose transpose, int rows, int columns, int i, int j) =>
            x[transpose == Transpose.No ? (i * columns) + j : (j * rows) + i].Value;
        BigInteger Wanted(int i, int j, Residue[][] factors)
        {
            BigInteger sum = 0;
            for (int k = 0; k < K; k++)
            {
                for (int pair = 0; pair < factors.Length; pair += 2)
                {
                    sum += At(factors[pair], transposeA, M, K, i, k) * At(factors[pair + 1], transposeB, K, N, k, j);
                }
            }

            return sum;
        }

        var c = Write(before).AsMatrix(M, N);
        Ops.Gemm(transposeA, transposeB, -3, Factor(a, transposeA, M, K), Factor(b, transposeB, K, N), 5, c);
        Assert.That(Read(c.AsVector()), Is.EqualTo(Each(M, N, (i, j) => (-3 * Wanted(i, j, [a, b])) + (5 * (BigInteger)before[(i * N) + j].Value))));
        var epilogue = new Epilogue<Residue>(Write(bias), 0, false, Write(mask).AsMatrix(M, N));
        Ops.GemmPair(
            transposeA, transposeB, 1, Factor(a, transposeA, M, K), Factor(b, transposeB, K, N), Factor(a2, transposeA, M, K),
            Factor(b2, transposeB, K, N), 0, c, epilogue);
        Assert.That(Read(c.AsVector()), Is.EqualTo(Each(
            M, N, (i, j) => mask[(i * N) + j].Value == 0 ? 0 : Wanted(i, j, [a, b, a2, b2]) + bias[j].Value)));
    }

    [Test]
    public void Element_wise_operations_and_sums_modulo_a_prime_are_the_integers()
    {
        const int Rows = 700, Columns = 3, Length = Rows * Columns;
        var (x, y, sums) = (Draw(Length), Draw(Length), Draw(Columns));
        var (onX, onY, onSums) = (Write(x), Write(y), Write(sums));
        Ops.Axpy(-7, onX, onY);
        Assert.That(Read(onY), Is.EqualTo(x.Zip(y, (one, other) => Residue.Of(other.Value - (7 * (BigInteger)one.Value)))));
        Ops.AddSquares(onX, onY);
        Assert.That(Read(onY), Is.EqualTo(x.Zip(y, (one, other) => Residue.Of(
            other.Value - (7 * (BigInteger)one.Value) + BigInteger.Pow(one.Value, 2)))));
        Ops.SumRows(onX.AsMatrix(Rows, Columns), 2, onSums);
        Assert.That(Read(onSums), Is.EqualTo(sums.Select((sum, j) => Residue.Of(
            (2 * (BigInteger)sum.Value) + Enumerable.Range(0, Rows).Aggregate(BigInteger.Zero, (total, i) => total + x[(i * Columns) + j].Value)))));
        Ops.Scale(1 << 20, onX);
        Assert.That(Read(onX), Is.EqualTo(x.Select(one => Residue.Of((BigInteger)one.Value << 20))));
        Ops.Mask(onSums, onY, onX);
        Assert.That(Read(onX), Is.EqualTo(Read(onY)));
        Ops.Fill(onSums, -1);
        Assert.That(Read(onSums), Has.All.EqualTo(new Residue(Residue.Prime - 1)));
    }

    [Test]
    public void Rows_are_chosen_and_signs_multiplied_modulo_a_prime()
    {
        var x = Draw(12);
        using var indices = _backend.Allocate<int>(2);
        _backend.Write<int>([2, 0], indices.All);
        var chosen = Write(new Residue[6]).AsMatrix(2, 3);
        Ops.GatherRows(Write(x).AsMatrix(4, 3), indices.All, chosen);
        Assert.That(Read(chosen.AsVector()), Is.EqualTo(x[6..9].Concat(x[0..3])));
        using var signs = _backend.Allocate<ulong>(1);
        _backend.Write<ulong>([0b101], signs.All);
        var result = Write(new Residue[4]).AsMatrix(4, 1);
        Ops.MixedProduct(Transpose.No, 1, Write(x).AsMatrix(4, 3), new(signs, 1, 3), 0, result);
        Assert.That(Read(result.AsVector()), Is.EqualTo(Each(
            4, 1, (i, _) => (BigInteger)x[3 * i].Value - x[(3 * i) + 1].Value + x[(3 * i) + 2].Value)));
    }

    [Test]
    public void A_convolution_modulo_a_prime_is_the_integers()
    {
        const int Images = 2, In = 3, Out = 2, Side = 4, Window = 3, Places = 4;
        var patches = new Patches(In, Side, Side, 2, 2, Window, Window, 2, 2, 1, 1, 0, 0);
        var (x, w) = (Draw(Images * Side * Side * In), Draw(Out * Window * Window * In));
        var y = Write(new Residue[Images * Places * Out]).AsMatrix(Images * Places, Out);
        Ops.Convolution(patches, 1, Write(x).AsMatrix(Images, Side * Side * In), Write(w).AsMatrix(Out, Window * Window * In), 0, y);
        Assert.That(Read(y.AsVector()), Is.EqualTo(Each(Images * Places, Out, (row, o) =>
        {
            BigInteger sum = 0;
            for (int at = 0; at < Window * Window; at++)
            {
                int top = (row % Places / 2 * 2) - 1 + (at / Window), left = (row % 2 * 2) - 1 + (at % Window);
                for (int c = 0; c < In && top is >= 0 and < Side && left is >= 0 and < Side; c++)
                {
                    int place = (((row / Places * Side) + top) * Side) + left;
                    sum += (BigInteger)x[(place * In) + c].Value * w[(((o * Window * Window) + at) * In) + c].Value;
                }
            }

            return sum;
        })));
    }

    [Test]
    public void Only_the_reference_computes_modulo_a_prime()
    {
        foreach (string device in Linearisation.Nets.Devices)
        {
            using var engine = Engine.Open(device);
            bool isReference = device == "reference";
            Assert.That(OpNames.All.Where(engine.Backend.Linear<Residue>().Supports), Is.EqualTo(isReference ? Linear : []), device);
            Assert.That(OpNames.All.Select(engine.Backend.Linear<double>().Supports), Has.All.True, device);
            Assert.That(OpNames.All.Select(engine.Backend.Ops<float>().Supports), Has.All.True, device);
            if (!isReference)
            {
                using var x = engine.Backend.Allocate<Residue>(3);
                Assert.Throws<NotSupportedException>(() => engine.Backend.Linear<Residue>().Fill(x.All, 1), device);
            }
        }
    }

    private Residue[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => new Residue((uint)_random.Next((int)Residue.Prime)))];

    private static Residue[] Each(int rows, int columns, Func<int, int, BigInteger> value) =>
        [.. Enumerable.Range(0, rows * columns).Select(at => Residue.Of(value(at / columns, at % columns)))];

    private MatrixView<Residue> Factor(Residue[] x, Transpose transpose, int rows, int columns) =>
        transpose == Transpose.No ? Write(x).AsMatrix(rows, columns) : Write(x).AsMatrix(columns, rows);

    private VectorView<Residue> Write(Residue[] x)
    {
        var buffer = _backend.Allocate<Residue>(x.Length);
        _backend.Write<Residue>(x, buffer.All);
        return buffer.All;
    }

    private Residue[] Read(VectorView<Residue> view) => Linearisation.Nets.Read(_backend, view);
}
