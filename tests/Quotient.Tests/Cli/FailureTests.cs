using NUnit.Framework;
using Quotient.Backends;
using Quotient.Cli;

namespace Quotient.Tests.Cli;

public class FailureTests
{
    private static readonly object[][] Cases =
    [
        [new QuotientException("the sentence"), 2, "the sentence"],
        [new QuotientException("two\nlines\r\n   become one"), 2, "two lines become one"],
        [new FileNotFoundException(null, "net.safetensors"), 2, "'net.safetensors' does not exist"],
        [new IOException("the disk is full"), 2, "the disk is full"],
        [new UnauthorizedAccessException("access to 'x' is denied"), 2, "'x'"],
        [new FileNotFoundException(null, "System.Linq, Version=10.0.0.0, Culture=neutral"), 2, "System.Linq, a part of the program, cannot be loaded"],
        [new FileLoadException(null, "System.Linq, Version=10.0.0.0, Culture=neutral"), 2, "cannot be loaded"],
        [new TypeInitializationException("Some.Type", new IOException("Too many open files : '/data'", 24)), 2, "open no more files"],
        [new IOException("it is in use", 11), 2, "it is in use"],
        [new InsufficientMemoryException(), 2, "memory"],
        [new DeviceOutOfMemoryException("clCreateBuffer failed with code -4 on opencl:0"), 2, "memory"],
        [new DeviceException("clFinish failed with code -36 on opencl:0"), 1, "clFinish failed with code -36"],
        [new AggregateException(new QuotientException("inside")), 2, "inside"],
        [new InvalidOperationException("oops"), 1, "please report"],
        [new OperationCanceledException("by nobody"), 1, "please report"],
    ];

    [TestCaseSource(nameof(Cases))]
    public void Every_failure_is_one_line_with_its_exit_code(Exception error, int code, string words)
    {
        var (seen, text) = Report(error, CancellationToken.None);
        Assert.That(seen, Is.EqualTo(code));
        Assert.That(text, Does.StartWith("quotient: ").And.Contain(words));
        Assert.That(text.TrimEnd('\r', '\n'), Does.Not.Contain("\n"));
    }

    [Test]
    public void Stopped_work_says_so_and_exits_as_shells_expect()
    {
        var stop = new CancellationToken(true);
        Assert.That(Report(new OperationCanceledException(), stop), Is.EqualTo((130, "quotient: stopped" + Environment.NewLine)));
        var parallel = new AggregateException(new IOException("pipe"), new TaskCanceledException());
        Assert.That(Report(parallel, stop).Code, Is.EqualTo(130));
    }

    private static (int Code, string Text) Report(Exception error, CancellationToken stop)
    {
        using var text = new StringWriter();
        int code = Failure.Report(error, new Terminal(TextWriter.Null, text, false, stop));
        return (code, text.ToString());
    }
}
