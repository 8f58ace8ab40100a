namespace Quotient;

/// <summary>
/// Bad input of any kind: a file, a field, an argument. The message is one clear sentence that names the file, the field,
/// the value seen and the value wanted. The command line prints it on standard error and exits with code 2.
/// </summary>
public sealed class QuotientException : Exception
{
    /// <summary>Makes an error with one clear sentence.</summary>
    public QuotientException(string message) : base(message)
    {
    }

    /// <summary>Makes an error with one clear sentence and what caused it.</summary>
    public QuotientException(string message, Exception inner) : base(message, inner)
    {
    }
}
