namespace Quotient.Training.Starts;

/// <summary>What an adversarial start came to.</summary>
/// <param name="Epochs">Epochs on corrupted copies of the samples.</param>
/// <param name="Error">The share of the copies classified otherwise than labelled in the end.</param>
/// <param name="Wanted">The share that would have ended it.</param>
public sealed record AdversarialStart(int Epochs, double Error, double Wanted)
{
    /// <summary>Whether it got there before its epochs were over.</summary>
    public bool IsReached => Error <= Wanted;
}
