using System.Numerics;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Backends.Cpu.Convolutions;
using Quotient.Backends.Cpu.Products;
using Quotient.Backends.Reference;
using Quotient.Networks;

namespace Quotient.Tests.Backends.Cpu;

/// <summary>
/// Convolutions of whole numbers small enough that every sum is exact, so that any width, order and number of threads must give the very same
/// numbers as the reference does.
/// </summary>
public class ConvolverTests
{
    /// <summary>Images around the limits of groups and shares, channels that fill vectors and that do not, windows that see little of the image.</summary>
    private static readonly (Patches Patches, int Outputs, int Images)[] Shapes =
    [
        (Window.Square(3, 1, 1).On(new(3, 6, 5)), 5, 37),
        (Window.Square(5, 1, 2).On(new(1, 9, 8)), 6, 70),
        (Window.Square(5).On(new(6, 7, 8)), 16, 13),
        (Window.Square(3, 2, 1).On(new(16, 7, 6)), 33, 25),
        (new Window(2, 3) { StrideX = 4, Top = 1, Right = 2 }.On(new(4, 5, 9)), 40, 12),
        (Window.Square(3, 1, 1).On(new(20, 1, 1)), 70, 3),
        (Window.Square(1, 3).On(new(2, 8, 8)), 1, 300),
    ];

    [Test]
    public void Every_width_convolves_exactly([Values(128, 256, 512)] int bits, [Values(1, 3)] int threads, [Values] bool isPair)
    {
        foreach (var (patches, outputs, images) in Shapes)
        {
            long windows = patches.Windows;
            Check<float>(bits, threads, isPair, (images, patches.ImageSize), (outputs, patches.PatchSize), (images * windows, outputs), (x, w, y, second) =>
                new Product<float>(2, new(x, patches), new(w, Transpose.Yes), 1, y) is var p && second is var (x2, w2)
                    ? p.Plus(new(x2, patches), new(w2, Transpose.Yes)) : p);
        }
    }

    [Test]
    public void Every_width_goes_back_exactly([Values(128, 256, 512)] int bits, [Values(1, 3)] int threads, [Values] bool isPair)
    {
        foreach (var (patches, outputs, images) in Shapes)
        {
            Check<double>(
                bits, threads, isPair, (images, patches.Windows * outputs), (patches.KernelSize * outputs, patches.Channels),
                (images * patches.Places, patches.Channels), (d, w, x, second) =>
                    new Product<double>(1, new(d, patches, Reader.BackPatches), new(w, Transpose.No), 0, x) is var p && second is var (d2, w2)
                        ? p.Plus(new(d2, patches, Reader.BackPatches), new(w2, Transpose.No)) : p);
        }
    }

    [Test]
    public void Every_width_adds_up_weights_exactly([Values(128, 256, 512)] int bits, [Values(1, 3)] int threads, [Values] bool isPair)
    {
        foreach (var (patches, outputs, images) in Shapes)
        {
            Check<float>(
                bits, threads, isPair, (images * patches.Windows, outputs), (images, patches.ImageSize), (outputs, patches.PatchSize), (d, x, w, second) =>
                    new Product<float>(-1, new(d, Transpose.Yes), new(x, patches), 2, w) is var p && second is var (d2, x2)
                        ? p.Plus(new(d2, Transpose.Yes), new(x2, patches)) : p);
        }
    }

    /// <summary>Of no images the sum is 0, and β still applies.</summary>
    [Test]
    public void No_images_leave_what_is_kept()
    {
        using var backend = new CpuBackend(1);
        using var w = backend.Allocate<float>(4 * 9);
        using var nothing = backend.Allocate<float>(1);
        var ops = backend.Ops<float>();
        ops.Fill(w.All, 3);
        var patches = Window.Square(3).On(new(1, 4, 4));
        ops.ConvolutionWeights(patches, 1, nothing.Matrix(0, 4), nothing.Matrix(0, 16), 2, w.Matrix(4, 9));
        var found = new float[36];
        backend.Read(w.All, found);
        Assert.That(found, Is.All.EqualTo(6));
    }

    private delegate Product<T> Make<T>(MatrixView<T> a, MatrixView<T> b, MatrixView<T> c, (MatrixView<T> A, MatrixView<T> B)? second) where T : unmanaged;

    private static void Check<T>(
        int bits, int threads, bool isPair, (long Rows, long Columns) a, (long Rows, long Columns) b, (long Rows, long Columns) c, Make<T> make)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var backend = new CpuBackend(1);
        using var pool = new WorkerPool(threads);
        using var scratch = new Scratch(threads);
        var random = new Random(bits);
        DeviceBuffer<T>[] factors = [Drawn(a), Drawn(b), Drawn(a), Drawn(b)];
        using DeviceBuffer<T> wanted = Drawn(c), found = backend.Allocate<T>(c.Rows * c.Columns);
        backend.Ops<T>().Copy(wanted.All, found.All);
        new ReferenceProductOps<T, T>().Multiply(Of(wanted));
        new Convolver<T>(Kernels<T>.OfWidth(bits), pool, scratch).Multiply(Of(found));
        Assert.That(Values(found), Is.EqualTo(Values(wanted)), $"{a} {b}");
        Array.ForEach(factors, factor => factor.Dispose());

        DeviceBuffer<T> Drawn((long Rows, long Columns) shape)
        {
            var buffer = backend.Allocate<T>(shape.Rows * shape.Columns);
            backend.Write<T>([.. Enumerable.Range(0, (int)buffer.Length).Select(_ => T.CreateChecked(random.Next(-3, 4)))], buffer.All);
            return buffer;
        }

        Product<T> Of(DeviceBuffer<T> result)
        {
            MatrixView<T> Factor(int i) => i % 2 == 0 ? factors[i].Matrix(a.Rows, a.Columns) : factors[i].Matrix(b.Rows, b.Columns);
            return make(Factor(0), Factor(1), result.Matrix(c.Rows, c.Columns), isPair ? (Factor(2), Factor(3)) : null);
        }

        T[] Values(DeviceBuffer<T> buffer)
        {
            var values = new T[buffer.Length];
            backend.Read(buffer.All, values);
            return values;
        }
    }
}
