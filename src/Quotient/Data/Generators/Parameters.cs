namespace Quotient.Data.Generators;

/// <summary>The parameters of a generator, as in <c>teacher,inputs=20,noise=0.1</c>.</summary>
internal sealed class Parameters
{
    private readonly Dictionary<string, string> _given = [];
    private readonly List<string> _known = [];

    public Parameters(DataSpec spec, string name)
    {
        (Spec, Name) = (spec, name);
        foreach (string part in spec.Source.Split(',').Skip(1))
        {
            string[] sides = part.Split('=');
            QuotientException.ThrowIf(
                sides.Length != 2 || !_given.TryAdd(sides[0].Trim(), sides[1].Trim()),
                $"data '{spec.Text}': '{part}' is not a parameter, expected key=value, each key once, such as {name},samples=500");
        }
    }

    public DataSpec Spec { get; }

    public string Name { get; }

    /// <summary>A whole number, by default <paramref name="standard"/>.</summary>
    public int Whole(string key, int standard, int least, int most) => (int)Take(key, standard, least, most, double.IsInteger, "a whole");

    /// <summary>A real number, by default <paramref name="standard"/>.</summary>
    public double Real(string key, double standard, double least, double most) => Take(key, standard, least, most, double.IsFinite, "a");

    /// <summary>Throws where a key was given that the generator did not ask for.</summary>
    public void CheckAllUsed()
    {
        if (_given.Keys.FirstOrDefault(key => !_known.Contains(key)) is { } unknown)
        {
            throw new QuotientException(
                $"data '{Spec.Text}': {Name} has no parameter '{unknown}'; choose from {string.Join(", ", _known)}");
        }
    }

    private double Take(string key, double standard, double least, double most, Func<double, bool> valid, string article)
    {
        _known.Add(key);
        if (!_given.TryGetValue(key, out string? text))
        {
            return standard;
        }

        bool read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
        return read && valid(value) && value >= least && value <= most
            ? value
            : throw new QuotientException(string.Create(
                CultureInfo.InvariantCulture,
                $"data '{Spec.Text}': {key} is '{text}', expected {article} number from {least} to {most}"));
    }
}
