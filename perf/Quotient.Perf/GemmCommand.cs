using Quotient.Backends;
using Quotient.Backends.Cpu;
using Quotient.Cases.Ops;

namespace Quotient.Perf;

/// <summary>
/// Dense products next to the peak of the arithmetic, measured in turns so that a noisy machine is noisy for both.
/// </summary>
public static class GemmCommand
{
    private static readonly GemmCase[] Shapes =
    [
        new(Transpose.No, Transpose.No, 2048, 2048, 2048),
        new(Transpose.No, Transpose.No, 1024, 1024, 1024),
        new(Transpose.No, Transpose.Yes, 2000, 512, 784),
        new(Transpose.No, Transpose.No, 2000, 512, 512),
        new(Transpose.Yes, Transpose.No, 512, 784, 2000),
        new(Transpose.Yes, Transpose.No, 512, 784, 10000),
        new(Transpose.No, Transpose.Yes, 2000, 10, 512),
        new(Transpose.No, Transpose.No, 2000, 512, 10) { Epilogue = GemmEpilogue.Mask },
        new(Transpose.Yes, Transpose.No, 10, 512, 2000),
        new(Transpose.No, Transpose.Yes, 256, 32, 32) { Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu },
        new(Transpose.No, Transpose.No, 256, 32, 32) { Epilogue = GemmEpilogue.Mask },
        new(Transpose.Yes, Transpose.No, 32, 32, 256),
        new(Transpose.No, Transpose.Yes, 256, 10, 32),
        new(Transpose.Yes, Transpose.No, 10, 32, 256),
    ];

    /// <summary>Prints the table. An argument is the number of rounds.</summary>
    public static void Run(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], System.Globalization.CultureInfo.InvariantCulture) : 15;
        using CpuBackend one = new(1), all = new(0);
        using var table = new SpeedTable(one, all);
        foreach (var shape in Shapes)
        {
            table.Add(shape.ToString(), shape);
        }

        table.Measure(rounds);
        table.Print();
    }
}
