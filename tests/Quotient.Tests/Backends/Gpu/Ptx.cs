using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>A program in CUDA's assembly language, as clang makes it without a GPU or a toolkit.</summary>
internal sealed partial class Ptx
{
    /// <summary>sm_90 is known from clang 16 on.</summary>
    private static readonly string[] Compilers = ["clang-19", "clang-18", "clang-17", "clang-16", "clang"];

    private readonly string _text;

    private Ptx(string text) => _text = text;

    /// <summary>The newest clang on the path that compiles for both architectures under test; null where there is none.</summary>
    public static string? Compiler { get; } = Compilers.FirstOrDefault(name => Compile(name, "", 90).Error is null);

    /// <summary>Compiles a program for an architecture.</summary>
    /// <returns>The program, or what the compiler says of it.</returns>
    public static (Ptx? Program, string? Error) Compile(string compiler, string source, int architecture)
    {
        var start = new ProcessStartInfo(compiler)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string options = $"-x cuda --cuda-device-only --cuda-gpu-arch=sm_{architecture} -nocudainc -nocudalib -std=c++17 "
            + "-ffp-contract=off -O1 -S -o - -";
        Array.ForEach(options.Split(' '), start.ArgumentList.Add);
        try
        {
            using var process = Process.Start(start)!;
            var text = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(source);
            process.StandardInput.Close();
            process.WaitForExit();
            return process.ExitCode == 0 ? (new(text.Result), null) : (null, errors.Result);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (null, missing.Message);
        }
    }

    /// <summary>The bytes of each parameter of a kernel, separated by spaces; null where there is no such kernel.</summary>
    public string? ParameterSizes(string kernel)
    {
        var entry = Regex.Match(_text, $@"\.entry\s+{kernel}\(([^)]*)\)");
        return entry.Success
            ? string.Join(' ', Parameter().Matches(entry.Groups[1].Value).Select(type => Number(type.Groups[1].Value) / 8))
            : null;
    }

    /// <summary>Bytes that every group of a kernel shares by the kernel's own declarations.</summary>
    public int SharedBytes(string kernel) => Shared().Matches(_text)
        .Where(array => array.Groups[1].Value.Contains($"{kernel}E", StringComparison.Ordinal))
        .Sum(array => Number(array.Groups[2].Value));

    /// <summary>Whether a thread keeps some of its variables in memory, which belong into registers.</summary>
    public bool KeepsInMemory => _text.Contains("__local_depot", StringComparison.Ordinal);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\.param\s+\.[a-z](\d+)\s")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.shared\s+\.align\s+\d+\s+\.b8\s+(\w+)\[(\d+)\]")]
    private static partial Regex Shared();
}
