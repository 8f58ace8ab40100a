using Quotient.Data.Generators;
using Quotient.Spectra;

namespace Quotient.Symmetry;

/// <summary>
/// A shortest path between two binary networks: weights whose signs differ, D, flip one after the other in an order drawn uniformly, so that at
/// t = k/n the first ⌊k |D| / n⌋ have flipped; real parameters go straight.
/// </summary>
/// <remarks>Source: Pittorino et al. (2022), section 2.4.</remarks>
internal sealed class HammingWay : Way
{
    private readonly Model _a, _b;
    private readonly int[] _differing;
    private readonly int[] _order;
    private readonly int _orders;
    private readonly ulong _seed, _stream;
    private int _drawn = -1;

    /// <param name="a">Where it begins.</param>
    /// <param name="b">Where it ends.</param>
    /// <param name="orders">The number of orders.</param>
    /// <param name="seed">What they are drawn from.</param>
    /// <param name="part">Which way of the path it is, where that has several.</param>
    public HammingWay(Model a, Model b, int orders, ulong seed, int part = 0)
    {
        (_a, _b, _orders, _seed) = (a.AtBinaryWeights(), b.AtBinaryWeights(), orders, seed);
        _stream = RandomStreams.FlipOrder + ((ulong)part << 24);
        _differing =
        [
            .. from tensor in a.Network.Tensors
               where tensor.IsBinary
               from i in Enumerable.Range((int)tensor.Offset, (int)tensor.Size)
               where _a.Parameters[i] != _b.Parameters[i]
               select i,
        ];
        _order = new int[_differing.Length];
    }

    public override int? Orders => _orders;

    public override ParameterDistance Length => Distances.Hamming(_a, _b);

    public override void At(int order, long part, long whole, double[] target)
    {
        // Real parameters, and signs that are the same at both ends.
        StraightWay.Mix(_a.Parameters, _b.Parameters, (double)part / whole, target);
        Draw(order);
        long flipped = part * _order.Length / whole;
        for (int i = 0; i < _order.Length; i++)
        {
            target[_order[i]] = (i < flipped ? _b : _a).Parameters[_order[i]];
        }
    }

    /// <summary>A uniform permutation, by Fisher and Yates; a stream of its own for each order.</summary>
    private void Draw(int order)
    {
        if (_drawn == order)
        {
            return;
        }

        var random = new PhiloxStream(_seed, _stream + (ulong)order);
        _differing.CopyTo(_order.AsSpan());
        for (int i = _order.Length - 1; i > 0; i--)
        {
            int other = random.Below(i + 1);
            (_order[i], _order[other]) = (_order[other], _order[i]);
        }

        _drawn = order;
    }
}
