using System.Net;
using System.Security.Cryptography;

namespace Quotient.Data.Published;

/// <summary>Why an address did not give a file, as words that follow the address.</summary>
internal sealed class DownloadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One file over HTTP.</summary>
internal static class Download
{
    /// <summary>A server that sends nothing for so long is given up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Downloads to a new file, and checks length and hash.</summary>
    /// <exception cref="DownloadException">The address did not give that file; what was written is the caller's to discard.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task ToFile(
        Uri address, PublishedFile file, string path, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            client.DefaultRequestHeaders.UserAgent.ParseAdd("quotient");
            using var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new DownloadException($"answered {(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd());
            }

            string seen = await Copy(answer, file.Name, path, progress, limit).ConfigureAwait(false);
            if (seen != file.Sha256)
            {
                throw new DownloadException($"sent a file with the SHA-256 {seen}, expected {file.Sha256}");
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DownloadException($"sent nothing for {Patience.TotalSeconds} seconds");
        }
        catch (HttpRequestException refused)
        {
            throw new DownloadException($"cannot be reached: {InputFile.Clause(refused)}", refused);
        }
        catch (HttpIOException broken)
        {
            throw new DownloadException($"broke off: {InputFile.Clause(broken)}", broken);
        }
    }

    private static async Task<string> Copy(
        HttpResponseMessage answer, string name, string path, IProgress<DownloadProgress>? progress, CancellationTokenSource limit)
    {
        long? total = answer.Content.Headers.ContentLength;
        long received = 0;
        byte[] part = new byte[1 << 16];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var body = await answer.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        progress?.Report(new(name, 0, total));
        while (await body.ReadAsync(part, limit.Token).ConfigureAwait(false) is > 0 and var count)
        {
            limit.CancelAfter(Patience);
            hash.AppendData(part, 0, count);
            await file.WriteAsync(part.AsMemory(0, count), limit.Token).ConfigureAwait(false);
            received += count;
            progress?.Report(new(name, received, total));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
