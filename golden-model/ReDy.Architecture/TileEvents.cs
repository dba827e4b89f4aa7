namespace ReDy.Architecture;

/// <summary>
/// Names of the events that are counted per instance, and what each means in hardware. The golden model and the simulation of
/// the Verilog share these names and nothing else of the counting.
/// </summary>
public static class TileEvents
{
    // --- Module crossbar: one analog macro and the logic that belongs to it ---

    /// <summary>A bit plane that is sampled while the layer uses bitlines of this crossbar; read-back excluded.</summary>
    public const string CrossbarReads = "crossbar_reads";

    /// <summary>Wordlines driven: used rows of the group in every crossbar read, whatever their digits.</summary>
    public const string DacDrives = "dac_drives";

    /// <summary>Bitlines sampled by the sample-and-hold: used bitlines in every crossbar read.</summary>
    public const string Samples = "samples";

    /// <summary>Analog-to-digital conversions that are started; read-back excluded.</summary>
    public const string Conversions = "conversions";

    /// <summary>Conversions whose sum exceeded the ADC's range, in the clock in which the code is delivered; read-back excluded.</summary>
    public const string Saturations = "saturations";

    /// <summary>Conversions that read a cell back.</summary>
    public const string ReadbackConversions = "readback_conversions";

    /// <summary>Rows of cells that are programmed; each moves a row of codes.</summary>
    public const string RowWrites = "row_writes";

    // --- Module shift_and_add ---

    /// <summary>Codes that are weighed and accumulated.</summary>
    public const string ShiftAndAdds = "shift_and_adds";

    // --- Module step_sequencer ---

    /// <summary>Planes of a group that are sampled (null groups and read-back excluded), however many crossbars share them.</summary>
    public const string StepsStreamed = "steps_streamed";

    // --- Module dynamic_precision_unit ---

    /// <summary>Words of activations that the precision unit measures; each word has as many activations as the IMA has load lanes.</summary>
    public const string WordsMeasured = "words_measured";

    /// <summary>Groups that are decided on.</summary>
    public const string Decisions = "decisions";

    // --- Module row_loader ---

    /// <summary>Words on the load bus of a tile row, which all IMAs of the row see.</summary>
    public const string BusTransfers = "bus_transfers";

    // --- Module tile: its streams ---

    /// <summary>Beats accepted on <c>s_axis</c>, <c>s_axis_partial</c> and delivered on <c>m_axis</c>.</summary>
    public const string StreamBeats = "stream_beats";
    public const string PartialBeats = "partial_beats";
    public const string OutputBeats = "output_beats";

    // --- Module requantiser ---

    /// <summary>Outputs that are multiplied, rounded and clamped, or passed on raw.</summary>
    public const string Requantisations = "requantisations";

    // --- Clock gates: instances that end in _clock_gate, only with rtl.clock_gating ---

    /// <summary>Rising edges that the gate lets through.</summary>
    public const string ClockEdges = "clock_edges";

    // --- Any module with a memory: one word each ---

    /// <summary>Words written into a memory: <c>words_writes</c> of an input_register, <c>results_writes</c> of an output_register, <c>memory_writes</c> of the activation_buffer, ...</summary>
    public static string Writes(string memory) => memory + "_writes";

    /// <summary>
    /// Reads of a memory: <c>words_reads</c> (a plane for every wordline of an input_register), <c>results_reads</c> (one result of an
    /// output_register), <c>memory_reads</c> (one beat of the activation_buffer).
    /// </summary>
    public static string Reads(string memory) => memory + "_reads";
}
