namespace Quotient.Backends.Reference;

/// <summary>Products in any numbers, whatever their factors are read from; sums are of type <typeparamref name="TSum"/>.</summary>
internal sealed unsafe class ReferenceProductOps<T, TSum> : IProductOps<T>
    where T : unmanaged, INumberBase<T>
    where TSum : INumberBase<TSum>
{
    public void Multiply(in Product<T> p)
    {
        TSum alpha = TSum.CreateChecked(T.CreateChecked(p.Alpha)), beta = TSum.CreateChecked(T.CreateChecked(p.Beta));
        for (int member = 0; member < p.C.Count; member++)
        {
            Factor a = new(p.A, member), b = new(p.B, member), a2 = new(p.A2, member), b2 = new(p.B2, member);
            var c = p.C[member];
            for (long i = 0; i < c.Rows; i++)
            {
                T* row = c.Row(i).Pointer();
                for (long j = 0; j < c.Columns; j++)
                {
                    TSum sum = Inner(a, b, p.A.Columns, i, j);
                    sum = p.IsPair ? sum + Inner(a2, b2, p.A2.Columns, i, j) : sum;
                    TSum value = p.Beta == 0 ? alpha * sum : (alpha * sum) + (beta * TSum.CreateChecked(row[j]));
                    row[j] = T.CreateChecked(Finish(p.Epilogue, member, i, j, value));
                }
            }
        }
    }

    private static TSum Inner(in Factor a, in Factor b, long depth, long i, long j)
    {
        TSum sum = TSum.Zero;
        for (long k = 0; k < depth; k++)
        {
            sum += a.At(i, k) * b.At(k, j);
        }

        return sum;
    }

    private static TSum Finish(in Epilogue<T> epilogue, int member, long i, long j, TSum value)
    {
        value = epilogue.HasBias ? value + TSum.CreateChecked(epilogue.BiasOf(member).Pointer()[j]) : value;
        value = epilogue.Relu && TSum.IsNegative(value) && !TSum.IsNaN(value) ? TSum.Zero : value;
        return epilogue.HasMask && !LinearElements<T>.IsAboveZero(epilogue.Mask.Row(i).Pointer()[j]) ? TSum.Zero : value;
    }

    /// <summary>Reads a factor element by element.</summary>
    private readonly struct Factor
    {
        private readonly Reader _reader;
        private readonly bool _turned;
        private readonly T* _values;
        private readonly ulong* _words;
        private readonly long _stride;
        private readonly Patches? _patches;
        private readonly long _ofWindow;

        public Factor(in Operand<T> operand, int member)
        {
            (_reader, _turned) = (operand.Reader, operand.Transpose == Transpose.Yes);
            if (operand.Reader == Reader.Signs)
            {
                _words = operand.Signs.Buffer.All.Pointer() + operand.Signs.Offset;
                _stride = operand.Signs.Stride;
            }
            else if (operand.IsPatches)
            {
                var images = operand.Images[member];
                _values = images.Pointer();
                (_stride, _patches) = (images.Stride, operand.Patches);
                _ofWindow = images.Columns / _patches!.Windows;
            }
            else if (operand.Values.First.Buffer is not null)
            {
                _values = operand.Values[member].Pointer();
                _stride = operand.Values.First.Stride;
            }
        }

        /// <summary>Element (i, j) of op(X).</summary>
        public TSum At(long i, long j)
        {
            (i, j) = _turned ? (j, i) : (i, j);
            return _reader switch
            {
                Reader.Dense => TSum.CreateChecked(_values[(i * _stride) + j]),
                Reader.Patches => Seen(i, j),
                Reader.BackPatches => SeenFrom(i, j),
                _ => ((_words[(i * _stride) + (j / BitMatrix.WordBits)] >> (int)(j % BitMatrix.WordBits)) & 1) == 1 ? TSum.One : -TSum.One,
            };
        }

        /// <summary>Value <paramref name="j"/> of the patch of window <paramref name="i"/>.</summary>
        private TSum Seen(long i, long j)
        {
            var p = _patches!;
            var (image, window) = Math.DivRem(i, p.Windows);
            var (at, channel) = Math.DivRem(j, p.Channels);
            var (y, x) = p.Seen(window, at);
            return p.Holds(y, x)
                ? TSum.CreateChecked(_values[(image * _stride) + (((y * p.Width) + x) * p.Channels) + channel])
                : TSum.Zero;
        }

        /// <summary>The value of the window that sees place <paramref name="i"/> where and in the channel that <paramref name="j"/> says.</summary>
        private TSum SeenFrom(long i, long j)
        {
            var p = _patches!;
            var (image, place) = Math.DivRem(i, p.Places);
            var (at, channel) = Math.DivRem(j, _ofWindow);
            var (y, offY) = Math.DivRem((place / p.Width) + p.Top - (at / p.KernelWidth), p.StrideY);
            var (x, offX) = Math.DivRem((place % p.Width) + p.Left - (at % p.KernelWidth), p.StrideX);
            return offY != 0 || offX != 0 || y < 0 || y >= p.OutHeight || x < 0 || x >= p.OutWidth
                ? TSum.Zero
                : TSum.CreateChecked(_values[(image * _stride) + (((y * p.OutWidth) + x) * _ofWindow) + channel]);
        }
    }
}
