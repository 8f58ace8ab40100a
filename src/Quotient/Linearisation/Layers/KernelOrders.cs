using Quotient.Backends;
using Quotient.Networks.Layers;

namespace Quotient.Linearisation.Layers;

/// <summary>What a turned kernel is of: several are in use at once.</summary>
internal enum KernelOf
{
    /// <summary>θ.</summary>
    Weights,

    /// <summary>A direction of a derivative.</summary>
    Direction,

    /// <summary>A sum of gradients.</summary>
    Gradient,

    /// <summary>The signs of θ, in its own order.</summary>
    Signs,

    /// <summary>Gradients of single samples.</summary>
    Samples,
}

/// <summary>
/// The weights of a convolution in the orders of its products. θ has them as outputs × inputs × places of the window, as files do; products
/// with patches, whose channels lie together, want outputs × places × inputs, and those that lead back places × outputs × inputs.
/// </summary>
internal sealed class KernelOrders<T>(IBackend backend, Convolution layer) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly IOps<T> _ops = backend.Ops<T>();
    private readonly Rooms<T> _rooms = new(backend);
    private readonly long _in = layer.Inputs, _out = layer.Outputs, _places = layer.Window.Size;

    /// <summary>Weights in all.</summary>
    public long Count { get; } = (long)layer.Inputs * layer.Outputs * layer.Window.Size;

    private bool IsByPatch => _in == 1 || _places == 1;

    /// <summary>The weights of each of k blocks of parameters in θ's order, or their signs: outputs × (inputs·places).</summary>
    public MatrixBatch<T> In(MatrixView<T> block, bool signs)
    {
        var weights = Stage<T>.Matrices(block, 0, _out, _in * _places);
        if (!signs)
        {
            return weights;
        }

        var room = Room(KernelOf.Signs, weights.Count, _out, _in * _places);
        for (int j = 0; j < weights.Count; j++)
        {
            _ops.Sign(weights[j].AsVector(), 0, room[j].AsVector());
        }

        return room;
    }

    /// <summary>Outputs × (places·inputs), for products with patches.</summary>
    public MatrixBatch<T> ByPatch(MatrixBatch<T> weights, KernelOf of) =>
        IsByPatch ? weights : Turned(weights, _out, _in, Room(of, weights.Count, _out, _places * _in), 0);

    /// <summary>(Places·outputs) × inputs, for products that lead back.</summary>
    public MatrixBatch<T> ByPlace(MatrixBatch<T> weights, KernelOf of) => _places == 1
        ? weights
        : Turned(weights, 1, _out * _in, Room(of, weights.Count, _places * _out, _in), 0);

    /// <summary>
    /// The weights of each block ← β·weights + what is summed up by patch: the sum is told where to add, and the factor of what is there.
    /// </summary>
    public void Collect(MatrixView<T> block, double beta, Action<double, MatrixBatch<T>> sum)
    {
        var weights = In(block, false);
        if (IsByPatch)
        {
            sum(beta, weights);
            return;
        }

        var room = Room(KernelOf.Gradient, weights.Count, _out, _places * _in);
        sum(0, room);
        Turned(room, _out, _places, weights, beta);
    }

    /// <summary>Room for the gradients of some samples, by patch, one after the other.</summary>
    public MatrixBatch<T> OfSamples(int samples) => Room(KernelOf.Samples, samples, _out, _places * _in);

    public void Dispose() => _rooms.Dispose();

    private MatrixBatch<T> Room(KernelOf of, int count, long rows, long columns) => _rooms.Take((int)of, count, rows, columns);

    /// <summary>Each matrix of y ← β·y + that of x, whose values are so many matrices of some rows, with each of these transposed.</summary>
    private MatrixBatch<T> Turned(MatrixBatch<T> x, long matrices, long rows, MatrixBatch<T> y, double beta)
    {
        for (int j = 0; j < x.Count; j++)
        {
            _ops.Turn(x[j].InRowsOf(Count / matrices), rows, beta, y[j].InRowsOf(Count / matrices));
        }

        return y;
    }
}
