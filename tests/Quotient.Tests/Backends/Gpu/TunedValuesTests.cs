using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Quotient.Backends;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Backends.Gpu.Products;
using Quotient.Backends.Reference;
using Quotient.Cases.Ops;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>What <c>kernels/tuned</c> may hold, and that a tile is used where it is meant and changes no result.</summary>
public class TunedValuesTests
{
    private const string Tile =
        """
        {"kernel": "gemm", "real": "float", "shape": "Large NT", "gain": 1.2, "values": {"TILE_M": 64, "TILE_N": 32, "TILE_K": 8,
        "ROWS": 4, "COLUMNS": 4, "WIDTH": 1, "THREADS_M": 16, "THREADS_N": 8, "STAGES": 2}}
        """;

    private static readonly GpuTraits Gpu = RecordingDevice.Cuda(90, 132, 227 << 10);

    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("QUOTIENT_TEST_SEED"), out int seed) ? seed : Environment.TickCount;

    public static IEnumerable<string> Files() =>
        from name in typeof(TunedValues).Assembly.GetManifestResourceNames()
        where name.StartsWith("kernels/tuned/", StringComparison.Ordinal)
        select name["kernels/tuned/".Length..];

    [Test]
    public void A_devices_file_has_its_API_and_its_name()
    {
        GpuTraits other = Gpu with { Dialect = "opencl" }, processor = other with { IsProcessor = true };
        Assert.That(TunedValues.FileOf("NVIDIA H100 80GB HBM3", Gpu), Is.EqualTo("cuda-nvidia-h100-80gb-hbm3.json"));
        Assert.That(TunedValues.FileOf("/Radeon(TM)  é9/", other), Is.EqualTo("opencl-radeon-tm-9.json"));
        Assert.That(TunedValues.FileOf("cpu-znver4-AMD EPYC", processor), Is.EqualTo("processor-cpu-znver4-amd-epyc.json"));
    }

    [Test]
    public void Every_file_of_the_build_can_be_read_and_has_its_devices_name()
    {
        foreach (string file in Files())
        {
            byte[] text = Encoding.UTF8.GetBytes(KernelCatalogue.Resource($"tuned/{file}"));
            Assert.That(() => TunedValues.Parse(text, file), Throws.Nothing);
            using var json = JsonDocument.Parse(text);
            string device = json.RootElement.GetProperty("device").GetString()!;
            var traits = new[] { Gpu, Gpu with { Dialect = "opencl" }, Gpu with { IsProcessor = true } };
            Assert.That(traits.Select(one => TunedValues.FileOf(device, one)), Does.Contain(file));
        }
    }

    [Test]
    public void A_device_without_a_file_has_the_defaults() =>
        Assert.That(TunedValues.Of("nobody's device", Gpu), Is.SameAs(TunedValues.None));

    [TestCase("\"TILE_M\": 64", "\"TILE_M\": 60", "TILE_M, 60, is no multiple of ROWS × THREADS_M, 64")]
    [TestCase("\"TILE_K\": 8", "\"TILE_K\": 9", "TILE_M × TILE_K, 576, is no multiple of the threads of a group, 128")]
    [TestCase("\"WIDTH\": 1", "\"WIDTH\": 3", "TILE_N, 32, is no multiple of COLUMNS × WIDTH × THREADS_N, 96")]
    [TestCase("\"STAGES\": 2", "\"STAGES\": 3", "STAGES is 3 and must be 1 or 2")]
    [TestCase("\"TILE_M\": 64", "\"TILE_M\": 128", "only a thread that is alone along a side goes over several blocks")]
    [TestCase("\"STAGES\": 2", "\"STAGES\": 0", "a whole number from 1 to 16384")]
    [TestCase("\"STAGES\": 2", "\"STAGES\": 1e99", "a whole number from 1 to 16384")]
    [TestCase("\"ROWS\": 4, ", " ", "has no field 'ROWS'")]
    [TestCase("\"ROWS\": 4", "\"ROWS\": 4, \"ROW\": 4", "unknown field 'ROW'")]
    [TestCase("\"gemm\"", "\"gem\"", "'gem', which is no kernel that is tuned")]
    [TestCase("\"float\"", "\"half\"", "'half'")]
    [TestCase("Large NT", "Large NX", "'Large NX'")]
    [TestCase("\"gain\": 1.2, ", "", "has no field 'gain'")]
    [TestCase("}}", "}", "not valid JSON")]
    public void A_bad_file_is_one_clear_sentence(string good, string bad, string sentence)
    {
        string tile = Tile.Replace(good, bad);
        Assert.That(tile, Is.Not.EqualTo(Tile));
        var error = Assert.Throws<QuotientException>(() => TunedValues.Parse(File(tile), "kernels/tuned/x.json"));
        Assert.That(error!.Message, Does.StartWith("kernels/tuned/x.json").And.Contains(sentence).And.Not.Contains("\n"));
    }

    [Test]
    public void A_shape_has_one_tile() => Assert.That(
        () => TunedValues.Parse(File($"{Tile}, {Tile}"), "x.json"), Throws.TypeOf<QuotientException>().With.Message.Contains("twice"));

    [Test]
    public void A_tile_is_used_for_its_shapes_alone()
    {
        var tuned = TunedValues.Parse(File(Tile), "x.json");
        var plain = new PlainProduct(Gpu, "float", tuned);
        ProductTile At(long size, bool transposeB) => plain.TileFor(new(size, size, size, 0, 1, false, transposeB, true));
        Assert.That(At(4096, true), Has.Property("Rows").EqualTo(64).And.Property("Columns").EqualTo(32));
        Assert.That(At(4096, true).Threads, Is.EqualTo(128));
        Assert.That(At(4096, true).Parameters.Defines, Does.Contain("#define THREADS_M 16\n").And.Contains("#define SPAN_M 4\n"));
        Assert.That(At(4096, false).Rows, Is.EqualTo(128), "another transposition");
        Assert.That(At(512, true).Columns, Is.EqualTo(64), "another size");
        Assert.That(new PlainProduct(Gpu, "double", tuned).TileFor(new(4096, 4096, 64, 0, 1, false, true, true)).Columns, Is.EqualTo(64));
    }

    [Test]
    public void A_tile_that_a_device_has_no_room_for_is_passed_over()
    {
        var key = new TunedKey(PlainTile.Kernel, "float", "Large NT");
        var tuned = TunedValues.Parse(File(Tile), "x.json");
        Assert.That(tuned.Find<PlainTile>(key, Gpu), Is.Not.Null);
        Assert.That(tuned.Find<PlainTile>(key, Gpu with { LocalBytes = 4096 }), Is.Null);
        Assert.That(tuned.Find<PlainTile>(key, Gpu with { GroupLimit = 64 }), Is.Null);
    }

    [Test]
    public void Every_default_could_be_a_tuned_value([Values] bool isProcessor, [Values(4, 8)] int bytes)
    {
        var traits = Gpu with { IsProcessor = isProcessor, Dialect = isProcessor ? "opencl" : "cuda", LocalBytes = 1 << 20 };
        KernelTile[] tiles =
        [
            .. Enum.GetValues<ProductSize>().Select(size => PlainProduct.Default(size, bytes, traits)),
            .. Enum.GetValues<ProductSize>().Select(TensorProduct.Default), ElementsTile.Default,
            BasisTile.Default(BasisTile.Project, traits), BasisTile.Default(BasisTile.Deflate, traits),
        ];
        Assert.That(tiles.Select(tile => tile.Problem), Has.All.Null);
        Assert.That(tiles, Has.All.Matches<KernelTile>(tile => tile!.Fits(traits, bytes)));
    }

    [Test]
    public void Whatever_tile_is_allowed_gives_the_references_product()
    {
        if (OpenClDeviceId.All() is not [{ } first, ..])
        {
            Assert.Ignore("no OpenCL device");
            return;
        }

        var random = new Random(Seed);
        using var reference = new ReferenceBackend();
        for (int round = 0; round < 6; round++)
        {
            var tile = Draw(random, round % 2 == 0, first.Traits);
            var tuned = ProductSort.All.Aggregate(
                TunedValues.None, (values, sort) => values.With(TunedKey.Of<float>(PlainTile.Kernel, sort.Name), tile));
            using var tried = new GpuBackend(new OpenClDevice(first), MatrixPrecision.Full, tuned: tuned);
            var item = new GemmCase(
                round < 3 ? Transpose.Yes : Transpose.No, random.Next(2) == 0 ? Transpose.Yes : Transpose.No,
                tile.TileM + random.Next(1, 9), tile.TileN + random.Next(1, 9), tile.TileK + random.Next(1, 9));
            var (got, wanted) = (item.Run<float>(tried, Seed)[0], item.Run<float>(reference, Seed)[0]);
            Assert.That(got.Overrun, Is.Null, $"{tile}, {item}, seed {Seed}");
            Assert.That(got.ErrorAgainst(wanted), Is.LessThanOrEqualTo(1e-5), $"{tile}, {item}, seed {Seed}");
        }
    }

    /// <summary>A tile of a processor, one thread with vectors and several blocks, or of a GPU.</summary>
    private static PlainTile Draw(Random random, bool isProcessor, GpuTraits traits)
    {
        while (true)
        {
            int rows = random.Next(1, 9), columns = random.Next(1, 5), width = isProcessor ? 1 << random.Next(5) : 1;
            int across = isProcessor ? 1 : 1 << random.Next(1, 4), down = isProcessor ? 1 : 1 << random.Next(1, 4);
            int blocks = isProcessor ? random.Next(1, 4) : 1;
            var tile = new PlainTile(
                rows * down * blocks, columns * width * across * blocks, random.Next(1, 33), rows, columns, width, down, across,
                isProcessor ? 1 : 2);
            if (tile.Problem is null && tile.Fits(traits, sizeof(float)))
            {
                return tile;
            }
        }
    }

    private static byte[] File(string tiles) => Encoding.UTF8.GetBytes($$"""{"device": "x", "tiles": [{{tiles}}]}""");
}
