using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Cases.Ops;
using Quotient.Networks;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>The kernel for tensor cores, computed by an OpenCL device as the tensor cores would.</summary>
public class TensorGemmTests
{
    private GpuBackend? _three, _one;

    [OneTimeSetUp]
    public void Open()
    {
        if (OpenClDeviceId.All() is not [var first, ..])
        {
            Assert.Ignore("no OpenCL device");
            return;
        }

        _three = new(new OpenClDevice(first), MatrixPrecision.SplitTensor, emulateTensorCores: true);
        _one = new(new OpenClDevice(first), MatrixPrecision.Tensor, emulateTensorCores: true);
        AgainstReference.PrintSeed();
    }

    [OneTimeTearDown]
    public void Close()
    {
        _three?.Dispose();
        _one?.Dispose();
    }

    [Test]
    public void Three_terms_are_as_good_as_floats() => AgainstReference.Check<float>(_three!, Cases(), 5e-6);

    [Test]
    public void Three_terms_of_convolutions_are_as_good_as_floats([Values] ConvolutionOperation operation) =>
        AgainstReference.Check<float>(_three!, Convolutions(operation), 5e-6);

    [Test]
    public void One_term_has_eleven_bits()
    {
        double largest = AgainstReference.Check<float>(_one!, Cases(), 2e-3);
        Assert.That(largest, Is.GreaterThanOrEqualTo(1e-5), "the kernel for one term has computed with more");
    }

    /// <summary>Every transposition, around the tile of 64 × 64 × 16, aligned and not, in batches, in pairs, with epilogues.</summary>
    private static IEnumerable<OpCase> Cases()
    {
        var random = new Random(AgainstReference.Seed);
        foreach (var a in Enum.GetValues<Transpose>())
        {
            foreach (var b in Enum.GetValues<Transpose>())
            {
                yield return new GemmCase(a, b, 64, 64, 64) { Ragged = false };
                yield return new GemmCase(a, b, 65, 63, 17) { Beta = 0.5, Epilogue = GemmEpilogue.Bias | GemmEpilogue.Mask };
                yield return new GemmCase(a, b, random.Next(1, 140), random.Next(1, 140), random.Next(1, 70))
                {
                    Count = 2,
                    Epilogue = GemmEpilogue.Relu,
                };
                yield return new GemmPairCase(a, b, 70, 40, random.Next(1, 40), 33) { Beta = 1, HasEpilogue = true };
            }
        }
    }

    /// <summary>Channels that copies of 16 bytes divide, and others; more tiles than are in flight at once, in every direction.</summary>
    private static IEnumerable<OpCase> Convolutions(ConvolutionOperation operation)
    {
        var random = new Random(AgainstReference.Seed);
        foreach (bool ragged in new[] { false, true })
        {
            int channels = ragged ? 5 : 8, outputs = ragged ? 21 : 68;
            yield return new ConvolutionCase(operation, On(Window.Square(3, 1, 1), channels), 1, outputs) { Ragged = ragged };
            yield return new ConvolutionCase(operation, On(Window.Square(3, 2, 1), channels), 2, outputs)
            {
                Ragged = ragged,
                IsPair = true,
                Beta = 0.5,
                Count = 2,
                SharedB = true,
                Epilogue = GemmEpilogue.Bias | GemmEpilogue.Relu | GemmEpilogue.Mask,
            };
            yield return new ConvolutionCase(operation, On(new(2, 5) { StrideX = 3, Top = 1, Right = 4 }, channels), random.Next(1, 5), outputs)
            {
                Ragged = ragged,
            };
            yield return new ConvolutionCase(operation, On(Window.Square(1, 2), channels), 3, outputs) { Ragged = ragged };
        }
    }

    private static Patches On(Window window, int channels) => window.On(new(channels, 9, 11));
}
