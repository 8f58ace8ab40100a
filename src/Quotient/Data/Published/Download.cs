using System.Net;
using System.Security.Cryptography;

namespace Quotient.Data.Published;

/// <summary>The reason why a download failed, as words that follow the address.</summary>
internal sealed class DownloadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One file over HTTP.</summary>
internal sealed class Download(PublishedFile file, TimeSpan patience)
{
    /// <summary>Downloads to a new file, and checks its hash.</summary>
    /// <exception cref="DownloadException">The download failed; the caller removes what was written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task ToFileAsync(
        Uri address, string path, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
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

            string seen = await CopyAsync(answer, path, progress, limit).ConfigureAwait(false);
            if (seen != file.Sha256)
            {
                throw new DownloadException($"sent a file with the SHA-256 {seen}, expected {file.Sha256}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException($"sent nothing for {patience.TotalSeconds} seconds");
        }
        catch (HttpRequestException refused)
        {
            throw new DownloadException($"cannot be reached: {InputFile.Clause(refused)}", refused);
        }
    }

    private async Task<string> CopyAsync(
        HttpResponseMessage answer, string path, IProgress<DownloadProgress>? progress, CancellationTokenSource limit)
    {
        long? total = answer.Content.Headers.ContentLength;
        long received = 0;
        byte[] part = new byte[1 << 16];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var body = await answer.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        using var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        progress?.Report(new(file.Name, 0, total));
        while (await ReceiveAsync(body, part, limit.Token).ConfigureAwait(false) is > 0 and var count)
        {
            limit.CancelAfter(patience);
            hash.AppendData(part, 0, count);
            await output.WriteAsync(part.AsMemory(0, count), limit.Token).ConfigureAwait(false);
            received += count;
            progress?.Report(new(file.Name, received, total));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Reads from the network alone, so that a full disk is not taken for a bad server.</summary>
    private static async Task<int> ReceiveAsync(Stream body, byte[] part, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(part, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            throw new DownloadException($"broke off: {InputFile.Clause(broken)}", broken);
        }
    }
}
