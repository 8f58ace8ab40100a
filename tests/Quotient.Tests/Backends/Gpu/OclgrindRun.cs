using System.Diagnostics;
using NUnit.Framework;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>
/// One run of <c>Quotient.Oclgrind</c> on oclgrind, an OpenCL device that interprets kernels and notes in a log what no kernel may
/// do: accesses beyond a buffer, uses of what nobody has written, and threads that race.
/// </summary>
/// <param name="Code">The exit code: 0 where the results agree with the reference's.</param>
/// <param name="Output">Which do not, and errors.</param>
/// <param name="Log">What oclgrind has noted.</param>
internal sealed record OclgrindRun(int Code, string Output, string Log)
{
    /// <summary>Where Debian's package, and a build of one's own, put the library that OpenCL's loader is to load.</summary>
    private static readonly string[] Libraries =
    [
        "/usr/lib/oclgrind/liboclgrind-rt-icd.so", "/usr/lib/x86_64-linux-gnu/oclgrind/liboclgrind-rt-icd.so",
        "/usr/local/lib/liboclgrind-rt-icd.so",
    ];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The library; null where oclgrind is not installed.</summary>
    public static string? Library { get; } = Libraries.FirstOrDefault(File.Exists);

    /// <summary>Skips a test where oclgrind is not installed; where everything must be, in CI, fails it.</summary>
    public static void Require()
    {
        if (Library is null)
        {
            const string Missing = "There is no oclgrind: install Debian's package of that name.";
            Assert.That(Environment.GetEnvironmentVariable("CI"), Is.Null.Or.Empty, Missing);
            Assert.Ignore(Missing);
        }
    }

    /// <summary>Runs the program, whose only OpenCL device is oclgrind's.</summary>
    public static OclgrindRun Of(params string[] arguments)
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder.At("oclgrind.icd"), Library);
        string log = folder.At("log");
        using var process = Process.Start(Command(folder.Path, log, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill();
            Assert.Fail($"{string.Join(' ', arguments)} has not ended after {Limit.TotalMinutes} minutes");
        }

        return new(process.ExitCode, output.Result + errors.Result, File.Exists(log) ? File.ReadAllText(log).Trim() : "");
    }

    /// <summary>
    /// Kernels are not optimised: LLVM would join a division and its remainder by an instruction (freeze) that oclgrind 21.10 does
    /// not know, and would remove reads that the text has. On a processor a tile of a product takes more local memory than oclgrind
    /// offers unasked.
    /// </summary>
    private static ProcessStartInfo Command(string vendors, string log, string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Quotient.Oclgrind.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["OCL_ICD_VENDORS"] = vendors,
                ["OCLGRIND_LOG"] = log,
                ["OCLGRIND_UNINITIALIZED"] = "1",
                ["OCLGRIND_DATA_RACES"] = "1",
                ["OCLGRIND_MAX_ERRORS"] = "20",
                ["OCLGRIND_LOCAL_MEM_SIZE"] = $"{256 << 10}",
                ["OCLGRIND_BUILD_OPTIONS"] = "-cl-opt-disable",
            },
        };
}
