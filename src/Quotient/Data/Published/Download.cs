using System.Net;
using System.Security.Cryptography;

namespace Quotient.Data.Published;

/// <summary>The reason why a download failed, as words that follow the address.</summary>
internal sealed class DownloadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One file over HTTP, from a server that may send anything: neither too much, nor too slowly, nor words that steer a terminal.</summary>
internal sealed class Download(PublishedFile file, TimeSpan patience)
{
    private const int MostRedirects = 10, LongestWords = 200;

    /// <summary>A server has to send so many bytes before patience ends.</summary>
    private const int LeastBytes = 1 << 14;

    /// <summary>Downloads to a stream, and checks length and hash.</summary>
    /// <exception cref="DownloadException">The download failed; what was written is of no use.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task ToStreamAsync(
        Uri address, Stream output, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
            client.DefaultRequestHeaders.UserAgent.ParseAdd("quotient");
            using var answer = await AskAsync(client, address, limit.Token).ConfigureAwait(false);
            CheckLength(answer.Content.Headers.ContentLength);
            await CopyAsync(answer, output, progress, limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException(FormattableString.Invariant($"sent less than {LeastBytes} bytes in {patience.TotalSeconds} seconds"));
        }
        catch (Exception refused) when (refused is HttpRequestException or NotSupportedException)
        {
            throw new DownloadException($"cannot be reached: {Words(refused)}", refused);
        }
    }

    /// <summary>Where an answer sends on to: an address of HTTPS, or of HTTP where that was asked before; all else is refused.</summary>
    public static Uri Next(Uri asked, Uri? location)
    {
        Uri? next = null;
        bool isSafe = location is not null && Uri.TryCreate(asked, location, out next)
            && (next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && asked.Scheme == Uri.UriSchemeHttp));
        return isSafe
            ? next!
            : throw new DownloadException($"sends on to {Text.Quote(location?.OriginalString ?? "")}, which is no https address");
    }

    /// <summary>The answer that has the file, after as many others as may send on to it.</summary>
    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            var answer = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return answer;
            }

            using (answer)
            {
                address = (int)answer.StatusCode is >= 301 and <= 308 and not 304
                    ? Next(address, answer.Headers.Location)
                    : throw new DownloadException(
                        $"answered {(int)answer.StatusCode} {Text.Plain(answer.ReasonPhrase ?? "", LongestWords)}".TrimEnd());
            }
        }

        throw new DownloadException($"sends on to another address more than {MostRedirects} times");
    }

    private async Task CopyAsync(
        HttpResponseMessage answer, Stream output, IProgress<DownloadProgress>? progress, CancellationTokenSource limit)
    {
        long received = 0, counted = 0;
        byte[] part = new byte[1 << 16];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var body = await answer.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
        progress?.Report(new(file.Name, 0, file.Length));
        while (await ReceiveAsync(body, part, limit.Token).ConfigureAwait(false) is > 0 and var count)
        {
            received += count;
            if (received > file.Length)
            {
                throw new DownloadException(FormattableString.Invariant($"sent more than the {file.Length} bytes of the file"));
            }

            if (received - counted >= LeastBytes)
            {
                counted = received;
                limit.CancelAfter(patience);
            }

            hash.AppendData(part, 0, count);
            await output.WriteAsync(part.AsMemory(0, count), limit.Token).ConfigureAwait(false);
            progress?.Report(new(file.Name, received, file.Length));
        }

        CheckLength(received);
        if (file.WrongHash(hash.GetHashAndReset()) is { } difference)
        {
            throw new DownloadException($"sent a file that {difference}");
        }
    }

    private void CheckLength(long? length)
    {
        if (length is { } seen && seen != file.Length)
        {
            throw new DownloadException($"sent a file that {file.WrongLength(seen)}");
        }
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
            throw new DownloadException($"broke off: {Words(broken)}", broken);
        }
    }

    /// <summary>What an error says, which may quote the server.</summary>
    private static string Words(Exception error) => Text.Plain(InputFile.Clause(error), LongestWords);
}
