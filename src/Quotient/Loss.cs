namespace Quotient;

/// <summary>How a network's outputs are compared with the data.</summary>
public enum Loss
{
    /// <summary><c>ce</c>: the mean over samples of −log softmax(z)_y, on logits z.</summary>
    CrossEntropy,

    /// <summary><c>mse</c>: the mean over samples of ½‖f − y‖²; classes become one-hot rows.</summary>
    SquaredError,
}

/// <summary>Whether a loss over samples is averaged or added up.</summary>
public enum Reduction
{
    /// <summary>Divide by the number of samples.</summary>
    Mean,

    /// <summary>Do not divide.</summary>
    Sum,
}

/// <summary>The losses' names on the command line and in files.</summary>
public static class Losses
{
    /// <summary><c>ce</c> or <c>mse</c>.</summary>
    public static string Name(this Loss loss) => loss == Loss.CrossEntropy ? "ce" : "mse";

    /// <summary>The loss of that name.</summary>
    public static Loss Parse(string name) => name switch
    {
        "ce" => Loss.CrossEntropy,
        "mse" => Loss.SquaredError,
        _ => throw new QuotientException($"loss '{name}' is unknown; choose ce or mse"),
    };
}
