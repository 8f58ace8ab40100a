using Quotient.Backends.Gpu.OpenCl;
using Quotient.Fuzz.Mutations;

namespace Quotient.Fuzz.Targets;

/// <summary>
/// Compiled kernels that are kept: damaged, cut, swapped. The command must say the same as without them. Each case is a process of its
/// own, for a driver may take the process with it.
/// </summary>
internal sealed class CacheEntries() : Target("cache", onDisk: true)
{
    private readonly Lazy<bool> _isThere = new(() => OpenClDeviceId.All().Count > 0);
    private readonly Scratch _work = new(onDisk: true);
    private IReadOnlyDictionary<string, byte[]>? _seeds;
    private string _wanted = "";

    public override string? Absence => _isThere.Value ? null : "there is no OpenCL device";

    /// <summary>The place of an entry, then its bytes.</summary>
    public override byte[] Make(Dice dice)
    {
        var seeds = _seeds ??= Prepare();
        byte[][] all = [.. seeds.Values];
        int one = dice.Below(all.Length);
        byte[] file = dice.OneIn(3) ? dice.Pick(all) : all[one];
        for (int damages = dice.Below(3); damages > 0; damages--)
        {
            file = ByteMutations.Damage(file, dice, all);
        }

        return [(byte)one, .. file];
    }

    public override bool Run(byte[] input, Dice dice)
    {
        string name = _seeds!.Keys.ElementAt(input[0]);
        foreach (var (file, bytes) in _seeds)
        {
            File.WriteAllBytes(Path.Combine(Folder.At("kernels"), file), file == name ? input[1..] : bytes);
        }

        string seen = Evaluate();
        WrongException.Unless(seen == _wanted, $"with a damaged cache the gradient is {seen}, without {_wanted}");
        return input.AsSpan(1).SequenceEqual(_seeds[name]);
    }

    public override long MostBytes(int length) => (64L << 20) + (64L * length);

    protected override void Dispose(bool disposing)
    {
        _work.Dispose();
        base.Dispose(disposing);
    }

    private Dictionary<string, byte[]> Prepare()
    {
        Model.Initialise(Network.Parse("2-4-3"), Initialisation.He, 3).Save(_work.At("net.safetensors"));
        Directory.CreateDirectory(Folder.At("kernels"));
        _wanted = Evaluate();
        var seeds = Directory.GetFiles(Folder.At("kernels")).Order(StringComparer.Ordinal).Take(byte.MaxValue)
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
        WrongException.Unless(seeds.Count > 0, "no compiled kernel is kept");
        return seeds;
    }

    /// <summary>The gradient's bytes, computed by the kernels.</summary>
    private string Evaluate()
    {
        var (code, output, error) = ChildProcess.Run(
            _work.Path,
            [
                "gradient", "--model", _work.At("net.safetensors"), "--data", "spirals[0:50]", "--device", "opencl", "--quiet",
                "--out", _work.At("g.npy"),
            ],
            ("QUOTIENT_CACHE", Folder.At("kernels")));
        WrongException.Unless(code == 0, $"the exit code is {code}: {output} {error}");
        return Convert.ToHexString(File.ReadAllBytes(_work.At("g.npy")));
    }
}
