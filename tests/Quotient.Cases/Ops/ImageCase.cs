using System.Numerics;
using Quotient.Backends;

namespace Quotient.Cases.Ops;

/// <summary>An operation on what windows see of images.</summary>
public enum ImageOperation
{
    MaxPool,
    MaxPoolAmongTies,
    MaxPoolOfOddNumbers,
    MaxPoolWithRelu,
    TakeRoutes,
    FollowRoutes,
    AveragePool,
    AveragePoolOfPadded,
    AveragePoolBack,
    AveragePoolBackOfPadded,
}

/// <summary>Pooling, and what follows its routes.</summary>
/// <param name="operation">Which.</param>
/// <param name="patches">The windows, and the image.</param>
/// <param name="images">Images.</param>
/// <param name="stacked">Signals that follow each route.</param>
/// <param name="beta">The factor of what the result holds before, where the operation has one.</param>
public sealed class ImageCase(ImageOperation operation, Patches patches, int images, int stacked = 1, double beta = 0) : OpCase(
    operation.ToString(), $"{images} of {ConvolutionCase.Describe(patches)} → {patches.OutHeight}×{patches.OutWidth}, {stacked} stacked, β {beta}")
{
    private long SizeOut => patches.Windows * patches.Channels;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var ops = s.Ops;
        var (rows, all, size) = (images, images * stacked, patches.ImageSize);
        bool counts = operation is ImageOperation.AveragePoolOfPadded or ImageOperation.AveragePoolBackOfPadded;
        return operation switch
        {
            ImageOperation.MaxPool => MaxPool(s, s.Input(rows, size), false),
            ImageOperation.MaxPoolAmongTies => MaxPool(s, s.Levels(rows, size, -1), false),
            ImageOperation.MaxPoolOfOddNumbers => MaxPool(s, s.Around(-0.3, rows, size), true),
            ImageOperation.MaxPoolWithRelu => MaxPool(s, s.Levels(rows, size, -2), true),
            ImageOperation.TakeRoutes => Call(
                s.Input(all, size), s.Routes(patches, rows), s.ExactOutput(all, SizeOut), (x, routes, y) => ops.TakeRoutes(patches, x, routes, y)),
            ImageOperation.FollowRoutes => Call(
                s.Input(all, SizeOut), s.Routes(patches, rows), Result(s, all), (y, routes, x) => ops.FollowRoutes(patches, y, routes, beta, x)),
            ImageOperation.AveragePool or ImageOperation.AveragePoolOfPadded => Call(
                s.Input(rows, size), s.Output(rows, SizeOut), (x, y) => ops.AveragePool(patches, counts, x, y)),
            _ => Call(s.Input(rows, SizeOut), Result(s, rows), (y, x) => ops.AveragePoolBack(patches, counts, y, beta, x)),
        };
    }

    private Action MaxPool<T>(OpBench<T> s, MatrixView<T> x, bool relu) where T : unmanaged, IFloatingPointIeee754<T> =>
        Call(s.ExactOutput(images, SizeOut), s.ExactOutput(images, SizeOut), (y, routes) => s.Ops.MaxPool(patches, x, relu, y, routes));

    private MatrixView<T> Result<T>(OpBench<T> s, int rows) where T : unmanaged, IFloatingPointIeee754<T> =>
        beta == 0 ? s.Output(rows, patches.ImageSize, 1) : s.InOut(rows, patches.ImageSize);
}

/// <summary>Y ← Xᵀ + β·Y, a matrix a row; exact where nothing is added.</summary>
public sealed class TurnCase(int images, int rows, int columns, double beta) : OpCase("Turn", $"{images} of {rows} × {columns}, β {beta}")
{
    /// <inheritdoc/>
    public override double Elements => 2.0 * images * rows * columns;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        long size = (long)rows * columns;
        var (ops, x) = (s.Ops, s.Input(images, size));
        var y = beta == 0 ? s.ExactOutput(images, size) : s.InOut(images, size);
        return () => ops.Turn(x, rows, beta, y);
    }
}

/// <summary>y_ij ← scale_j·x_ij + shift_j + β·y_ij.</summary>
public sealed class ScaleColumnsCase(long rows, long columns, bool shifts, double beta, bool inPlace) : OpCase(
    "ScaleColumns", $"{rows} × {columns}, β {beta}{(shifts ? ", shifted" : "")}{(inPlace ? ", in place" : "")}")
{
    /// <inheritdoc/>
    public override double Elements => 2.0 * rows * columns;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, scale, shift) = (s.Ops, s.Input(columns), shifts ? s.Input(columns) : default);
        var x = inPlace ? s.InOut(rows, columns) : s.Input(rows, columns);
        var y = inPlace ? x : beta == 0 ? s.Output(rows, columns) : s.InOut(rows, columns);
        return () => ops.ScaleColumns(x, scale, shift, beta, y);
    }
}

/// <summary>out_j ← Σ_i x_ij·y_ij + β·out_j.</summary>
public sealed class ColumnDotsCase(long rows, long columns, double beta) : OpCase("ColumnDots", $"{rows} × {columns}, β {beta}")
{
    /// <inheritdoc/>
    public override double Elements => 2.0 * rows * columns;

    /// <inheritdoc/>
    public override Action Prepare<T>(OpBench<T> s)
    {
        var (ops, x, y) = (s.Ops, s.Input(rows, columns), s.Input(rows, columns));
        var result = beta == 0 ? s.Output(columns, Math.Sqrt(rows)) : s.InOut(columns);
        return () => ops.ColumnDots(x, y, beta, result);
    }
}
