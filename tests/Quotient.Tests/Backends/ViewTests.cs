using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Reference;

namespace Quotient.Tests.Backends;

/// <summary>Parts of views lie within them, however large the numbers that ask for another.</summary>
public class ViewTests
{
    private const long Huge = long.MaxValue;

    private static readonly (string Call, Action<DeviceBuffer<double>, DeviceBuffer<ulong>> Ask)[] Outside =
    [
        ("Slice(1, Huge)", (b, _) => b.All.Slice(1, Huge)),
        ("Slice(Huge, Huge)", (b, _) => b.Slice(Huge, Huge)),
        ("Slice(Huge, 1)", (b, _) => b.Slice(Huge, 1)),
        ("Slice(-1, 2)", (b, _) => b.Slice(-1, 2)),
        ("Slice(1, -1)", (b, _) => b.Slice(1, -1)),
        ("Slice(13, 0)", (b, _) => b.Slice(13, 0)),
        ("Slice(6, 7)", (b, _) => b.Slice(6, 7)),
        ("Matrix(2⁶², 4)", (b, _) => b.Matrix(1L << 62, 4)),
        ("Matrix(-3, -4)", (b, _) => b.Matrix(-3, -4)),
        ("Matrix(4, 4)", (b, _) => b.Matrix(4, 4)),
        ("AsMatrix(2⁶², 4) of none", (b, _) => b.Slice(0, 0).AsMatrix(1L << 62, 4)),
        ("AsMatrix(-3, -4)", (b, _) => b.All.AsMatrix(-3, -4)),
        ("AsMatrix(3, 3)", (b, _) => b.All.AsMatrix(3, 3)),
        ("Row(-1)", (b, _) => b.Matrix(3, 4).Row(-1)),
        ("Row(3)", (b, _) => b.Matrix(3, 4).Row(3)),
        ("Row(Huge)", (b, _) => b.Matrix(3, 4).Row(Huge)),
        ("RowRange(-1, 2)", (b, _) => b.Matrix(3, 4).RowRange(-1, 2)),
        ("RowRange(1, -1)", (b, _) => b.Matrix(3, 4).RowRange(1, -1)),
        ("RowRange(1, Huge)", (b, _) => b.Matrix(3, 4).RowRange(1, Huge)),
        ("RowRange(Huge, 1)", (b, _) => b.Matrix(3, 4).RowRange(Huge, 1)),
        ("RowRange(2, 2)", (b, _) => b.Matrix(3, 4).RowRange(2, 2)),
        ("batch[-1]", (b, _) => Batch(b)[-1].Row(0)),
        ("batch[2]", (b, _) => Batch(b)[2].Row(0)),
        ("signs(-1, 64)", (_, w) => Signs(w, -1, 64)),
        ("signs(1, -1)", (_, w) => Signs(w, 1, -1)),
        ("signs(2⁶², 256)", (_, w) => Signs(w, 1L << 62, 256)),
        ("signs(1, Huge)", (_, w) => Signs(w, 1, Huge)),
        ("signs(13, 64)", (_, w) => Signs(w, 13, 64)),
    ];

    private static IEnumerable<string> Calls => Outside.Select(one => one.Call);

    [TestCaseSource(nameof(Calls))]
    public void What_lies_outside_is_refused(string call)
    {
        using var backend = new ReferenceBackend();
        using var numbers = backend.Allocate<double>(12);
        using var words = backend.Allocate<ulong>(12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Outside.Single(one => one.Call == call).Ask(numbers, words));
    }

    [Test]
    public void Room_for_signs_that_cannot_be_counted_is_refused()
    {
        using var backend = new ReferenceBackend();
        Assert.Throws<ArgumentOutOfRangeException>(() => BitMatrix.Allocate(backend, 1L << 62, 256));
        Assert.That(BitMatrix.WordsFor(Huge), Is.EqualTo(1L << 57));
    }

    [Test]
    public void What_lies_inside_is_had_up_to_both_ends()
    {
        using var backend = new ReferenceBackend();
        using var buffer = backend.Allocate<double>(12);
        var matrix = buffer.Matrix(3, 4);
        Assert.That(buffer.Slice(12, 0), Is.EqualTo(new VectorView<double>(buffer, 12, 0)));
        Assert.That(matrix.Row(2), Is.EqualTo(new VectorView<double>(buffer, 8, 4)));
        Assert.That(matrix.RowRange(3, 0).Rows, Is.Zero);
        Assert.That(matrix.RowRange(1, 2), Is.EqualTo(new MatrixView<double>(buffer, 4, 2, 4, 4)));
        Assert.That(buffer.Slice(0, 0).AsMatrix(0, 4).Rows, Is.Zero);
        Assert.That(new MatrixBatch<double>(matrix, 1, 0)[7], Is.EqualTo(matrix), "one that is repeated");
        Assert.That(new BitMatrix(backend.Allocate<ulong>(4), 2, 65).Stride, Is.EqualTo(2));
    }

    private static MatrixBatch<double> Batch(DeviceBuffer<double> buffer) => new(buffer.Matrix(2, 3), 2, 6);

    private static BitMatrix Signs(DeviceBuffer<ulong> words, long rows, long columns) => new(words, rows, columns);
}
