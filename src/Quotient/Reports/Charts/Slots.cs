using System.Globalization;
using Quotient.Results;

namespace Quotient.Reports.Charts;

/// <summary>Where each eigenvalue of a spectrum stands along the rank axis.</summary>
internal sealed class Slots
{
    private readonly int _top;
    private readonly int _bottom;
    private readonly long _dimension;
    private readonly Frame _frame;

    public Slots(SpectrumResult spectrum, Frame frame)
    {
        (_top, _bottom, _dimension, _frame) = (spectrum.Top.Count, spectrum.Bottom.Count, spectrum.Dimension, frame);
        Hidden = Math.Max(0, _dimension - _top - _bottom);
        double gap = Hidden > 0 ? (Figures.Count(Hidden).Length * Frame.CharacterWidth) + 40 : 0;
        double share = (frame.Width - gap) / Math.Max(1, _top + _bottom);
        Width = Hidden > 0 ? Math.Min(share, 60) : share;
    }

    /// <summary>The eigenvalues between the two ends.</summary>
    public long Hidden { get; }

    /// <summary>One eigenvalue's width.</summary>
    public double Width { get; }

    /// <summary>Where the largest end stops.</summary>
    public double GapLeft => _frame.Left + (_top * Width);

    /// <summary>Where the smallest end starts.</summary>
    public double GapRight => _frame.Right - (_bottom * Width);

    /// <summary>The place of the i-th largest, from 0.</summary>
    public double Top(int i) => _frame.Left + ((i + 0.5) * Width);

    /// <summary>The place of the i-th smallest, from 0.</summary>
    public double Bottom(int i) => _frame.Right - ((i + 0.5) * Width);

    /// <summary>As many ranks as can stand side by side.</summary>
    public IEnumerable<(double X, string Label)> Labels() =>
        Ranks(_top, 24).Select(i => (Top(i), (i + 1).ToString(CultureInfo.InvariantCulture)))
            .Concat(Ranks(_bottom, 40).Select(i => (Bottom(i), i == 0 ? "n" : $"n−{i}")));

    private IEnumerable<int> Ranks(int count, double labelWidth)
    {
        int stride = new[] { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, int.MaxValue }.First(by => by * Width >= labelWidth);
        for (long i = 0; i < count; i += stride)
        {
            yield return (int)i;
        }
    }
}
