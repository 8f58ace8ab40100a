using Quotient.Backends;

namespace Quotient.Perf;

/// <summary><c>gemm-peer [--size N --rounds R]</c>: a square product in float on all threads, in turns with OpenBLAS.</summary>
internal static class GemmPeerCommand
{
    public static void Run(Arguments arguments)
    {
        int size = arguments.Number("size", 2048);
        using var engine = Engine.Open(arguments.Text("device", "auto"), arguments.Number("threads", 0));
        double operations = 2 * Math.Pow(size, 3);
        double ours = double.PositiveInfinity, theirs = ours;
        for (int round = 0; round < arguments.Number("rounds", 3); round++)
        {
            ours = Math.Min(ours, Ours(engine.Backend, size));
            theirs = Math.Min(theirs, Theirs(size, operations));
        }

        Console.WriteLine($"{size}³ in float, {engine.Backend.Device.Features}");
        Console.WriteLine($"  ours     {operations / ours / 1e9:F0} GFLOP/s");
        Console.WriteLine($"  OpenBLAS {operations / theirs / 1e9:F0} GFLOP/s; ours / OpenBLAS {theirs / ours:F2}x");
    }

    private static double Theirs(int size, double operations) => Peer.Run("gemm.py", "--size", $"{size}") is { } figures
        ? operations / (1e9 * figures.GetProperty("gflops").GetDouble())
        : double.NaN;

    private static double Ours(IBackend backend, int size)
    {
        var ops = backend.Ops<float>();
        using var a = backend.Allocate<float>((long)size * size);
        using var b = backend.Allocate<float>((long)size * size);
        using var c = backend.Allocate<float>((long)size * size);
        ops.Normal(1, 0, a.All);
        ops.Normal(1, 1, b.All);
        return Timed.Least(
            () =>
            {
                ops.Gemm(Transpose.No, Transpose.No, 1, a.Matrix(size, size), b.Matrix(size, size), 0, c.Matrix(size, size));
                backend.Synchronise();
            },
            11);
    }
}
