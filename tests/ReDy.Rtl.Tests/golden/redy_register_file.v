`default_nettype none

// register_file: the tile's registers behind AXI4-Lite, and the layer registers, of which there are two banks. Writes that
// are refused change nothing, answer SLVERR and set a sticky bit in ERROR. The register map is in registers.md.
//
// A write is executed in the clock after both its halves have arrived; no output depends on an input of the same clock.
// Contract: docs/timing.md, "register_file".

module redy_register_file #(
  parameter ADC_BITS               = 8,
  parameter OUTPUT_BITS            = 8,
  parameter BIAS_BITS              = 31,
  parameter MULTIPLIER_BITS        = 16,
  parameter ROWS_BITS              = 4,
  parameter OUTPUTS_BITS           = 4,
  parameter THRESHOLD_BITS         = 9,
  parameter THRESHOLD_INDEX_BITS   = 2,
  parameter PARAMETER_ADDRESS_BITS = 4
) (
  input  wire                              aclk,
  input  wire                              aresetn,

  // AXI4-Lite.
  input  wire [11:0]                       s_axi_awaddr,
  input  wire                              s_axi_awvalid,
  output wire                              s_axi_awready,
  input  wire [31:0]                       s_axi_wdata,
  input  wire [3:0]                        s_axi_wstrb,
  input  wire                              s_axi_wvalid,
  output wire                              s_axi_wready,
  output wire [1:0]                        s_axi_bresp,
  output wire                              s_axi_bvalid,
  input  wire                              s_axi_bready,
  input  wire [11:0]                       s_axi_araddr,
  input  wire                              s_axi_arvalid,
  output wire                              s_axi_arready,
  output wire [31:0]                       s_axi_rdata,
  output wire [1:0]                        s_axi_rresp,
  output wire                              s_axi_rvalid,
  input  wire                              s_axi_rready,

  // Control and layer registers; field l belongs to layer bank l.
  output wire                              enable,
  output wire                              active_bank,
  output wire [2*ROWS_BITS-1:0]            layer_rows,
  output wire [2*OUTPUTS_BITS-1:0]         layer_outputs,
  output wire [3:0]                        layer_policy,
  output wire [1:0]                        layer_raw,
  output wire [1:0]                        layer_relu,
  output wire [1:0]                        layer_accumulate,
  output wire [2*OUTPUT_BITS-1:0]          layer_zero_point,

  // Output parameters: memory address l*N + n.
  output wire [PARAMETER_ADDRESS_BITS-1:0] parameter_address,
  output wire                              bias_write,
  output wire [BIAS_BITS-1:0]              bias_write_data,
  output wire                              scale_write,
  output wire [6+MULTIPLIER_BITS-1:0]      scale_write_data,

  // Threshold registers.
  output wire                              threshold_write,
  output wire                              threshold_write_layer,
  output wire [THRESHOLD_INDEX_BITS-1:0]   threshold_write_index,
  output wire [THRESHOLD_BITS-1:0]         threshold_write_data,

  // Weight programmer: its registers are there, all written with write_data.
  output wire [31:0]                       write_data,
  output wire                              program_crossbar_write,
  output wire                              program_row_write,
  output wire                              program_bitline_write,
  output wire                              program_word_write,
  output wire                              program_data_write,
  output wire                              program_start,
  input  wire [15:0]                       program_crossbar,
  input  wire [15:0]                       program_row,
  input  wire [15:0]                       program_bitline,
  input  wire [15:0]                       program_word,
  input  wire                              program_target_in_range,
  input  wire                              program_word_in_range,
  input  wire                              program_busy,
  input  wire [ADC_BITS-1:0]               readback,

  // Interrupt controller.
  output wire                              interrupt_mask_write,
  output wire                              interrupt_pending_write,
  input  wire [3:0]                        interrupt_mask,
  input  wire [3:0]                        interrupt_pending,
  output wire                              error_event,

  // Performance counters.
  output wire                              counter_snapshot,
  output wire                              counter_clear,
  output wire [2:0]                        counter_read,
  output wire                              counter_read_high,
  input  wire [31:0]                       counter_read_data,

  // State of the tile.
  input  wire                              tile_idle,
  input  wire [1:0]                        bank_in_use,
  input  wire                              stream_error,
  input  wire                              partial_error
);

  localparam CAPACITY_ROWS     = 8;
  localparam CAPACITY_OUTPUTS  = 8;
  localparam OUTPUT_INDEX_BITS = 3;
  localparam THRESHOLDS        = 4;

  // The tile's own policy, requantised outputs.
  localparam [4:0] RESET_MODE = 5'd2;

  // Word addresses, a quarter of the byte addresses in the register map.
  localparam [9:0] ADDRESS_ID                = 10'h000;
  localparam [9:0] ADDRESS_VERSION           = 10'h001;
  localparam [9:0] ADDRESS_CAPACITY_ROWS     = 10'h002;
  localparam [9:0] ADDRESS_CAPACITY_OUTPUTS  = 10'h003;
  localparam [9:0] ADDRESS_CONTROL           = 10'h004;
  localparam [9:0] ADDRESS_STATUS            = 10'h005;
  localparam [9:0] ADDRESS_ERROR             = 10'h006;
  localparam [9:0] ADDRESS_INTERRUPT_MASK    = 10'h007;
  localparam [9:0] ADDRESS_INTERRUPT_PENDING = 10'h008;
  localparam [9:0] ADDRESS_LAYER_WINDOW      = 10'h009;
  localparam [9:0] ADDRESS_LAYER_ROWS        = 10'h00A;
  localparam [9:0] ADDRESS_LAYER_OUTPUTS     = 10'h00B;
  localparam [9:0] ADDRESS_LAYER_MODE        = 10'h00C;
  localparam [9:0] ADDRESS_LAYER_ZERO_POINT  = 10'h00D;
  localparam [9:0] ADDRESS_OUTPUT_INDEX      = 10'h00E;
  localparam [9:0] ADDRESS_OUTPUT_BIAS       = 10'h00F;
  localparam [9:0] ADDRESS_OUTPUT_MULTIPLIER = 10'h010;
  localparam [9:0] ADDRESS_OUTPUT_SHIFT      = 10'h011;
  localparam [9:0] ADDRESS_THRESHOLD_INDEX   = 10'h012;
  localparam [9:0] ADDRESS_THRESHOLD         = 10'h013;
  localparam [9:0] ADDRESS_PROGRAM_CROSSBAR  = 10'h014;
  localparam [9:0] ADDRESS_PROGRAM_ROW       = 10'h015;
  localparam [9:0] ADDRESS_PROGRAM_BITLINE   = 10'h016;
  localparam [9:0] ADDRESS_PROGRAM_WORD      = 10'h017;
  localparam [9:0] ADDRESS_PROGRAM_DATA      = 10'h018;
  localparam [9:0] ADDRESS_PROGRAM_COMMAND   = 10'h019;
  localparam [9:0] ADDRESS_READBACK          = 10'h01A;
  localparam [9:0] ADDRESS_COUNTER_COMMAND   = 10'h020;
  localparam [9:0] ADDRESS_FIRST_COUNTER     = 10'h024;
  localparam [9:0] ADDRESS_LAST_COUNTER      = 10'h033;

  localparam OKAY   = 2'b00;
  localparam SLVERR = 2'b10;

  reg        aw_full_q;
  reg [11:0] aw_address_q;
  reg        w_full_q;
  reg [31:0] w_data_q;
  reg [3:0]  w_strobe_q;
  reg        b_valid_q;
  reg [1:0]  b_response_q;
  reg        r_valid_q;
  reg [31:0] r_data_q;
  reg [1:0]  r_response_q;

  reg                       enable_q;
  reg                       active_bank_q;
  reg [4:0]                 error_q;
  reg                       window_q;
  reg [ROWS_BITS-1:0]       rows0_q;
  reg [ROWS_BITS-1:0]       rows1_q;
  reg [OUTPUTS_BITS-1:0]    outputs0_q;
  reg [OUTPUTS_BITS-1:0]    outputs1_q;
  reg [4:0]                 mode0_q;
  reg [4:0]                 mode1_q;
  reg [OUTPUT_BITS-1:0]     zero_point0_q;
  reg [OUTPUT_BITS-1:0]     zero_point1_q;
  reg [15:0]                output_index_q;
  reg [MULTIPLIER_BITS-1:0] multiplier_q;
  reg [15:0]                threshold_index_q;

  // --- Write channels ---

  wire aw_fires = s_axi_awvalid & s_axi_awready;
  wire w_fires  = s_axi_wvalid & s_axi_wready;
  wire execute  = aw_full_q & w_full_q & !b_valid_q;

  assign s_axi_awready = !aw_full_q;
  assign s_axi_wready  = !w_full_q;
  assign s_axi_bvalid  = b_valid_q;
  assign s_axi_bresp   = b_response_q;

  always @(posedge aclk)
    if (!aresetn) begin
      aw_full_q    <= 1'b0;
      aw_address_q <= 12'd0;
    end else if (aw_fires) begin
      aw_full_q    <= 1'b1;
      aw_address_q <= s_axi_awaddr;
    end else if (execute) begin
      aw_full_q <= 1'b0;
    end

  always @(posedge aclk)
    if (!aresetn) begin
      w_full_q   <= 1'b0;
      w_data_q   <= 32'd0;
      w_strobe_q <= 4'd0;
    end else if (w_fires) begin
      w_full_q   <= 1'b1;
      w_data_q   <= s_axi_wdata;
      w_strobe_q <= s_axi_wstrb;
    end else if (execute) begin
      w_full_q <= 1'b0;
    end

  // --- May this write be? ---

  wire [9:0] write_address = aw_address_q[11:2];

  reg of_tile;     // a register that can always be written
  reg of_layer;    // one of the layer bank in the window
  reg of_program;  // one of the weight programmer
  always @* begin
    of_tile    = 1'b0;
    of_layer   = 1'b0;
    of_program = 1'b0;
    case (write_address)
      ADDRESS_CONTROL,
      ADDRESS_ERROR,
      ADDRESS_INTERRUPT_MASK,
      ADDRESS_INTERRUPT_PENDING,
      ADDRESS_LAYER_WINDOW,
      ADDRESS_OUTPUT_INDEX,
      ADDRESS_THRESHOLD_INDEX,
      ADDRESS_COUNTER_COMMAND:
        of_tile = 1'b1;
      ADDRESS_LAYER_ROWS,
      ADDRESS_LAYER_OUTPUTS,
      ADDRESS_LAYER_MODE,
      ADDRESS_LAYER_ZERO_POINT,
      ADDRESS_OUTPUT_BIAS,
      ADDRESS_OUTPUT_MULTIPLIER,
      ADDRESS_OUTPUT_SHIFT,
      ADDRESS_THRESHOLD:
        of_layer = 1'b1;
      ADDRESS_PROGRAM_CROSSBAR,
      ADDRESS_PROGRAM_ROW,
      ADDRESS_PROGRAM_BITLINE,
      ADDRESS_PROGRAM_WORD,
      ADDRESS_PROGRAM_DATA,
      ADDRESS_PROGRAM_COMMAND:
        of_program = 1'b1;
      default: ;
    endcase
  end

  wire output_in_range = output_index_q < CAPACITY_OUTPUTS;
  wire command_known   = w_data_q >= 1 & w_data_q <= 3;

  reg in_range;
  always @*
    case (write_address)
      ADDRESS_LAYER_ROWS:      in_range = w_data_q <= CAPACITY_ROWS;
      ADDRESS_LAYER_OUTPUTS:   in_range = w_data_q <= CAPACITY_OUTPUTS;
      ADDRESS_OUTPUT_BIAS:     in_range = output_in_range;
      ADDRESS_OUTPUT_SHIFT:    in_range = output_in_range;
      ADDRESS_THRESHOLD:       in_range = threshold_index_q < THRESHOLDS;
      ADDRESS_PROGRAM_DATA:    in_range = program_word_in_range;
      ADDRESS_PROGRAM_COMMAND: in_range = command_known & tile_idle & program_target_in_range;
      default:                 in_range = 1'b1;
    endcase

  wire bad_access  = w_strobe_q != 4'b1111 | !(of_tile | of_layer | of_program);
  wire bad_bank    = !bad_access & of_layer & (bank_in_use[window_q] | !in_range);
  wire bad_program = !bad_access & of_program & (program_busy | !in_range);
  wire refused     = bad_access | bad_bank | bad_program;
  wire write       = execute & !refused;

  always @(posedge aclk)
    if (!aresetn) begin
      b_valid_q    <= 1'b0;
      b_response_q <= OKAY;
    end else if (execute) begin
      b_valid_q    <= 1'b1;
      b_response_q <= refused ? SLVERR : OKAY;
    end else if (s_axi_bready) begin
      b_valid_q <= 1'b0;
    end

  // --- Control and errors ---

  always @(posedge aclk)
    if (!aresetn) begin
      enable_q      <= 1'b0;
      active_bank_q <= 1'b0;
    end else if (write & write_address == ADDRESS_CONTROL) begin
      enable_q      <= w_data_q[0];
      active_bank_q <= w_data_q[1];
    end

  wire [4:0] error_set   = {execute & bad_access, execute & bad_program, execute & bad_bank, partial_error, stream_error};
  wire [4:0] error_clear = write & write_address == ADDRESS_ERROR ? w_data_q[4:0] : 5'b0;

  always @(posedge aclk)
    if (!aresetn)
      error_q <= 5'b0;
    else
      error_q <= (error_q & ~error_clear) | error_set;

  assign error_event = (error_set & ~error_q) != 0;

  // --- Layer registers ---

  always @(posedge aclk)
    if (!aresetn)
      window_q <= 1'b0;
    else if (write & write_address == ADDRESS_LAYER_WINDOW)
      window_q <= w_data_q[0];

  always @(posedge aclk)
    if (!aresetn) begin
      rows0_q <= {ROWS_BITS{1'b0}};
      rows1_q <= {ROWS_BITS{1'b0}};
    end else if (write & write_address == ADDRESS_LAYER_ROWS) begin
      if (window_q)
        rows1_q <= w_data_q[ROWS_BITS-1:0];
      else
        rows0_q <= w_data_q[ROWS_BITS-1:0];
    end

  always @(posedge aclk)
    if (!aresetn) begin
      outputs0_q <= {OUTPUTS_BITS{1'b0}};
      outputs1_q <= {OUTPUTS_BITS{1'b0}};
    end else if (write & write_address == ADDRESS_LAYER_OUTPUTS) begin
      if (window_q)
        outputs1_q <= w_data_q[OUTPUTS_BITS-1:0];
      else
        outputs0_q <= w_data_q[OUTPUTS_BITS-1:0];
    end

  always @(posedge aclk)
    if (!aresetn) begin
      mode0_q <= RESET_MODE;
      mode1_q <= RESET_MODE;
    end else if (write & write_address == ADDRESS_LAYER_MODE) begin
      if (window_q)
        mode1_q <= w_data_q[4:0];
      else
        mode0_q <= w_data_q[4:0];
    end

  always @(posedge aclk)
    if (!aresetn) begin
      zero_point0_q <= {OUTPUT_BITS{1'b0}};
      zero_point1_q <= {OUTPUT_BITS{1'b0}};
    end else if (write & write_address == ADDRESS_LAYER_ZERO_POINT) begin
      if (window_q)
        zero_point1_q <= w_data_q[OUTPUT_BITS-1:0];
      else
        zero_point0_q <= w_data_q[OUTPUT_BITS-1:0];
    end

  // Index registers count on with every value written at them.
  wire bias_written  = write & write_address == ADDRESS_OUTPUT_BIAS;
  wire scale_written = write & write_address == ADDRESS_OUTPUT_SHIFT;

  always @(posedge aclk)
    if (!aresetn)
      output_index_q <= 16'd0;
    else if (write & write_address == ADDRESS_OUTPUT_INDEX)
      output_index_q <= w_data_q[15:0];
    else if (scale_written)
      output_index_q <= output_index_q + 16'd1;

  always @(posedge aclk)
    if (!aresetn)
      multiplier_q <= {MULTIPLIER_BITS{1'b0}};
    else if (write & write_address == ADDRESS_OUTPUT_MULTIPLIER)
      multiplier_q <= w_data_q[MULTIPLIER_BITS-1:0];

  wire threshold_written = write & write_address == ADDRESS_THRESHOLD;

  always @(posedge aclk)
    if (!aresetn)
      threshold_index_q <= 16'd0;
    else if (write & write_address == ADDRESS_THRESHOLD_INDEX)
      threshold_index_q <= w_data_q[15:0];
    else if (threshold_written)
      threshold_index_q <= threshold_index_q + 16'd1;

  // --- To the tile ---

  assign enable           = enable_q;
  assign active_bank      = active_bank_q;
  assign layer_rows       = {rows1_q, rows0_q};
  assign layer_outputs    = {outputs1_q, outputs0_q};
  assign layer_policy     = {mode1_q[1:0], mode0_q[1:0]};
  assign layer_raw        = {mode1_q[2], mode0_q[2]};
  assign layer_relu       = {mode1_q[3], mode0_q[3]};
  assign layer_accumulate = {mode1_q[4], mode0_q[4]};
  assign layer_zero_point = {zero_point1_q, zero_point0_q};

  wire [PARAMETER_ADDRESS_BITS-1:0] output_index = { {(PARAMETER_ADDRESS_BITS-OUTPUT_INDEX_BITS){1'b0}}, output_index_q[OUTPUT_INDEX_BITS-1:0]};

  assign parameter_address = window_q ? output_index + CAPACITY_OUTPUTS : output_index;
  assign bias_write        = bias_written;
  assign bias_write_data   = w_data_q[BIAS_BITS-1:0];
  assign scale_write       = scale_written;
  assign scale_write_data  = {w_data_q[5:0], multiplier_q};

  assign threshold_write       = threshold_written;
  assign threshold_write_layer = window_q;
  assign threshold_write_index = threshold_index_q[THRESHOLD_INDEX_BITS-1:0];
  assign threshold_write_data  = w_data_q[THRESHOLD_BITS-1:0];

  assign write_data             = w_data_q;
  assign program_crossbar_write = write & write_address == ADDRESS_PROGRAM_CROSSBAR;
  assign program_row_write      = write & write_address == ADDRESS_PROGRAM_ROW;
  assign program_bitline_write  = write & write_address == ADDRESS_PROGRAM_BITLINE;
  assign program_word_write     = write & write_address == ADDRESS_PROGRAM_WORD;
  assign program_data_write     = write & write_address == ADDRESS_PROGRAM_DATA;
  assign program_start          = write & write_address == ADDRESS_PROGRAM_COMMAND;

  assign interrupt_mask_write    = write & write_address == ADDRESS_INTERRUPT_MASK;
  assign interrupt_pending_write = write & write_address == ADDRESS_INTERRUPT_PENDING;

  assign counter_snapshot = write & write_address == ADDRESS_COUNTER_COMMAND & w_data_q[0];
  assign counter_clear    = write & write_address == ADDRESS_COUNTER_COMMAND & w_data_q[1];

  // --- Read channels ---

  wire       ar_fires            = s_axi_arvalid & s_axi_arready;
  wire [9:0] read_address        = s_axi_araddr[11:2];
  wire       unused_byte_address = &{1'b0, s_axi_araddr[1:0], aw_address_q[1:0]};

  wire       reads_counter = read_address >= ADDRESS_FIRST_COUNTER & read_address <= ADDRESS_LAST_COUNTER;
  wire [3:0] counter_half  = read_address[3:0] - ADDRESS_FIRST_COUNTER[3:0];
  assign counter_read      = counter_half[3:1];
  assign counter_read_high = counter_half[0];

  wire [3:0]              status     = {bank_in_use, program_busy, tile_idle};
  wire [ROWS_BITS-1:0]    rows       = window_q ? rows1_q : rows0_q;
  wire [OUTPUTS_BITS-1:0] outputs    = window_q ? outputs1_q : outputs0_q;
  wire [4:0]              mode       = window_q ? mode1_q : mode0_q;
  wire [OUTPUT_BITS-1:0]  zero_point = window_q ? zero_point1_q : zero_point0_q;

  reg        readable;
  reg [31:0] read_data;
  always @* begin
    readable  = 1'b1;
    read_data = 32'd0;
    case (read_address)
      ADDRESS_ID:                 read_data = 32'h52654479;
      ADDRESS_VERSION:            read_data = 32'd1;
      ADDRESS_CAPACITY_ROWS:      read_data = CAPACITY_ROWS;
      ADDRESS_CAPACITY_OUTPUTS:   read_data = CAPACITY_OUTPUTS;
      ADDRESS_CONTROL:            read_data = {30'd0, active_bank_q, enable_q};
      ADDRESS_STATUS:             read_data = {28'd0, status};
      ADDRESS_ERROR:              read_data = {27'd0, error_q};
      ADDRESS_INTERRUPT_MASK:     read_data = {28'd0, interrupt_mask};
      ADDRESS_INTERRUPT_PENDING:  read_data = {28'd0, interrupt_pending};
      ADDRESS_LAYER_WINDOW:       read_data = {31'd0, window_q};
      ADDRESS_LAYER_ROWS:         read_data = { {(32-ROWS_BITS){1'b0}}, rows};
      ADDRESS_LAYER_OUTPUTS:      read_data = { {(32-OUTPUTS_BITS){1'b0}}, outputs};
      ADDRESS_LAYER_MODE:         read_data = {27'd0, mode};
      ADDRESS_LAYER_ZERO_POINT:   read_data = { {(32-OUTPUT_BITS){1'b0}}, zero_point};
      ADDRESS_OUTPUT_INDEX:       read_data = {16'd0, output_index_q};
      ADDRESS_THRESHOLD_INDEX:    read_data = {16'd0, threshold_index_q};
      ADDRESS_PROGRAM_CROSSBAR:   read_data = {16'd0, program_crossbar};
      ADDRESS_PROGRAM_ROW:        read_data = {16'd0, program_row};
      ADDRESS_PROGRAM_BITLINE:    read_data = {16'd0, program_bitline};
      ADDRESS_PROGRAM_WORD:       read_data = {16'd0, program_word};
      ADDRESS_READBACK:           read_data = { {(32-ADC_BITS){1'b0}}, readback};
      default:
        if (reads_counter)
          read_data = counter_read_data;
        else
          readable = 1'b0;
    endcase
  end

  assign s_axi_arready = !r_valid_q;
  assign s_axi_rvalid  = r_valid_q;
  assign s_axi_rdata   = r_data_q;
  assign s_axi_rresp   = r_response_q;

  always @(posedge aclk)
    if (!aresetn) begin
      r_valid_q    <= 1'b0;
      r_data_q     <= 32'd0;
      r_response_q <= OKAY;
    end else if (ar_fires) begin
      r_valid_q    <= 1'b1;
      r_data_q     <= read_data;
      r_response_q <= readable ? OKAY : SLVERR;
    end else if (s_axi_rready) begin
      r_valid_q <= 1'b0;
    end

`ifdef REDY_ASSERTIONS
  always @(posedge aclk)
    if (aresetn) begin
      a_layers_stay_within_the_tile: assert (rows0_q <= CAPACITY_ROWS & rows1_q <= CAPACITY_ROWS & outputs0_q <= CAPACITY_OUTPUTS & outputs1_q <= CAPACITY_OUTPUTS);
      a_commands_find_the_tile_idle: assert (!program_start | (tile_idle & !program_busy));
    end
`endif

endmodule

`default_nettype wire
