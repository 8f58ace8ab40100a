namespace Quotient.Backends.Cpu.Products;

/// <summary>A number that is part of a type, so that code is compiled for it.</summary>
internal interface ICount
{
    static abstract int Value { get; }
}

/// <summary>How a kernel reads its left factor.</summary>
internal interface IWay
{
    /// <summary>True: vectors along k, summed at the end. False: one value a row, for all columns.</summary>
    static abstract bool Dots { get; }

    /// <summary>True: the left factor holds only some steps of k, and a list says which.</summary>
    static abstract bool Lists { get; }

    /// <summary>True: k goes in runs of steps, which are listed.</summary>
    static abstract bool Runs { get; }
}

/// <summary>Steps of k that follow each other in both factors.</summary>
/// <param name="Left">Elements from where the left factor begins to the first step.</param>
/// <param name="Right">Elements from where the right factor begins to the first step.</param>
/// <param name="Count">How many steps.</param>
internal readonly record struct StepRun(nint Left, nint Right, nint Count);

internal readonly struct Broadcasting : IWay
{
    public static bool Dots => false;

    public static bool Lists => false;

    public static bool Runs => false;
}

internal readonly struct Listing : IWay
{
    public static bool Dots => false;

    public static bool Lists => true;

    public static bool Runs => false;
}

internal readonly struct Running : IWay
{
    public static bool Dots => false;

    public static bool Lists => false;

    public static bool Runs => true;
}

internal readonly struct DotRunning : IWay
{
    public static bool Dots => true;

    public static bool Lists => false;

    public static bool Runs => true;
}

internal readonly struct Dotting : IWay
{
    public static bool Dots => true;

    public static bool Lists => false;

    public static bool Runs => false;
}

internal readonly struct One : ICount { public static int Value => 1; }

internal readonly struct Two : ICount { public static int Value => 2; }

internal readonly struct Three : ICount { public static int Value => 3; }

internal readonly struct Four : ICount { public static int Value => 4; }

internal readonly struct Five : ICount { public static int Value => 5; }

internal readonly struct Six : ICount { public static int Value => 6; }

internal readonly struct Seven : ICount { public static int Value => 7; }

internal readonly struct Eight : ICount { public static int Value => 8; }

internal readonly struct Nine : ICount { public static int Value => 9; }

internal readonly struct Ten : ICount { public static int Value => 10; }

internal readonly struct Eleven : ICount { public static int Value => 11; }

internal readonly struct Twelve : ICount { public static int Value => 12; }
