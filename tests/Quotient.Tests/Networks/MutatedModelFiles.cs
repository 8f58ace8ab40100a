using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Quotient.Tests.Networks;

/// <summary>Real files, damaged: each is refused with one sentence, or is a valid model that can be saved and loaded.</summary>
public partial class MutatedModelFiles
{
    private static readonly byte[][] Files = [.. GoldenFiles.Models.Select(name => File.ReadAllBytes(GoldenFiles.At(name)))];

    private static readonly string[] Tokens =
    [
        "-1", "0", "1", "2", "7", "4294967296", "9223372036854775807", "18446744073709551616", "1e999", "1.5", "NaN", "",
        "null", "true", "[]", "{}", "\"\"", "\"F16\"", "\"F64\"", "\"I64\"", "\"\\ud800\"", "\"0.weight\"", "\"shape\"",
        "\"quotient.network\"", "\"__metadata__\"",
    ];

    /// <summary>The kinds of damage are 0 to this; beyond it a file stays as it is, so that single damages occur too.</summary>
    private const int LastKind = 7;

    [Test]
    public void Damaged_files_are_refused_or_read()
    {
        using var folder = new ScratchFolder();
        var number = Gen.Choose(0, int.MaxValue - 1);
        var damage = Gen.Zip(
            Gen.Choose(0, LastKind + 3),
            Gen.Zip(number, number, (place, value) => (place, value)),
            (kind, at) => (kind, at.place, at.value));
        var cases = Gen.Zip(Gen.Choose(0, Files.Length - 1), damage.ArrayOf(2), (file, damages) => (file, damages));
        int refused = 0, read = 0;
        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var (file, damages) = one;
            byte[] bytes = Files[file];
            foreach (var (kind, place, value) in damages)
            {
                bytes = Damage(bytes, kind, place, value);
            }

            if (IsRefused(folder, bytes))
            {
                refused++;
            }
            else
            {
                read++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261121, 4711));

        // Both answers must occur often, or the mutations would test little.
        Assert.That(refused, Is.GreaterThan(200));
        Assert.That(read, Is.GreaterThan(200));
    }

    [Test]
    public void Files_of_chance_are_refused()
    {
        using var folder = new ScratchFolder();
        Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(), bytes => IsRefused(folder, bytes))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261121, 4713));
    }

    [TestCaseSource(typeof(GoldenFiles), nameof(GoldenFiles.Models))]
    public void Every_truncation_is_refused(string name)
    {
        using var folder = new ScratchFolder();
        byte[] file = File.ReadAllBytes(GoldenFiles.At(name));
        for (int length = 0; length < file.Length; length++)
        {
            Assert.That(IsRefused(folder, file[..length]), $"the first {length} bytes");
        }
    }

    /// <summary>Whether a file is refused as it must be; where it is not, the model must be whole.</summary>
    private static bool IsRefused(ScratchFolder folder, byte[] bytes)
    {
        string path = folder.Write("in", bytes), copy = folder.At("out");
        File.Delete(copy);
        bool refused;
        try
        {
            Model.Load(path).Save(copy);
            var again = Model.Load(copy);
            Assert.That(again.Parameters, Is.All.Matches<double>(double.IsFinite));
            refused = false;
        }
        catch (QuotientException error)
        {
            Assert.That(error.Message, Does.Match(@"\A[^\p{C}\u2028\u2029]+\z").And.Length.LessThan(path.Length + 500));
            refused = true;
        }

        Assert.That(folder.Files, Is.EquivalentTo(refused ? ["in"] : new[] { "in", "out" }));
        return refused;
    }

    private static byte[] Damage(byte[] file, int kind, int place, int value)
    {
        if (file.Length < 16)
        {
            return file;
        }

        byte[] bytes = [.. file];
        switch (kind)
        {
            case 0:
                bytes[place % bytes.Length] ^= (byte)(1 << (value % 8));
                return bytes;
            case 1:
                return bytes[..(place % bytes.Length)];
            case 2:
                return [.. bytes, .. new byte[1 + (value % 9)]];
            case 3:
                bytes[value % 8] = (byte)place;
                return bytes;
            case 4:
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - 2 - (place % (bytes.Length / 2))), 0x7FC0);
                return bytes;
            case > LastKind:
                return bytes;
            default:
                return DamageHeader(bytes, kind, place, value);
        }
    }

    /// <summary>Replaces one number or text of the header's JSON, or swaps two, and puts its length right again.</summary>
    private static byte[] DamageHeader(byte[] file, int kind, int place, int value)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (length > (ulong)(file.Length - 8))
        {
            return file;
        }

        var (header, data) = RawFile.Split(file);
        string json = Encoding.Latin1.GetString(header);
        var tokens = Token().Matches(json);
        if (tokens.Count == 0)
        {
            return file;
        }

        Match first = tokens[place % tokens.Count], second = tokens[value % tokens.Count];
        string changed = kind == 5
            ? Replace(json, first, Tokens[value % Tokens.Length])
            : first.Index < second.Index
                ? Replace(Replace(json, second, first.Value), first, second.Value)
                : Replace(json, first, second.Value);
        return RawFile.Of(Encoding.Latin1.GetBytes(changed), data);
    }

    private static string Replace(string text, Match match, string by) =>
        text[..match.Index] + by + text[(match.Index + match.Length)..];

    [GeneratedRegex("\\d+|\"(?:[^\"\\\\]|\\\\.)*\"|[\\[\\]{},:]")]
    private static partial Regex Token();
}
