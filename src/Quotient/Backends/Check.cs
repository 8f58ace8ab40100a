using System.Diagnostics.CodeAnalysis;

namespace Quotient.Backends;

/// <summary>What the arguments of operations must fulfil; whatever does not is an <see cref="ArgumentException"/>.</summary>
internal static class Check
{
    /// <summary>An operand must have a certain length.</summary>
    public static void Length(string operation, string operand, long length, long wanted)
    {
        if (length != wanted)
        {
            Refuse($"{operation}: {operand} has {length} elements; it must have {wanted}");
        }
    }

    /// <summary>A matrix must have a certain shape.</summary>
    public static void Shape(string operation, string operand, long rows, long columns, long wantedRows, long wantedColumns)
    {
        if (rows != wantedRows || columns != wantedColumns)
        {
            Refuse($"{operation}: {operand} is {rows} × {columns}; it must be {wantedRows} × {wantedColumns}");
        }
    }

    /// <inheritdoc cref="Shape(string, string, long, long, long, long)"/>
    public static void Shape<T>(string operation, string operand, MatrixView<T> x, long rows, long columns) where T : unmanaged =>
        Shape(operation, operand, x.Rows, x.Columns, rows, columns);

    /// <summary>A matrix must be as large as another.</summary>
    public static void SameShape<T>(string operation, string operand, MatrixView<T> x, MatrixView<T> other) where T : unmanaged =>
        Shape(operation, operand, x.Rows, x.Columns, other.Rows, other.Columns);

    /// <summary>Rows of images, stacked over those of a matrix of their windows' values.</summary>
    public static void Images<T>(string operation, Patches patches, MatrixView<T> images, MatrixView<T> windows) where T : unmanaged
    {
        Shape(operation, "the images", images.Rows, images.Columns, images.Rows, patches.ImageSize);
        Shape(operation, "the values of windows", windows.Rows, windows.Columns, images.Rows, patches.Windows * patches.Channels);
    }

    /// <summary>A length must be that of several stacked operands.</summary>
    public static void Stacked(string operation, string operand, long length, long one)
    {
        if (one == 0 ? length != 0 : length % one != 0)
        {
            Refuse($"{operation}: {operand} has {length} elements or rows; it must have a multiple of {one}");
        }
    }

    /// <summary>A matrix must be several stacked ones of another's shape.</summary>
    public static void Stacked<T>(string operation, string operand, MatrixView<T> many, MatrixView<T> one) where T : unmanaged
    {
        Shape(operation, operand, many.Rows, many.Columns, many.Rows, one.Columns);
        Stacked(operation, operand, many.Rows, one.Rows);
    }

    /// <summary>A scalar on the device must be there.</summary>
    public static void Scalar(string operation, string operand, VectorView<double> scalar)
    {
        if (scalar.Length < 1)
        {
            Refuse($"{operation}: {operand} is empty; it must have an element");
        }
    }

    /// <summary>Indices must lie below a count. They can be seen where they are in the host's memory.</summary>
    public static unsafe void Indices(string operation, VectorView<int> indices, long count)
    {
        if (indices.Buffer is not HostBuffer<int>)
        {
            return;
        }

        int* at = indices.Pointer();
        for (long i = 0; i < indices.Length; i++)
        {
            if (at[i] < 0 || at[i] >= count)
            {
                Refuse($"{operation}: index {i} is {at[i]}; it must lie within 0 … {count - 1}");
            }
        }

        GC.KeepAlive(indices.Buffer);
    }

    /// <summary>The shapes of a product must fit together, and its factors be read in a way that there is.</summary>
    public static void Product<T>(in Product<T> p) where T : unmanaged
    {
        Multiply(p.A, p.B, p.C.First);
        if (p.IsPair)
        {
            Multiply(p.A2, p.B2, p.C.First);
        }

        if (p.Epilogue.HasBias && p.Epilogue.Bias.Length < p.C.First.Columns)
        {
            Refuse($"{p.Name}: the bias has {p.Epilogue.Bias.Length} elements; it must have {p.C.First.Columns}");
        }

        if (p.Epilogue.HasMask)
        {
            SameShape(p.Name, "the mask", p.Epilogue.Mask, p.C.First);
        }

        if ((p.A.Reader == Reader.Signs || p.B.Reader == Reader.Signs) && !IsPlainProductOfSigns(p))
        {
            Refuse($"{p.Name}: there is one matrix, without bias, ReLU or mask, and its right factor is the transpose of signs");
        }

        if (p.A.IsPatches || p.B.IsPatches)
        {
            Convolution(p, p.A, p.B);
            if (p.IsPair)
            {
                Convolution(p, p.A2, p.B2);
            }
        }
    }

    private static bool IsPlainProductOfSigns<T>(in Product<T> p) where T : unmanaged =>
        !p.IsPair && p.C.Count == 1 && p.Epilogue is { HasBias: false, Relu: false, HasMask: false }
        && p.B is { Reader: Reader.Signs, Transpose: Transpose.Yes }
        && (p.A.Reader == Reader.Dense || (p.A.Transpose == Transpose.No && p.Beta == 0));

    /// <summary>Patches come as a convolution or one of its transposes, which a backend may compute as a whole.</summary>
    private static void Convolution<T>(in Product<T> p, in Operand<T> a, in Operand<T> b) where T : unmanaged
    {
        var patches = a.IsPatches ? a : b;
        bool isKnown = (a.Reader, a.Transpose, b.Reader, b.Transpose) is (Reader.Patches, Transpose.No, Reader.Dense, Transpose.Yes)
            or (Reader.BackPatches, Transpose.No, Reader.Dense, Transpose.No) or (Reader.Dense, Transpose.Yes, Reader.Patches, Transpose.No);
        if (!isKnown)
        {
            Refuse($"{p.Name}: patches multiply transposed weights, windows multiply weights, or transposed numbers multiply patches");
        }

        long values = patches.Images.First.Columns, windows = patches.Patches!.Windows;
        if (patches.Reader == Reader.Patches ? values != patches.Patches.ImageSize : values % windows != 0)
        {
            Refuse($"{p.Name}: a row of images has {values} values; it must have {(
                patches.Reader == Reader.Patches ? $"{patches.Patches.ImageSize}" : $"a multiple of {windows}")}");
        }

        if (p.IsPair && !Equals(patches.Patches, (p.A.IsPatches ? p.A : p.B).Patches))
        {
            Refuse($"{p.Name}: both products have the same windows");
        }
    }

    private static void Multiply<T>(in Operand<T> a, in Operand<T> b, in MatrixView<T> c) where T : unmanaged
    {
        if (a.Columns != b.Rows || c.Rows != a.Rows || c.Columns != b.Columns)
        {
            Refuse($"Shapes do not multiply: ({a.Rows} × {a.Columns})·({b.Rows} × {b.Columns}) into {c.Rows} × {c.Columns}.");
        }
    }

    [DoesNotReturn]
    private static void Refuse(string sentence) => throw new ArgumentException(sentence);
}

/// <summary>
/// An operation's use of its device: until it is disposed, no other thread computes there, and neither the backend's working memory nor
/// a buffer, whose addresses are in use, is freed because nobody mentions it later.
/// </summary>
internal readonly ref struct Use(ThreadGate gate, object ops, object? first, object? second, object? third, object? fourth)
{
    private readonly ThreadGate.Pass _pass = gate.Enter();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        GC.KeepAlive(ops);
        GC.KeepAlive(first);
        GC.KeepAlive(second);
        GC.KeepAlive(third);
        GC.KeepAlive(fourth);
        _pass.Dispose();
    }
}
