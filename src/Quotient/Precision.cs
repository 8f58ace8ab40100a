namespace Quotient;

/// <summary>The floating-point format that parameters, data and vectors are held and multiplied in.</summary>
public enum Precision
{
    /// <summary>IEEE binary32, unit roundoff 6.0e-8.</summary>
    Single,

    /// <summary>IEEE binary64, unit roundoff 1.1e-16.</summary>
    Double,
}
