using System.Diagnostics;

namespace Quotient.Fuzz;

/// <summary>How many cases of one target ended how.</summary>
internal sealed class Count
{
    public long Cases { get; set; }

    public long Refused { get; set; }

    public long Accepted { get; set; }

    public long Failed { get; set; }
}

/// <summary>Runs cases of all targets in turn, watches their time and memory, and keeps those that fail.</summary>
/// <param name="targets">What is fuzzed.</param>
/// <param name="arguments">How long, and from which seed.</param>
/// <param name="output">Receives what is found and, last, the counts.</param>
internal sealed class Session(IReadOnlyList<Target> targets, Arguments arguments, TextWriter output)
{
    /// <summary>What the whole process may take more than at first; beyond it the case that runs is taken to swell.</summary>
    private const long MostMemory = 2L << 30;

    private const int MostFailures = 50;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<Target, Count> _counts = targets.ToDictionary(target => target, _ => new Count());
    private readonly FailureFolder _failures = new(arguments);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly long _memory = Environment.WorkingSet;
    private volatile RunningCase? _running;

    private long Failed => _counts.Values.Sum(count => count.Failed);

    /// <summary>Runs until the time is over or the cases are done; false where any failed.</summary>
    public bool Run()
    {
        var worker = new Thread(Work, 16 << 20) { IsBackground = true };
        worker.Start();
        while (!worker.Join(50))
        {
            if (_running is { } running && WhatIsWrong(running) is { } wrong)
            {
                // The thread is left as it is, and ends with the process.
                Fail(running, wrong);
                break;
            }
        }

        output.WriteLine(Summary());
        return Failed == 0;
    }

    private string? WhatIsWrong(RunningCase running) =>
        running.Clock.Elapsed > arguments.Patience ? $"it hangs: it has not ended after {arguments.Patience.TotalSeconds} seconds"
        : Environment.WorkingSet - _memory > MostMemory ? $"it swells: the process takes {Environment.WorkingSet >> 20} MiB"
        : null;

    private void Work()
    {
        var present = targets.Where(IsThere).ToList();
        if (arguments.Case is { } one)
        {
            present.ForEach(target => RunCase(target, one));
            return;
        }

        for (bool goesOn = present.Count > 0; goesOn && Failed < MostFailures;)
        {
            goesOn = false;
            foreach (var target in present)
            {
                goesOn |= RunSlice(target);
            }
        }
    }

    private bool IsThere(Target target)
    {
        if (target.Absence is { } reason)
        {
            output.WriteLine($"{target.Name} skipped: {reason}");
        }

        return target.Absence is null;
    }

    /// <summary>Some cases of one target, at least one; false where no more are wanted.</summary>
    private bool RunSlice(Target target)
    {
        var count = _counts[target];
        var slice = Stopwatch.StartNew();
        bool IsWanted() => arguments.Cases is { } most ? count.Cases < most : _clock.Elapsed < arguments.Time;
        while (IsWanted())
        {
            RunCase(target, count.Cases);
            if (slice.Elapsed > Slice)
            {
                return IsWanted();
            }
        }

        return false;
    }

    private void RunCase(Target target, long index)
    {
        var (dice, count) = (Dice.Of(arguments.Seed, target.Name, index), _counts[target]);
        var running = new RunningCase(target, index);
        _failures.Remember(running);
        count.Cases++;
        _running = running;
        if (WhatGoesWrong(running, dice, count) is { } wrong)
        {
            Fail(running, wrong);
        }

        _running = null;
    }

    private static string? WhatGoesWrong(RunningCase running, Dice dice, Count count)
    {
        var target = running.Target;
        try
        {
            running.Input = target.Make(dice);
            long before = GC.GetAllocatedBytesForCurrentThread(), most = target.MostBytes(running.Input.Length);
            string? wrong = Judge(running, dice, count);
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            return wrong ?? (taken > most
                ? $"it swells: {taken} bytes were allocated for an input of {running.Input.Length}, at most {most} are wanted"
                : null);
        }
        catch (WrongException wrong)
        {
            return wrong.Message;
        }
#pragma warning disable CA1031 // What a damaged input makes the library throw is what is looked for.
        catch (Exception defect)
#pragma warning restore CA1031
        {
            return defect.ToString();
        }
    }

    private static string? Judge(RunningCase running, Dice dice, Count count)
    {
        try
        {
            bool accepted = running.Target.Run(running.Input, dice);
            (count.Accepted, count.Refused) = (count.Accepted + (accepted ? 1 : 0), count.Refused + (accepted ? 0 : 1));
            return null;
        }
        catch (QuotientException refusal)
        {
            count.Refused++;
            return Verdict.Of(refusal.Message, running.Target.FileName) is { } wrong ? $"{wrong}: {refusal.Message}" : null;
        }
    }

    private void Fail(RunningCase failed, string wrong)
    {
        _counts[failed.Target].Failed++;
        output.WriteLine(_failures.Keep(failed, wrong));
    }

    private string Summary()
    {
        var all = _counts.Values;
        return $"{string.Join(", ", targets.Select(target => $"{target.Name} {_counts[target].Cases}"))}: {all.Sum(count => count.Cases)} cases, "
            + $"{all.Sum(count => count.Refused)} refused, {all.Sum(count => count.Accepted)} accepted, {Failed} failed";
    }
}

/// <summary>A case that is being run.</summary>
internal sealed record RunningCase(Target Target, long Index)
{
    public byte[] Input { get; set; } = [];

    public Stopwatch Clock { get; } = Stopwatch.StartNew();
}
