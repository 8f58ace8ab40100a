using Quotient.Data;

namespace Quotient.Tests.Data;

/// <summary>Keeps what a download tells of its progress, at once and in order.</summary>
internal sealed class Steps(Action<DownloadProgress> report) : IProgress<DownloadProgress>
{
    public List<DownloadProgress> Seen { get; } = [];

    public void Report(DownloadProgress value)
    {
        Seen.Add(value);
        report(value);
    }
}
