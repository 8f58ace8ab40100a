using System.Numerics;
using System.Runtime.CompilerServices;
using Quotient.Backends;

namespace Quotient.Linearisation;

/// <summary>Products that are asked for again and again, as by Lanczos, are recorded once and replayed.</summary>
/// <remarks>
/// A recording refers to θ and to the states of all chunks, which stay where they are while a linearisation moves, and to the work
/// space of products. Where any of these is given up, so are the recordings.
/// </remarks>
internal sealed partial class CurvatureProducts<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Products of one sort that are queued call by call: a single product, or two, cost nothing more.</summary>
    private const int PlainProducts = 2;

    /// <summary>Recordings kept; the least recently used makes way.</summary>
    private const int MostRecordings = 4;

    /// <summary>
    /// Multiply–adds of the largest product that is recorded. These keep a GPU busy for half a millisecond, in which the host has
    /// long queued the launches of a product: a longer one gains nothing. Nor should one be much longer, because a replay is not
    /// stopped, while any other product can be between two chunks.
    /// </summary>
    private const double MostOperations = 1L << 33;

    /// <summary>Elements of its vectors, which are copied for each replay: that must take less time than the launches do.</summary>
    private const long MostElements = 1 << 22;

    /// <summary>The part of the free memory that the vectors of one recording may take.</summary>
    private const int PartOfMemory = 32;

    private readonly Dictionary<ProductKey, int> _products = [];

    /// <summary>Memory has run out before: what is left of it is not for recordings.</summary>
    private bool _isCramped;

    /// <summary>Most recently used last.</summary>
    private readonly List<(ProductKey Key, RecordedProduct<T> Product)> _recorded = [];

    private void MultiplyBlock(CurvatureKind kind, ParameterScope<T> scope, MatrixView<T> v, MatrixView<T> result)
    {
        var key = new ProductKey(kind, scope.First, scope.Last, (int)v.Rows);
        if (Backend.Captures && linearisation.IsResident)
        {
            if (Recorded(key) is { } recorded)
            {
                linearisation.AllChunks(() => recorded.Replay(v, result));
                return;
            }

            if (IsWorthRecording(key, scope) && RecordedProduct<T>.TryAllocate(Backend, v.Rows, v.Columns) is { } own)
            {
                Record(key, scope, own, v, result);
                return;
            }
        }

        linearisation.ForEachChunk((state, start) => MultiplyChunk(kind, scope, v, result, state, start));
    }

    /// <summary>Computes a product in vectors of its own, so that all it needs is compiled and allocated, and then records it.</summary>
    private void Record(ProductKey key, ParameterScope<T> scope, RecordedProduct<T> own, MatrixView<T> v, MatrixView<T> result)
    {
        bool isRecorded = false;
        try
        {
            own.Run(v, result, (from, to) =>
                linearisation.ForEachChunk((state, start) => MultiplyChunk(key.Kind, scope, from, to, state, start)));
            isRecorded = own.TryRecord((from, to) =>
                linearisation.ForEachState((state, start) => MultiplyChunk(key.Kind, scope, from, to, state, start)));
        }
        finally
        {
            if (!isRecorded)
            {
                own.Dispose();
            }
        }

        if (isRecorded)
        {
            if (_recorded.Count == MostRecordings)
            {
                _recorded[0].Product.Dispose();
                _recorded.RemoveAt(0);
            }

            _recorded.Add((key, own));
        }
    }

    /// <summary>Whether it is short, has been asked for before, and leaves memory to others.</summary>
    private bool IsWorthRecording(ProductKey key, ParameterScope<T> scope)
    {
        int before = _products.GetValueOrDefault(key);
        _products[key] = before + 1;
        long elements = key.Count * scope.Length;
        return before >= PlainProducts
            && !_isCramped
            && elements <= MostElements
            && ProductCost(key.Kind, scope) * linearisation.Samples * key.Count <= MostOperations
            && 2 * elements * Unsafe.SizeOf<T>() <= Backend.AvailableMemory / PartOfMemory;
    }

    private RecordedProduct<T>? Recorded(ProductKey key)
    {
        int index = _recorded.FindIndex(entry => entry.Key == key);
        if (index < 0)
        {
            return null;
        }

        var found = _recorded[index];
        _recorded.RemoveAt(index);
        _recorded.Add(found);
        return found.Product;
    }

    private void DropRecordings()
    {
        _recorded.ForEach(entry => entry.Product.Dispose());
        _recorded.Clear();
    }

    /// <summary>What tells products apart: a scope is its first and last step.</summary>
    private readonly record struct ProductKey(CurvatureKind Kind, int First, int Last, int Count);
}
