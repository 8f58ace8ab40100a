using System.Text;

namespace Quotient.Backends.Gpu;

/// <summary>
/// The kernels of <c>kernels/</c>, compiled for one device when they are first wanted. A program is one file in one precision with
/// one set of parameters, each a <c>#define</c> for which the file has a default.
/// </summary>
internal sealed class KernelCatalogue(GpuDevice device, ProgramCache cache)
{
    /// <summary>What a kernel file includes for a line on each element-wise operation.</summary>
    private const string ElementWise = "vector/elements.h";

    private readonly Dictionary<(string File, string Name, Type Precision, KernelParameters Parameters), nint> _kernels = [];
    private readonly Dictionary<string, nint> _programs = [];

    /// <summary>A kernel in precision <typeparamref name="T"/>.</summary>
    /// <param name="file">The file below <c>kernels/</c>, without its ending: <c>vector/maps</c>.</param>
    /// <param name="name">The kernel's name in it.</param>
    /// <param name="parameters">What replaces the file's defaults.</param>
    public nint Get<T>(string file, string name, KernelParameters parameters = default) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // A launch pays for this look-up: the program's text is made only where the kernel is new.
        var key = (file, name, typeof(T), parameters);
        if (!_kernels.TryGetValue(key, out nint kernel))
        {
            string source = Source(device.Traits.Dialect, file, typeof(T) == typeof(float) ? "float" : "double", parameters);
            kernel = device.Kernel(Program(source), $"quotient_{name}");
            _kernels.Add(key, kernel);
        }

        return kernel;
    }

    /// <summary>All files of kernels, without their ending.</summary>
    public static IEnumerable<string> Files() => Names("kernels/", ".cl").Select(name => name[..^".cl".Length]);

    /// <summary>The whole text of a program: parameters, the dialect, what all kernels share, and the file.</summary>
    public static string Source(string dialect, string file, string real, KernelParameters parameters)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"#define REAL {real}\n");
        text.Append(parameters.Defines);
        foreach (string part in new[] { $"dialect/{dialect}.h", "dialect/common.h", $"{file}.cl" })
        {
            text.Append(WithIncludes(Resource(part)));
        }

        return text.ToString();
    }

    private nint Program(string source)
    {
        if (!_programs.TryGetValue(source, out nint program))
        {
            program = cache.Load(device, source);
            _programs.Add(source, program);
        }

        return program;
    }

    /// <summary>
    /// A text in which each line <c>#include "file"</c> is replaced by the file, or by all files of a folder for a name that ends in
    /// <c>/*.h</c>: compilers are given one text.
    /// </summary>
    private static string WithIncludes(string text)
    {
        const string Include = "#include \"";
        var lines = text.Split('\n').Select(line => line.StartsWith(Include, StringComparison.Ordinal)
            ? string.Join('\n', Included(line[Include.Length..^1]).Select(WithIncludes))
            : line);
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Included(string name) =>
        name == ElementWise ? [string.Join('\n', RealElements<float>.All.Select(f => $"ELEMENT_OP({f.Name}, {f.Kernel})"))]
        : name.EndsWith("/*.h", StringComparison.Ordinal) ? Names($"kernels/{name[..^"*.h".Length]}", ".h").Select(Resource)
        : [Resource(name)];

    /// <summary>The names below <c>kernels/</c> of the files that begin and end so.</summary>
    private static IEnumerable<string> Names(string begin, string end) =>
        from name in typeof(KernelCatalogue).Assembly.GetManifestResourceNames()
        where name.StartsWith(begin, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal)
        orderby name
        select name["kernels/".Length..];

    internal static string Resource(string name)
    {
        using var stream = typeof(KernelCatalogue).Assembly.GetManifestResourceStream($"kernels/{name}")
            ?? throw new InvalidOperationException($"There is no kernel file '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>Values of a kernel file's parameters, as the lines that define them.</summary>
internal readonly record struct KernelParameters(string Defines)
{
    /// <summary>These and more.</summary>
    public KernelParameters With(params ReadOnlySpan<(string Name, int Value)> more) => new(Defines + Of(more).Defines);

    /// <summary>These and one that is a word.</summary>
    public KernelParameters With(string name, string word) => new($"{Defines}#define {name} {word}\n");

    /// <summary>One line a parameter.</summary>
    public static KernelParameters Of(params ReadOnlySpan<(string Name, int Value)> values)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in values)
        {
            text.Append(CultureInfo.InvariantCulture, $"#define {name} {value}\n");
        }

        return new(text.ToString());
    }
}
