using System.Buffers.Binary;
using System.Security.Cryptography;
using NUnit.Framework;
using Quotient.Backends.Gpu;
using Quotient.Backends.Gpu.OpenCl;
using Quotient.Files;

namespace Quotient.Tests.Backends.Gpu;

public class ProgramCacheTests
{
    private const int HashLength = SHA256.HashSizeInBytes, HeadLength = (2 * HashLength) + sizeof(long);

    private static readonly string Source = KernelCatalogue.Source("opencl", "vector/elements", "float", default);

    private ScratchFolder _folder = null!;

    private string Entry => _folder.At(_folder.Files.Single());

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_program_is_compiled_once()
    {
        using var device = Recording();
        new ProgramCache(_folder.Path).Load(device, Source);
        new ProgramCache(_folder.Path).Load(device, Source);
        Assert.That(device.Compilations, Is.EqualTo(1));
        new ProgramCache(_folder.Path).Load(device, Source + "\n");
        Assert.That(device.Compilations, Is.EqualTo(2), "another text");
        using var other = new RecordingDevice(RecordingDevice.Cuda(90, 132, 0));
        new ProgramCache(_folder.Path).Load(other, Source);
        Assert.That(other.Compilations, Is.EqualTo(1), "another device");
    }

    [Test]
    public void A_program_is_kept_with_the_options_of_its_compiler()
    {
        using var device = OpenCl();
        Assert.That(device.Traits.Key.Split('\n'), Does.Contain(OpenClDevice.Options));
        new ProgramCache(_folder.Path).Load(device, Source);
        using var other = new RecordingDevice(device.Traits with { Key = device.Traits.Key.Replace(OpenClDevice.Options, "-cl-std=CL3.0") });
        new ProgramCache(_folder.Path).Load(other, Source);
        Assert.That(other.Compilations, Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_entry_is_built_again([Values("empty", "short", "truncated", "flipped", "longer")] string damage)
    {
        using var device = OpenCl();
        new ProgramCache(_folder.Path).Load(device, Source);
        byte[] entry = File.ReadAllBytes(Entry);
        File.WriteAllBytes(Entry, Damage(entry, damage));
        nint program = new ProgramCache(_folder.Path).Load(device, Source);
        Assert.That(device.Kernel(program, "quotient_Fill"), Is.Not.Zero);
        byte[] rebuilt = File.ReadAllBytes(Entry);
        Assert.That(SHA256.HashData(rebuilt.AsSpan(SHA256.HashSizeInBytes)), Is.EqualTo(rebuilt[..SHA256.HashSizeInBytes]));
    }

    [Test]
    public void No_flipped_bit_of_an_entry_goes_unnoticed()
    {
        using var device = Recording();
        new ProgramCache(_folder.Path).Load(device, Source);
        byte[] right = File.ReadAllBytes(Entry);
        var random = new Random(1);
        int[] places = [.. Enumerable.Range(0, HeadLength), .. Enumerable.Range(0, 200).Select(_ => random.Next(HeadLength, right.Length))];
        foreach (int place in places)
        {
            byte[] wrong = [.. right];
            wrong[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(Entry, wrong);
            new ProgramCache(_folder.Path).Load(device, Source);
            Assert.That(File.ReadAllBytes(Entry), Is.EqualTo(right), $"byte {place}");
        }

        Assert.That(device.Programs, Has.All.EqualTo(Source));
        Assert.That(device.Compilations, Is.EqualTo(1 + places.Length));
    }

    [Test]
    public void An_entry_that_the_device_refuses_is_built_again()
    {
        using var device = OpenCl();
        new ProgramCache(_folder.Path).Load(device, Source);
        byte[] tag = File.ReadAllBytes(Entry)[HashLength..HeadLength], nonsense = [.. "not a program"u8];
        BinaryPrimitives.WriteInt64LittleEndian(tag.AsSpan(HashLength), nonsense.Length);
        File.WriteAllBytes(Entry, [.. SHA256.HashData([.. tag, .. nonsense]), .. tag, .. nonsense]);
        nint program = new ProgramCache(_folder.Path).Load(device, Source);
        Assert.That(device.Kernel(program, "quotient_Fill"), Is.Not.Zero);
        Assert.That(new FileInfo(Entry).Length, Is.GreaterThan(1000));
    }

    [Test]
    public void An_entry_under_the_name_of_another_is_built_again()
    {
        using var device = Recording();
        var cache = new ProgramCache(_folder.Path);
        cache.Load(device, Source);
        string entry = Entry;
        byte[] right = File.ReadAllBytes(entry);
        cache.Load(device, "another program");
        File.Copy(_folder.At(_folder.Files.Single(file => _folder.At(file) != entry)), entry, true);
        nint program = new ProgramCache(_folder.Path).Load(device, Source);
        Assert.That(device.Programs[(int)program - 1], Is.EqualTo(Source));
        Assert.That(File.ReadAllBytes(entry), Is.EqualTo(right));
    }

    [Test]
    public void A_truncated_entry_with_a_right_hash_is_built_again()
    {
        using var device = Recording();
        new ProgramCache(_folder.Path).Load(device, Source);
        byte[] right = File.ReadAllBytes(Entry);
        File.WriteAllBytes(Entry, [.. SHA256.HashData(right[HashLength..^1]), .. right[HashLength..^1]]);
        new ProgramCache(_folder.Path).Load(device, Source);
        Assert.That(device.Programs, Has.All.EqualTo(Source));
        Assert.That(File.ReadAllBytes(Entry), Is.EqualTo(right));
    }

    [Test]
    public void What_a_killed_process_has_left_is_removed_and_what_a_living_one_writes_is_not()
    {
        _folder.Write($"left.{Guid.NewGuid():N}.tmp", [1]);
        using var living = new TemporaryFile(_folder.At("living"));
        using var device = Recording();
        new ProgramCache(_folder.Path).Load(device, Source);
        living.Keep();
        Assert.That(_folder.Files, Has.Length.EqualTo(2).And.Some.EqualTo("living"));
    }

    [Test]
    public void Several_may_build_the_same_program_at_once()
    {
        using var first = Recording();
        new ProgramCache(_folder.Path).Load(first, Source);
        string entry = Entry;
        using var elsewhere = new ScratchFolder();
        using var start = new Barrier(8);
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                using var device = Recording();
                start.SignalAndWait();
                for (int i = 0; i < 50; i++)
                {
                    var cache = new ProgramCache(_folder.Path);
                    cache.Load(device, Source);
                    File.Move(elsewhere.Write($"{Guid.NewGuid()}", []), entry, true);
                }

                Assert.That(device.Programs, Has.All.EqualTo(Source));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Assert.That(() => Task.WaitAll(workers), Throws.Nothing);
        Assert.That(_folder.Files, Has.Length.EqualTo(1), "nothing temporary stays");
    }

    private static byte[] Damage(byte[] entry, string damage) => damage switch
    {
        "empty" => [],
        "short" => entry[..20],
        "truncated" => entry[..^1],
        "flipped" => [.. entry[..^1], (byte)(entry[^1] ^ 1)],
        _ => [.. entry, 0],
    };

    private static RecordingDevice Recording() => new(RecordingDevice.Cuda(80, 108, 0));

    private static OpenClDevice OpenCl()
    {
        var devices = OpenClDeviceId.All();
        if (devices.Count == 0)
        {
            Assert.Ignore("There is no OpenCL device here.");
        }

        return new(devices[0]);
    }
}
