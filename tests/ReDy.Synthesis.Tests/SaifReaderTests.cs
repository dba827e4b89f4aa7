using ReDy.Architecture;
using ReDy.Synthesis.Energy;

namespace ReDy.Synthesis.Tests;

public sealed class SaifReaderTests : IDisposable
{
    private const string Record = """
        (SAIFILE (SAIFVERSION "2.0") (DIRECTION "backward") (TIMESCALE 1 fs) (DURATION 2000000)
        (INSTANCE redy_tile
         (NET (aclk (T0 1) (T1 1) (TX 0) (TC 20) (IG 0)) (q\[3\] (T0 1) (T1 1) (TX 0) (TC 7) (IG 0)))
         (INSTANCE g_row\[0\].ima (NET (n12 (T0 1) (T1 1) (TX 0) (TC 5) (IG 0)))
          (INSTANCE crossbar (NET (n3 (TC 2)))))
         (INSTANCE requantiser (NET (n4 (TC 9))))))
        """;

    private readonly ScratchFolder folder = new();

    [Fact]
    public void Transitions_are_found_by_instance_and_net()
    {
        File.WriteAllText(folder.File("a.saif"), Record);
        RecordedActivity activity = SaifReader.Read(folder.File("a.saif"), "redy_tile");
        activity.DurationSeconds.ShouldBe(2e-9, 1e-15);
        activity.Transitions.OrderBy(one => one.Value).Select(one => $"{one.Key} {one.Value}")
            .ShouldBe(["g_row[0].ima/crossbar/n3 2", "g_row[0].ima/n12 5", "q[3] 7", "requantiser/n4 9", "aclk 20"]);
    }

    [Fact]
    public void A_file_without_the_tile_is_refused()
    {
        File.WriteAllText(folder.File("b.saif"), Record);
        Should.Throw<InputException>(() => SaifReader.Read(folder.File("b.saif"), "other_tile")).Message.ShouldContain("no SAIF file with an instance other_tile");
    }

    public void Dispose() => folder.Dispose();
}
