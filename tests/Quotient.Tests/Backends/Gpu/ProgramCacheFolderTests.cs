using System.Diagnostics;
using System.Runtime.Versioning;
using NUnit.Framework;
using Quotient.Backends.Gpu;

namespace Quotient.Tests.Backends.Gpu;

/// <summary>Folders of the program cache that are missing, in the way, or in others' reach.</summary>
public class ProgramCacheFolderTests
{
    private const string Source = "a program";

    private ScratchFolder _folder = null!;

    private string Entry => _folder.At(_folder.Files.Single());

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    [Platform(Include = "Linux")]
    [UnsupportedOSPlatform("windows")]
    public void An_entry_that_others_may_write_is_built_again([Values(UnixFileMode.GroupWrite, UnixFileMode.OtherWrite)] UnixFileMode others)
    {
        using var device = Recording();
        new ProgramCache(_folder.Path).Load(device, Source);
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.That(File.GetUnixFileMode(Entry), Is.EqualTo(Own));
        File.SetUnixFileMode(Entry, Own | others);
        new ProgramCache(_folder.Path).Load(device, Source);
        Assert.That(device.Compilations, Is.EqualTo(2));
        Assert.That(File.GetUnixFileMode(Entry), Is.EqualTo(Own));
    }

    [Test]
    [Platform(Include = "Linux")]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_that_others_may_write_is_left_alone([Values(UnixFileMode.GroupWrite, UnixFileMode.OtherWrite)] UnixFileMode others)
    {
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | others);
        using var device = Recording();
        var cache = new ProgramCache(_folder.Path);
        cache.Load(device, Source);
        Assert.That(device.Programs, Has.Count.EqualTo(1));
        Assert.That(_folder.Files, Is.Empty);
        Assert.That(cache.Problem, Does.Contain($"others may write the folder '{_folder.Path}'"));
    }

    [Test]
    [Platform(Include = "Linux")]
    public void A_folder_of_another_user_is_left_alone()
    {
        string folder = "/";
        if (Environment.IsPrivilegedProcess)
        {
            folder = Directory.CreateDirectory(_folder.At("theirs")).FullName;
            using var chown = Process.Start("chown", ["12345", folder]);
            chown.WaitForExit();
        }

        using var device = Recording();
        var cache = new ProgramCache(folder);
        cache.Load(device, Source);
        Assert.That(_folder.Files, Is.Empty);
        Assert.That(cache.Problem, Does.Contain($"the folder '{folder}' belongs to another user"));
    }

    [Test]
    [Platform(Include = "Linux")]
    [UnsupportedOSPlatform("windows")]
    public void A_missing_folder_is_made_for_its_owner_alone()
    {
        using var device = Recording();
        var cache = new ProgramCache(_folder.At("home", ".cache", "kernels"));
        cache.Load(device, Source);
        Assert.That(_folder.Files, Has.Length.EqualTo(1));
        Assert.That(cache.Problem, Is.Null);
        foreach (string made in new[] { _folder.At("home"), _folder.At("home", ".cache"), _folder.At("home", ".cache", "kernels") })
        {
            Assert.That(
                File.GetUnixFileMode(made), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute), made);
        }
    }

    [Test]
    public void Without_a_folder_nothing_is_kept()
    {
        using var device = Recording();
        var cache = new ProgramCache(null);
        cache.Load(device, Source);
        Assert.That(device.Programs, Has.Count.EqualTo(1));
        Assert.That(cache.Problem, Does.Contain("there is no home folder"));
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_no_error()
    {
        string file = _folder.Write("file", [1]);
        using var device = Recording();
        var cache = new ProgramCache(Path.Combine(file, "below"));
        cache.Load(device, Source);
        Assert.That(device.Programs, Has.Count.EqualTo(1));
        Assert.That(cache.Problem, Does.Contain("cannot be made"));
    }

    [Test]
    public void A_folder_that_goes_away_is_no_error()
    {
        using var device = Recording();
        var cache = new ProgramCache(_folder.At("soon gone"));
        Directory.Delete(_folder.At("soon gone"));
        cache.Load(device, Source);
        Assert.That(device.Programs, Has.Count.EqualTo(1));
        Assert.That(_folder.Files, Is.Empty);
        Assert.That(cache.Problem, Does.Contain("cannot be written"));
    }

    private static RecordingDevice Recording() => new(RecordingDevice.Cuda(80, 108, 0));
}
