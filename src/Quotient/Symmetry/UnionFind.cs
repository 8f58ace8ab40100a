namespace Quotient.Symmetry;

/// <summary>Sets of numbers that are joined two by two; a set is fixed where one of its members is.</summary>
internal sealed class UnionFind
{
    private readonly List<int> _parents = [];
    private readonly List<bool> _fixed = [];

    /// <summary>A new number, alone in its set.</summary>
    public int Add(bool isFixed = false)
    {
        _parents.Add(_parents.Count);
        _fixed.Add(isFixed);
        return _parents.Count - 1;
    }

    /// <summary>The number that stands for its set.</summary>
    public int Find(int member)
    {
        while (_parents[member] != member)
        {
            member = _parents[member] = _parents[_parents[member]];
        }

        return member;
    }

    /// <summary>Makes two sets one; the earlier number stands for it.</summary>
    public int Join(int one, int other)
    {
        var (first, second) = (Math.Min(Find(one), Find(other)), Math.Max(Find(one), Find(other)));
        _parents[second] = first;
        _fixed[first] |= _fixed[second];
        return first;
    }

    public bool IsFixed(int member) => _fixed[Find(member)];

    public void Fix(int member) => _fixed[Find(member)] = true;
}
