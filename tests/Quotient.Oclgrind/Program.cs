using System.Globalization;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Reference;
using Quotient.Cases.Ops;
using Quotient.Oclgrind;

// The program that the tests run on oclgrind, a process for each group of cases:
//   Quotient.Oclgrind processor|gpu GROUP SEED    small cases, with a processor's or a GPU's groups
//   Quotient.Oclgrind tensor TERMS SEED           the kernel for tensor cores, emulated
//   Quotient.Oclgrind wrong NAME                  a kernel of wrong.cl
// A line for each result that differs from the reference's, and then exit code 1. What oclgrind has to say is in its own log.
bool agree = args switch
{
    ["processor" or "gpu", var group, var seed] => Compare(
        new(CheckedDevice.Open(args[0] == "processor"), MatrixPrecision.Auto, new(null)),
        SmallCases.Groups[group](new Random(Number(seed))), Number(seed), OpCases.SingleTolerance),
    ["tensor", "3", var seed] => Compare(
        Tensor(MatrixPrecision.SplitTensor), SmallCases.TensorGemms().Skip(1), Number(seed), OpCases.SingleTolerance),
    ["tensor", "1", var seed] => Compare(
        Tensor(MatrixPrecision.Tensor), SmallCases.TensorGemms().Concat(SmallCases.TensorConvolutions()), Number(seed), 2e-3),
    ["wrong", var name] => RunWrong(name),
    _ => throw new ArgumentException("The first lines of Program.cs say what the arguments are."),
};
return agree ? 0 : 1;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static GpuBackend Tensor(MatrixPrecision precision) =>
    new(CheckedDevice.Open(false), precision, new(null), emulateTensorCores: true);

static bool Compare(GpuBackend backend, IEnumerable<OpCase> cases, int seed, double tolerance)
{
    using var reference = new ReferenceBackend();
    bool agree = true;
    foreach (var item in cases)
    {
        foreach (var difference in item.Compare<float>(backend, reference, seed))
        {
            if (difference.Overrun is not null || !(difference.Error <= tolerance))
            {
                Console.WriteLine($"{item}: {difference}");
                agree = false;
            }
        }
    }

    backend.Dispose();
    return agree;
}

static bool RunWrong(string name)
{
    const int Threads = 64, Bytes = Threads * sizeof(float);
    using var device = CheckedDevice.Open(false);
    var size = KernelParameters.Of(("GROUP_SIZE", Threads));
    string text = KernelCatalogue.Source("opencl", "vector/gather", "float", size)
        + File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "wrong.cl"));
    nint kernel = device.Kernel(device.Load(device.Compile(text))!.Value, $"quotient_{name}");
    nint x = device.Allocate(Bytes), y = device.Allocate(Bytes);
    device.Clear(x, Bytes);
    device.Clear(y, Bytes);
    var arguments = default(Arguments);
    arguments.Add(x);
    arguments.Add(y);
    arguments.Add((long)Threads);
    device.Launch(kernel, LaunchShape.Linear(1, Threads), arguments);
    device.Synchronise();
    return true;
}
