namespace Quotient.Backends.Cpu.Binary;

/// <summary>
/// The innermost product of signs: in how many places two rows of A differ from each column of a panel of B. A lane is a
/// column, so that nothing is summed across lanes.
/// </summary>
/// <remarks>
/// The bits a ⊕ b are added as numbers of several digits, for 64 places of a word at once, as Harley and Seal do (Warren,
/// Hacker's Delight, 5-2): a plane holds the digits of one weight, and only what the plane of weight 8 carries is counted as
/// it comes, one word of sixteen. The words of two rows share the loads of B.
/// </remarks>
internal static unsafe class Differences<TWords, TVector>
    where TWords : IWords<TVector>
    where TVector : struct
{
    private const int Eight = 8;

    /// <summary>Blocks of eight words whose carries a byte can count: at most 8 for two of them.</summary>
    private const int BlocksOfByte = 2 * (255 / 8);

    /// <summary>
    /// counts_ij ← differing bits of row i, <paramref name="first"/> or <paramref name="second"/>, and column j.
    /// </summary>
    /// <param name="words">Words of a row.</param>
    /// <param name="first">A row.</param>
    /// <param name="second">A row, or the same again.</param>
    /// <param name="b">Panels of columns: word k of its lanes next to each other.</param>
    /// <param name="panels">Panels.</param>
    /// <param name="counts">The counts of the first row; those of the second follow <paramref name="row"/> later.</param>
    /// <param name="row">From one row of counts to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Count(nint words, ulong* first, ulong* second, ulong* b, nint panels, ulong* counts, nint row)
    {
        nint rest = TWords.CountsWords ? words : words % Eight;
        for (; panels > 0; panels--, counts += TWords.Lanes)
        {
            ulong* x = first, y = second;
            TVector ones = default, twos = default, fours = default, eights = default, held = default;
            TVector ones2 = default, twos2 = default, fours2 = default, eights2 = default, held2 = default;
            TVector sum = default, sum2 = default;

            // The words beyond a multiple of eight come first: they fill empty planes, out of which nothing is carried.
            for (nint k = 0; k < rest; k++, b += TWords.Lanes)
            {
                TVector bits = TWords.Load(b), bits2 = TWords.Xor(bits, TWords.Broadcast(y++));
                bits = TWords.Xor(bits, TWords.Broadcast(x++));
                if (TWords.CountsWords)
                {
                    sum = TWords.AddShifted(sum, TWords.Count(bits), 0);
                    sum2 = TWords.AddShifted(sum2, TWords.Count(bits2), 0);
                }
                else
                {
                    AddOne(ref ones, ref twos, ref fours, bits);
                    AddOne(ref ones2, ref twos2, ref fours2, bits2);
                }
            }

            for (nint blocks = (words - rest) / Eight; blocks > 0;)
            {
                TVector bytes = default, bytes2 = default;
                nint end = Math.Max(0, blocks - BlocksOfByte);
                for (; blocks > end; blocks--)
                {
                    TVector b0 = TWords.Load(b), b1 = TWords.Load(b + TWords.Lanes);
                    TVector b2 = TWords.Load(b + (2 * TWords.Lanes)), b3 = TWords.Load(b + (3 * TWords.Lanes));
                    TVector b4 = TWords.Load(b + (4 * TWords.Lanes)), b5 = TWords.Load(b + (5 * TWords.Lanes));
                    TVector b6 = TWords.Load(b + (6 * TWords.Lanes)), b7 = TWords.Load(b + (7 * TWords.Lanes));
                    var carry = AddEight(ref ones, ref twos, ref fours, x, b0, b1, b2, b3, b4, b5, b6, b7);
                    var carry2 = AddEight(ref ones2, ref twos2, ref fours2, y, b0, b1, b2, b3, b4, b5, b6, b7);
                    if ((blocks & 1) != 0)
                    {
                        bytes = TWords.AddBytes(bytes, TWords.Count(Add(ref eights, held, carry)));
                        bytes2 = TWords.AddBytes(bytes2, TWords.Count(Add(ref eights2, held2, carry2)));
                    }

                    held = carry;
                    held2 = carry2;
                    x += Eight;
                    y += Eight;
                    b += Eight * TWords.Lanes;
                }

                sum = TWords.AddShifted(sum, TWords.SumBytes(bytes), 4);
                sum2 = TWords.AddShifted(sum2, TWords.SumBytes(bytes2), 4);
            }

            TWords.Store(TWords.AddShifted(sum, Digits(ones, twos, fours, eights), 0), counts);
            TWords.Store(TWords.AddShifted(sum2, Digits(ones2, twos2, fours2, eights2), 0), counts + row);
        }
    }

    /// <summary>Adds eight words of a row to the planes; returns what the plane of weight 4 carries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector AddEight(
        ref TVector ones, ref TVector twos, ref TVector fours, ulong* a,
        TVector b0, TVector b1, TVector b2, TVector b3, TVector b4, TVector b5, TVector b6, TVector b7)
    {
        var c0 = Add(ref ones, TWords.Xor(b0, TWords.Broadcast(a)), TWords.Xor(b1, TWords.Broadcast(a + 1)));
        var c1 = Add(ref ones, TWords.Xor(b2, TWords.Broadcast(a + 2)), TWords.Xor(b3, TWords.Broadcast(a + 3)));
        var low = Add(ref twos, c0, c1);
        c0 = Add(ref ones, TWords.Xor(b4, TWords.Broadcast(a + 4)), TWords.Xor(b5, TWords.Broadcast(a + 5)));
        c1 = Add(ref ones, TWords.Xor(b6, TWords.Broadcast(a + 6)), TWords.Xor(b7, TWords.Broadcast(a + 7)));
        return Add(ref fours, low, Add(ref twos, c0, c1));
    }

    /// <summary>Adds two digits to a plane; returns what it carries.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(ref TVector plane, TVector a, TVector b)
    {
        var differ = TWords.Xor(a, b);
        var carry = TWords.Select(differ, plane, a);
        plane = TWords.Xor(plane, differ);
        return carry;
    }

    /// <summary>Adds a word to planes that hold less than 7 everywhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOne(ref TVector ones, ref TVector twos, ref TVector fours, TVector x)
    {
        var carry = TWords.And(ones, x);
        ones = TWords.Xor(ones, x);
        fours = TWords.Xor(fours, TWords.And(twos, carry));
        twos = TWords.Xor(twos, carry);
    }

    /// <summary>The sum of all digits of four planes, at most 8·15 in a byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Digits(TVector ones, TVector twos, TVector fours, TVector eights)
    {
        var bytes = TWords.Count(eights);
        bytes = TWords.AddBytes(TWords.AddBytes(bytes, bytes), TWords.Count(fours));
        bytes = TWords.AddBytes(TWords.AddBytes(bytes, bytes), TWords.Count(twos));
        bytes = TWords.AddBytes(TWords.AddBytes(bytes, bytes), TWords.Count(ones));
        return TWords.SumBytes(bytes);
    }
}
