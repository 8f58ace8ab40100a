namespace Quotient.Spectra;

/// <summary>
/// When the small eigenproblem is worth solving: after half of the products that the last residuals' decay lets expect, and at most an
/// eighth more than there were; where nothing is to be expected soon, after a sixteenth more.
/// </summary>
/// <remarks>
/// The excess of a residual is the logarithm of its ratio to what is allowed. Lanczos residuals fall about geometrically, and rather
/// faster in the end than before, so half of the way is safe.
/// </remarks>
internal sealed class CheckSchedule
{
    private int _order, _next;
    private double _excess = double.PositiveInfinity, _expected;

    /// <summary>Whether a solution can change a decision at this order of T.</summary>
    public bool IsDue(int order) => order >= _next;

    /// <summary>Whether the solution at this order may well be the last: else the next product will be needed anyhow.</summary>
    public bool MayBeLast(int order) => !(order + 1 < _expected);

    /// <summary>Notes the largest excess at an order of T.</summary>
    public void Note(int order, double excess)
    {
        double rate = (_excess - excess) / (order - _order), left = excess / rate;
        bool falls = rate > 0 && double.IsFinite(rate) && double.IsFinite(left);
        _expected = falls ? order + left : double.PositiveInfinity;
        _next = order + Math.Max(1, falls && left <= order ? Math.Min((int)(left / 2), order / 8) : order / 16);
        (_order, _excess) = (order, excess);
    }

    /// <summary>A restart left T with this order.</summary>
    public void Restart(int order)
    {
        double left = _expected - _order;
        (_expected, _next, _order) = (order + left, order + Math.Max(1, _next - _order), order);
    }
}
