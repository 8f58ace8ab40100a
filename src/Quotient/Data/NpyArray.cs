namespace Quotient.Data;

/// <summary>An array read from an NPY file, row-major.</summary>
public sealed class NpyArray
{
    /// <summary>Bytes, floats or doubles, whichever holds the file's type exactly (64-bit integers: to 53 bits).</summary>
    private readonly Array _values;

    internal NpyArray(string type, int[] shape, Array values) => (Type, Shape, _values) = (type, shape, values);

    /// <summary>The type in the file, without byte order: <c>f4</c>, <c>i8</c>, <c>b1</c>, …</summary>
    public string Type { get; }

    /// <summary>The dimensions.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Whether the file holds real numbers, not whole ones.</summary>
    public bool IsReal => Type[0] == 'f';

    /// <summary>The number of values.</summary>
    public int Count => _values.Length;

    internal string ShapeText => Tuple(Shape);

    /// <summary>All values, row-major.</summary>
    public double[] ToDoubles() => _values switch
    {
        double[] doubles => doubles,
        float[] floats => Array.ConvertAll(floats, value => (double)value),
        _ => Array.ConvertAll((byte[])_values, value => (double)value),
    };

    /// <summary>One value, by its row-major place.</summary>
    internal double this[int at] => _values switch
    {
        double[] doubles => doubles[at],
        float[] floats => floats[at],
        _ => ((byte[])_values)[at],
    };

    /// <summary>The values as rows along the first dimension, as they are in the file: bytes are not scaled.</summary>
    public SampleStore ToRows()
    {
        int width = Shape.Skip(1).Aggregate(1, (size, dimension) => size * dimension);
        return _values switch
        {
            double[] doubles => SampleStore.Doubles(doubles, width),
            float[] floats => SampleStore.Floats(floats, width),
            _ => SampleStore.Bytes((byte[])_values, width, 1),
        };
    }

    /// <summary>Dimensions as Python writes them: <c>(2, 3)</c>, <c>(2,)</c>.</summary>
    internal static string Tuple(IReadOnlyList<int> shape) => $"({string.Join(", ", shape)}{(shape.Count == 1 ? "," : "")})";

    /// <summary>Throws where a value is not finite, and says which.</summary>
    internal void CheckFinite(string name)
    {
        int bad = _values switch
        {
            double[] doubles => Array.FindIndex(doubles, value => !double.IsFinite(value)),
            float[] floats => Array.FindIndex(floats, value => !float.IsFinite(value)),
            _ => -1,
        };
        QuotientException.ThrowIf(
            bad >= 0, $"{name}: the value at [{Position(bad)}] is {_values.GetValue(bad)}, expected a finite number");
    }

    private string Position(int at)
    {
        var index = new int[Shape.Count];
        for (int d = Shape.Count - 1; d >= 0; d--)
        {
            (at, index[d]) = Math.DivRem(at, Shape[d]);
        }

        return string.Join(", ", index);
    }
}
