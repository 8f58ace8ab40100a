namespace Quotient.Data.Generators;

/// <summary>
/// A built-in source of samples. Each sample is drawn from a stream of its own, so that the same seed gives the same samples
/// however many are asked for, and the splits never overlap.
/// </summary>
internal abstract class Generator
{
    /// <summary>Keeps these streams apart from those that initialise networks and start iterations from the same seed.</summary>
    private const ulong Tag = 0xDA7A;
    private static readonly (string Name, Func<Parameters, Generator> Make)[] Kinds =
    [
        ("strokes", parameters => new Strokes(parameters)),
        ("teacher", parameters => new Teacher(parameters)),
        ("spirals", parameters => new Spirals(parameters)),
        ("line", parameters => new Line(parameters)),
    ];

    private readonly int _kind;
    private readonly int _samples;
    private readonly bool _test;
    private readonly string _name;
    private readonly ulong _seed;

    /// <summary>Takes the number of samples and the seed from the parameters; the test split has a quarter as many.</summary>
    protected Generator(Parameters parameters, int samples)
    {
        _name = parameters.Spec.Text;
        _kind = Array.FindIndex(Kinds, kind => kind.Name == parameters.Name);
        _test = parameters.Spec.Split switch
        {
            null or "train" => false,
            "test" => true,
            var other => throw new QuotientException(
                $"data '{_name}': {parameters.Name} has no split '{other}'; choose one of train, test"),
        };
        samples = parameters.Whole("samples", samples, 1, 10_000_000);
        _seed = (ulong)parameters.Whole("seed", 0, 0, int.MaxValue);
        _samples = _test ? Math.Max(1, samples / 4) : samples;
    }

    public static IEnumerable<string> Names => Kinds.Select(kind => kind.Name);

    /// <summary>The generator that the words ask for, or null where they name none.</summary>
    public static Generator? TryParse(DataSpec spec)
    {
        string name = spec.Source.Split(',')[0];
        int kind = Array.FindIndex(Kinds, known => known.Name == name);
        if (kind < 0)
        {
            return null;
        }

        var parameters = new Parameters(spec, name);
        var generator = Kinds[kind].Make(parameters);
        parameters.CheckAllUsed();
        return generator;
    }

    public Dataset Generate()
    {
        ulong kind = (Tag << 48) | ((ulong)_kind << 40);
        ulong split = kind | (_test ? 2UL << 32 : 1UL << 32);
        return Generate(_name, _samples, new(_seed, kind), sample => new(_seed, split | (uint)sample));
    }

    /// <summary>Draws each sample from a stream of its own, and what all samples of both splits share from a common one.</summary>
    protected abstract Dataset Generate(string name, int samples, PhiloxStream common, Func<int, PhiloxStream> streamOf);
}
