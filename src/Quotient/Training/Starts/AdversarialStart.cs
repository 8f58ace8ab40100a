namespace Quotient.Training.Starts;

/// <summary>How an adversarial start ended.</summary>
/// <param name="Epochs">Epochs on corrupted copies of the samples.</param>
/// <param name="Error">The share of the copies that were misclassified at its end.</param>
/// <param name="Wanted">The share at which it would have ended early.</param>
public sealed record AdversarialStart(int Epochs, double Error, double Wanted)
{
    /// <summary>Whether that share was reached.</summary>
    public bool IsReached => Error <= Wanted;
}
