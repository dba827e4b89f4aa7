using ReDy.Architecture;

namespace ReDy.Rtl.Tests;

public sealed class BundleFolderTests : IDisposable
{
    private static readonly RtlBundle Bundle = RtlGenerator.Generate(SampleTiles.Tiny);
    private static readonly RtlBundle Other = RtlGenerator.Generate(SampleTiles.All["lossless"]);

    private readonly BundleScratch scratch = new();

    [Fact]
    public void A_written_bundle_compares_equal() => BundleFolder.Compare(Bundle, scratch.Write(Bundle)).None.ShouldBeTrue();

    [Fact]
    public void Changed_missing_and_extra_files_are_named()
    {
        string folder = scratch.Write(Bundle);
        File.AppendAllText(Path.Combine(folder, "rtl/redy_tile.v"), " ");
        File.Delete(Path.Combine(folder, "registers.md"));
        File.WriteAllText(Path.Combine(folder, "rtl/views/mine.v"), "");
        BundleDifferences differences = BundleFolder.Compare(Bundle, folder);
        differences.Changed.ShouldBe(["rtl/redy_tile.v"]);
        differences.Missing.ShouldBe(["registers.md"]);
        differences.Extra.ShouldBe(["rtl/views/mine.v"]);
    }

    [Fact]
    public void A_bundle_replaces_another_and_leaves_none_of_its_files()
    {
        string folder = scratch.Write(Bundle);
        scratch.Write(Other);
        BundleFolder.Compare(Other, folder).None.ShouldBeTrue();
        File.Exists(Path.Combine(folder, "rtl/redy_threshold_registers.v")).ShouldBeFalse();
    }

    [Fact]
    public void Files_beside_the_Verilog_are_the_users_and_stay()
    {
        string folder = scratch.Write(Bundle);
        Directory.CreateDirectory(Path.Combine(folder, "scripts"));
        File.WriteAllText(Path.Combine(folder, "scripts/synthesis.tcl"), "mine");
        scratch.Write(Other);
        File.ReadAllText(Path.Combine(folder, "scripts/synthesis.tcl")).ShouldBe("mine");
        BundleFolder.Compare(Other, folder).None.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_left_beside_the_bundle()
    {
        scratch.Write(Bundle);
        scratch.Write(Other);
        Directory.EnumerateFileSystemEntries(scratch.Folder).Select(Path.GetFileName).ShouldBe(["bundle"]);
    }

    [Fact]
    public void A_file_of_ones_own_among_the_Verilog_is_not_lost()
    {
        string folder = scratch.Write(Bundle);
        File.WriteAllText(Path.Combine(folder, "rtl/mine.v"), "mine");
        Should.Throw<InputException>(() => BundleFolder.Write(Other, folder)).Message.ShouldContain("rtl/mine.v is not part of the generated bundle");
        BundleFolder.Compare(Bundle, folder).Extra.ShouldBe(["rtl/mine.v"]);
    }

    [Fact]
    public void A_folder_with_something_else_is_refused()
    {
        Directory.CreateDirectory(scratch.At("thesis"));
        File.WriteAllText(scratch.At("thesis/chapter1.tex"), "text");
        Should.Throw<InputException>(() => BundleFolder.Write(Bundle, scratch.At("thesis"))).Message
            .ShouldBe($"{scratch.At("thesis")} exists and is no generated bundle (it has no manifest.json of one); give another folder, or empty this one");
        Directory.EnumerateFileSystemEntries(scratch.At("thesis")).Count().ShouldBe(1);
    }

    [Fact]
    public void A_folder_with_another_programs_manifest_is_refused()
    {
        Directory.CreateDirectory(scratch.At("site"));
        File.WriteAllText(scratch.At("site/manifest.json"), """{"name": "a web page"}""");
        Should.Throw<InputException>(() => BundleFolder.Write(Bundle, scratch.At("site")));
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        File.WriteAllText(scratch.At("file"), "");
        Should.Throw<InputException>(() => BundleFolder.Write(Bundle, scratch.At("file"))).Message.ShouldContain("is a file; give a folder");
    }

    [Fact]
    public void An_unwritable_place_is_bad_input()
    {
        File.WriteAllText(scratch.At("file"), "");
        Should.Throw<InputException>(() => BundleFolder.Write(Bundle, scratch.At("file/bundle"))).Message.ShouldContain("cannot be written");
    }

    [Fact]
    public void A_missing_folder_cannot_be_checked() =>
        Should.Throw<InputException>(() => BundleFolder.Compare(Bundle, scratch.At("none"))).Message.ShouldContain("there is no such folder to check");

    [Fact]
    public void A_link_to_a_folder_stays_a_link()
    {
        string folder = scratch.Write(Bundle, "real");
        Directory.CreateSymbolicLink(scratch.At("link"), folder);
        BundleFolder.Write(Other, scratch.At("link"));
        new DirectoryInfo(scratch.At("link")).LinkTarget.ShouldBe(folder);
        BundleFolder.Compare(Other, folder).None.ShouldBeTrue();
    }

    public void Dispose() => scratch.Dispose();
}
