using Quotient.Symmetry;

namespace Quotient.Experiments;

/// <summary>Between which nets paths are laid.</summary>
public enum PairSelection
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those of one group.</summary>
    Within,
}

/// <summary>What a <see cref="Landscape"/> measures.</summary>
public sealed record LandscapeOptions
{
    /// <summary>Points of each path, both ends among them.</summary>
    public int Points { get; init; } = 11;

    /// <summary>Between which nets paths are laid.</summary>
    public PairSelection Pairs { get; init; }

    /// <summary>How units are matched.</summary>
    public MatchingMethod Method { get; init; }

    /// <summary>Levels of noise: σ of real nets, probabilities of flips of binary ones. Null: 0.1 to 0.5; 0.01 to 0.2.</summary>
    public IReadOnlyList<double>? Levels { get; init; }

    /// <summary>The level whose local energy is called the flatness; null: the usual one, 0.5 or 0.1, if it is among the levels, else the last.</summary>
    public double? FlatnessLevel { get; init; }

    /// <summary>Draws of noise at each level.</summary>
    public int Draws { get; init; } = 20;

    /// <summary>Random orders of flips along each path, of binary nets.</summary>
    public int Orders { get; init; } = 5;

    /// <summary>The loss beside the error.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>What everything random is drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>The levels of noise for a kind of nets.</summary>
    internal IReadOnlyList<double> LevelsOf(bool isBinary) => Levels ?? (isBinary ? [0.01, 0.02, 0.05, 0.1, 0.2] : [0.1, 0.2, 0.3, 0.4, 0.5]);

    /// <summary>The level whose local energy is called the flatness.</summary>
    internal double FlatnessLevelOf(bool isBinary)
    {
        var levels = LevelsOf(isBinary);
        double usual = isBinary ? 0.1 : 0.5;
        return FlatnessLevel ?? (levels.Contains(usual) ? usual : levels[^1]);
    }

    internal void Check(bool isBinary)
    {
        var levels = LevelsOf(isBinary);
        QuotientException.ThrowIf(Points < 2, $"the number of points of a path is {Points}; it must be 2 or more");
        QuotientException.ThrowIf(Draws < 1, $"the number of draws is {Draws}; it must be 1 or more");
        QuotientException.ThrowIf(Orders < 1, $"the number of orders of flips is {Orders}; it must be 1 or more");
        QuotientException.ThrowIf(levels.Count == 0, $"there is no level of noise; one or more must be given");
        double most = isBinary ? 1 : double.MaxValue;
        foreach (double level in levels.Where(level => !(level > 0 && level <= most)))
        {
            throw new QuotientException(FormattableString.Invariant(
                $"a level of noise is {level}; it must be above 0{(isBinary ? " and at most 1, a probability of flips" : "")}"));
        }

        QuotientException.ThrowIf(
            FlatnessLevel is { } chosen && !levels.Contains(chosen),
            $"the level of flatness is {FlatnessLevel}; it must be one of the levels of noise, {string.Join(", ", levels.Select(level => level.ToString(CultureInfo.InvariantCulture)))}");
    }
}
