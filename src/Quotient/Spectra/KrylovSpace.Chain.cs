using System.Numerics;

namespace Quotient.Spectra;

/// <summary>A second look at what a Krylov space cannot contain: further copies of multiple eigenvalues.</summary>
internal sealed partial class KrylovSpace<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<int> _chain = [];
    private bool _inChain;

    /// <summary>The steps of the present chain; 0 where none is under way.</summary>
    public int ChainLength => _chain.Count;

    /// <summary>
    /// Starts a chain: a random vector orthogonal to all found so far, which is expanded before anything else that is pending.
    /// It sees the copies of multiple eigenvalues that a Krylov space of one vector cannot contain.
    /// </summary>
    public void BeginChain()
    {
        int before = Rows;
        AddRandom();
        _chain.Clear();
        if (Rows > before)
        {
            _pending.Remove(before);
            _pending.Insert(0, before);
            _chain.Add(before);
            _inChain = true;
        }
    }

    /// <summary>
    /// The largest share of the chain's first vector that an eigenvector at λ, outside the hull of the chain's Ritz values, can
    /// have without contradicting its steps: 1 / Σ_j q_j(λ)², q_j the orthonormal polynomials (Christoffel's function).
    /// </summary>
    public double HiddenShare(double lambda)
    {
        if (_chain.Count > 0 && !_inChain)
        {
            return 0;
        }

        double sum = 1, previous = 0, current = 1, beside = 0;
        for (int j = 0; j + 1 < _chain.Count && double.IsFinite(sum); j++)
        {
            double next = (((lambda - _h[_chain[j], _chain[j]]) * current) - (beside * previous)) / _h[_chain[j + 1], _chain[j]];
            (previous, current, beside) = (current, next, _h[_chain[j + 1], _chain[j]]);
            sum += next * next;
        }

        return 1 / sum;
    }

    private void FollowChain(bool isNew, bool dependent)
    {
        if (_inChain && isNew)
        {
            _chain.Add(Rows - 1);
        }
        else if (_inChain && !dependent)
        {
            // Cut off for want of room, the chain has proved nothing.
            _chain.Clear();
        }

        _inChain &= isNew;
    }
}
