using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Quotient.Training;

/// <summary>Tells data sets apart by what is in them, whatever they are called.</summary>
internal static class Fingerprint
{
    private const int PieceLength = 1 << 16;

    /// <summary>SHA-256 over counts, inputs in precision <typeparamref name="T"/>, and labels or targets, as hexadecimal digits.</summary>
    public static string Of<T>(Dataset data, CancellationToken cancellationToken) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<int>([data.Count, data.Sample.Size, data.Classes, data.TargetWidth]));
        hash.AppendData(MemoryMarshal.AsBytes(data.Labels));
        bool real = data.Classes == 0;
        int atOnce = Math.Clamp(PieceLength / Math.Max(data.Sample.Size, data.TargetWidth), 1, data.Count);
        var inputs = new T[atOnce * data.Sample.Size];
        var targets = new T[real ? atOnce * data.TargetWidth : 0];
        for (int first = 0; first < data.Count; first += atOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(atOnce, data.Count - first);
            var rows = inputs.AsSpan(0, count * data.Sample.Size);
            data.CopyInputs(first, count, rows);
            hash.AppendData(MemoryMarshal.AsBytes(rows));
            if (real)
            {
                var wanted = targets.AsSpan(0, count * data.TargetWidth);
                data.CopyTargets(first, count, wanted);
                hash.AppendData(MemoryMarshal.AsBytes(wanted));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
