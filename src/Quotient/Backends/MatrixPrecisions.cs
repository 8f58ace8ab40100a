namespace Quotient.Backends;

/// <summary>The names of <see cref="MatrixPrecision"/>, and what devices offer of it.</summary>
public static class MatrixPrecisions
{
    /// <summary>What a device without tensor cores offers.</summary>
    public static IReadOnlyList<MatrixPrecision> FullOnly { get; } = [MatrixPrecision.Full];

    /// <summary>What a device with tensor cores offers; the first is what <see cref="MatrixPrecision.Auto"/> stands for.</summary>
    public static IReadOnlyList<MatrixPrecision> WithTensorCores { get; } =
        [MatrixPrecision.SplitTensor, MatrixPrecision.Tensor, MatrixPrecision.Full];

    /// <summary>All names, as they stand on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<MatrixPrecision>().Select(Name)];

    /// <summary>Its name on the command line: <c>tf32x3</c>.</summary>
    public static string Name(this MatrixPrecision precision) => precision switch
    {
        MatrixPrecision.Auto => "auto",
        MatrixPrecision.Full => "fp32",
        MatrixPrecision.SplitTensor => "tf32x3",
        MatrixPrecision.Tensor => "tf32",
        _ => throw new ArgumentOutOfRangeException(nameof(precision)),
    };

    /// <summary>The precision of that name.</summary>
    /// <exception cref="QuotientException">There is none.</exception>
    public static MatrixPrecision Parse(string name) =>
        Enum.GetValues<MatrixPrecision>().Where(one => one.Name() == name).Cast<MatrixPrecision?>().FirstOrDefault()
        ?? throw new QuotientException($"the matrix precision is '{name}'; it must be one of {string.Join(", ", Names)}");

    /// <summary>Refuses a precision that a device does not offer.</summary>
    /// <exception cref="QuotientException">It does not.</exception>
    public static void Require(DeviceInfo device, MatrixPrecision asked)
    {
        if (asked != MatrixPrecision.Auto && !device.Products.Contains(asked))
        {
            throw new QuotientException(
                $"device '{device.Id}' ({device.Name}) does not multiply matrices in {asked.Name()}; choose auto"
                + string.Concat(device.Products.Select(one => $" or {one.Name()}")));
        }
    }
}
