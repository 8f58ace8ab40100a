using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quotient.Backends;
using Quotient.Diagnostics;

namespace Quotient.Perf.Gpu;

/// <summary>
/// <c>gpu [--device cuda --tiny --peers 0|1 --peer-device cuda|cpu --threads N --out FOLDER]</c>: matrix products, copies, Hessian
/// products and Lanczos on a GPU, beside PyTorch and JAX on the same machine in the same run; writes a table and its figures.
/// </summary>
internal static partial class GpuCommand
{
    public static void Run(Arguments arguments)
    {
        bool tiny = arguments.Flag("tiny");
        string device = arguments.Text("device", "cuda"), folder = Directory.CreateTempSubdirectory("quotient-gpu-").FullName;
        int threads = arguments.Number("threads", 0);
        string peerDevice = arguments.Text("peer-device", device.StartsWith("cuda", StringComparison.Ordinal) ? "cuda" : "cpu");
        try
        {
            var (info, peaks) = Describe(device, threads, tiny);
            Console.WriteLine($"{info.Id}, {info.Name}, {info.Features}");
            var lines = Ours(device, threads, tiny ? GpuSizes.Tiny : GpuSizes.Full, info, folder);
            foreach (string program in arguments.Number("peers", 1) > 0 ? GpuPeers.Programs : [])
            {
                lines.AddRange(GpuPeers.Run(program, peerDevice, tiny, folder));
            }

            Write(lines, new GpuTable(lines, peaks, info.Products[0]), info, peaks, tiny, arguments.Text("out", ""));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static (DeviceInfo Info, DevicePeaks Peaks) Describe(string device, int threads, bool tiny)
    {
        using var engine = Engine.Open(device, threads);
        var info = engine.Backend.Device;
        return (info, engine.Backend is HostBackend ? HostPeaks.Measure(info.Threads, 64 << 20, tiny) : info.Peaks);
    }

    /// <summary>All that we can measure; what fails is told and leaves the rest.</summary>
    private static List<GpuLine> Ours(string device, int threads, GpuSizes sizes, DeviceInfo info, string folder)
    {
        var ours = new GpuOurs(device, threads, sizes);
        List<GpuLine> lines = [];
        Try("gemm", () => [ours.Gemm(info.Products)]);
        GpuNet net = new(folder, "product", sizes.Widths, sizes.Samples), large = new(folder, "large-product", sizes.LargeWidths, sizes.LargeSamples);
        Try("copies", () => ours.Memory(large.Model.Network.ParameterCount));
        Try("product", () => [ours.Product("product", net)]);
        Try("large-product", () => [ours.Product("large-product", large)]);
        Try("lanczos", () => [ours.Lanczos(large)]);
        return lines;

        void Try(string what, Func<IEnumerable<GpuLine>> measure)
        {
            try
            {
                foreach (var line in measure())
                {
                    lines.Add(line);
                    Console.Error.WriteLine(line);
                }
            }
            catch (Exception error) when (error is DeviceException or QuotientException)
            {
                lines.Add(new("quotient", what, null, error.Message));
                Console.Error.WriteLine($"quotient, {what}: {error.Message}");
            }
        }
    }

    private static void Write(
        List<GpuLine> lines, GpuTable table, DeviceInfo info, DevicePeaks peaks, bool tiny, string folder)
    {
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string[] text =
        [
            $"# {info.Name} ({info.Id}), {date}", "",
            $"{info.Features}. The least of the batches of each.{(tiny ? " Tiny problems: a smoke test, no measurement." : "")}", "",
            .. table.Markdown(), "",
        ];
        Console.WriteLine(string.Join('\n', text));
        if (folder.Length == 0)
        {
            return;
        }

        string name = Unusual().Replace(info.Name.ToLowerInvariant(), "-").Trim('-');
        string file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{name}-{info.Id.Split(':')[0]}-{date}");
        File.WriteAllText($"{file}.md", string.Join('\n', text));
        var values = new { Device = info, Peaks = peaks, Date = date, Tiny = tiny, Rows = table.Rows(), Lines = lines };
        File.WriteAllText($"{file}.json", JsonSerializer.Serialize(values, GpuLine.Style));
        Console.WriteLine($"written: {file}.md and .json");
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Unusual();
}
