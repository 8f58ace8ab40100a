using System.Diagnostics;

namespace Quotient.Perf.Gpu;

/// <summary>Runs the peers of the comparison on a GPU; each prints a line of JSON for each measurement.</summary>
internal static class GpuPeers
{
    public static readonly string[] Programs = ["gpu_torch.py", "gpu_jax.py"];

    /// <summary>All lines of a program. <c>QUOTIENT_PYTHON</c> names the Python that has the peers; what is absent says so.</summary>
    public static IReadOnlyList<GpuLine> Run(string program, string device, bool tiny, string problems)
    {
        string python = Environment.GetEnvironmentVariable("QUOTIENT_PYTHON") is { Length: > 0 } named ? named : "/usr/bin/python3";
        string script = Path.Combine(Peer.Root(), "perf", "peers", program);
        var start = new ProcessStartInfo(python, [script, "--device", device, "--problems", problems, .. tiny ? new[] { "--tiny" } : []])
        {
            RedirectStandardOutput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            string[] lines = process.StandardOutput.ReadToEnd().Split('\n');
            process.WaitForExit();
            var found = lines.Where(line => line.StartsWith('{')).Select(GpuLine.Parse).ToList();
            return process.ExitCode == 0 ? found : [.. found, new(program, null, null, $"ended with code {process.ExitCode}")];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [new(program, null, null, $"{python} cannot be run here")];
        }
    }
}
