`default_nettype none

// tile: TILE_ROWS x TILE_COLUMNS IMAs between two AXI4-Streams, with AXI4-Lite for everything else.
//
//   s_axis -> stream_input -> activation_buffer -> row_loader (per row) -> ima (per row and column)
//          -> output_stage -> requantiser -> output_packer -> m_axis
//
// A vector of K activations gives N outputs. The IMAs of a row share activations, those of a column share outputs: their results
// add up in the output stage.
//
// The parameters are those of the configuration that the tile was generated from. Sub-modules carry the same values, so a
// parameter cannot be changed here: the checks at the end stop elaboration and name the reason.
// Contract: docs/timing.md, which says what every register does in every clock.

module redy_tile #(
  parameter WORDLINES         = 8,
  parameter BITLINES          = 16,
  parameter CELL_BITS         = 2,
  parameter WEIGHT_BITS       = 8,
  parameter ACTIVATION_BITS   = 8,
  parameter DAC_BITS          = 1,
  parameter ADC_BITS          = 8,
  parameter LSB_SHIFT         = 0,
  parameter ADCS_PER_CROSSBAR = 1,
  parameter ROW_BLOCKS        = 1,
  parameter COLUMN_BLOCKS     = 2,
  parameter LOAD_LANES        = 4,
  parameter TILE_ROWS         = 1,
  parameter TILE_COLUMNS      = 1,
  parameter BUFFER_KIB        = 64,
  parameter STREAM_BYTES      = 32,
  parameter VECTOR_QUEUE      = 8,
  parameter OUTPUT_FIFO       = 4,
  parameter MAX_DROP          = 4,
  parameter OUTPUT_BITS       = 8,
  parameter BIAS_BITS         = 31,
  parameter MULTIPLIER_BITS   = 16,
  parameter SETTLE_CLOCKS     = 1,
  parameter CONVERT_CLOCKS    = 1,
  parameter ADC_LATENCY       = 1,
  parameter DPU_LATENCY       = 1,
  parameter PROGRAM_CLOCKS    = 4,
  parameter COUNTER_BITS      = 48
) (
  input  wire                      aclk,
  input  wire                      aresetn,

  // Activations in.
  input  wire [8*STREAM_BYTES-1:0] s_axis_tdata,
  input  wire [STREAM_BYTES-1:0]   s_axis_tkeep,
  input  wire                      s_axis_tvalid,
  input  wire                      s_axis_tlast,

  // Partial sums in, for layers that accumulate.
  input  wire [8*STREAM_BYTES-1:0] s_axis_partial_tdata,
  input  wire                      s_axis_partial_tvalid,
  input  wire                      s_axis_partial_tlast,

  input  wire                      m_axis_tready,

  // Registers.
  input  wire [11:0]               s_axi_awaddr,
  input  wire                      s_axi_awvalid,
  input  wire [31:0]               s_axi_wdata,
  input  wire [3:0]                s_axi_wstrb,
  input  wire                      s_axi_wvalid,
  input  wire                      s_axi_bready,
  input  wire [11:0]               s_axi_araddr,
  input  wire                      s_axi_arvalid,
  input  wire                      s_axi_rready,

  output wire                      s_axis_tready,
  output wire                      s_axis_partial_tready,

  // Outputs: requantised values or raw accumulators.
  output wire [8*STREAM_BYTES-1:0] m_axis_tdata,
  output wire [STREAM_BYTES-1:0]   m_axis_tkeep,
  output wire                      m_axis_tvalid,
  output wire                      m_axis_tlast,

  output wire                      s_axi_awready,
  output wire                      s_axi_wready,
  output wire [1:0]                s_axi_bresp,
  output wire                      s_axi_bvalid,
  output wire                      s_axi_arready,
  output wire [31:0]               s_axi_rdata,
  output wire [1:0]                s_axi_rresp,
  output wire                      s_axi_rvalid,

  output wire                      interrupt
);

  localparam IMAS                 = TILE_ROWS * TILE_COLUMNS;
  localparam CROSSBARS_PER_IMA    = ROW_BLOCKS * COLUMN_BLOCKS;
  localparam CROSSBARS            = IMAS * CROSSBARS_PER_IMA;
  localparam GROUPS               = TILE_ROWS * ROW_BLOCKS;
  localparam ROWS_PER_TILE_ROW    = ROW_BLOCKS * WORDLINES;
  localparam ACTIVATIONS_PER_BEAT = 32;
  localparam LANES                = 4;

  localparam ROWS_BITS            = 4;
  localparam OUTPUTS_BITS         = 4;
  localparam POSITION_BITS        = 6;
  localparam ADDRESS_BITS         = 11;
  localparam CHUNK_BITS           = 3;
  localparam BLOCK_BITS           = 1;
  localparam COLUMN_BLOCK_BITS    = 1;
  localparam COLUMN_BITS          = 1;
  localparam WORD_INDEX_BITS      = 1;
  localparam ENTRY_BITS           = 2;
  localparam WORDLINE_BITS        = 3;
  localparam OFFSET_BITS          = 4;
  localparam OUTPUT_INDEX_BITS    = 3;
  localparam PARAMETER_BITS       = 4;
  localparam THRESHOLD_BITS       = 9;
  localparam THRESHOLD_INDEX_BITS = 2;
  localparam IMA_RESULT_BITS      = 19;
  localparam ACCUMULATOR_BITS     = 19;
  localparam BIASED_BITS          = 32;
  localparam RAW_OUTPUT_BITS      = 32;
  localparam SCALE_BITS           = 6 + MULTIPLIER_BITS;

  localparam STREAMED_BITS        = 1;
  localparam SKIPPED_BITS         = 4;
  localparam STEPS_BITS           = 2;
  localparam CONVERSION_BITS      = 2;

  // --- Layer registers, field l of layer bank l, and the state of the tile ---

  wire                        enable;
  wire                        active_bank;
  wire [2*ROWS_BITS-1:0]      layer_rows;
  wire [2*OUTPUTS_BITS-1:0]   layer_outputs;
  wire [3:0]                  layer_policy;
  wire [1:0]                  layer_raw;
  wire [1:0]                  layer_relu;
  wire [1:0]                  layer_accumulate;
  wire [2*OUTPUT_BITS-1:0]    layer_zero_point;

  wire [PARAMETER_BITS-1:0]   parameter_address;
  wire                        bias_write;
  wire [BIAS_BITS-1:0]        bias_write_data;
  wire                        scale_write;
  wire [SCALE_BITS-1:0]       scale_write_data;

  wire                            threshold_write;
  wire                            threshold_write_layer;
  wire [THRESHOLD_INDEX_BITS-1:0] threshold_write_index;
  wire [THRESHOLD_BITS-1:0]       threshold_write_data;

  wire [31:0]                 write_data;
  wire                        program_crossbar_write;
  wire                        program_row_write;
  wire                        program_bitline_write;
  wire                        program_word_write;
  wire                        program_data_write;
  wire                        program_start;
  wire [15:0]                 program_crossbar;
  wire [15:0]                 program_row_register;
  wire [15:0]                 program_bitline;
  wire [15:0]                 program_word;
  wire                        program_target_in_range;
  wire                        program_word_in_range;
  wire                        program_busy;
  wire                        program_done;
  wire [ADC_BITS-1:0]         readback;

  wire                        interrupt_mask_write;
  wire                        interrupt_pending_write;
  wire [3:0]                  interrupt_mask;
  wire [3:0]                  interrupt_pending;

  wire                        counter_snapshot;
  wire                        counter_clear;
  wire [2:0]                  counter_read;
  wire                        counter_read_high;
  wire [31:0]                 counter_read_data;

  wire                        tile_idle;
  wire [1:0]                  bank_in_use;
  wire                        stream_error;
  wire                        partial_error;
  wire                        error_event;
  wire                        vector_done;
  wire                        vector_done_layer;

  redy_register_file register_file (
    .aclk                    (aclk),
    .aresetn                 (aresetn),
    .s_axi_awaddr            (s_axi_awaddr),
    .s_axi_awvalid           (s_axi_awvalid),
    .s_axi_awready           (s_axi_awready),
    .s_axi_wdata             (s_axi_wdata),
    .s_axi_wstrb             (s_axi_wstrb),
    .s_axi_wvalid            (s_axi_wvalid),
    .s_axi_wready            (s_axi_wready),
    .s_axi_bresp             (s_axi_bresp),
    .s_axi_bvalid            (s_axi_bvalid),
    .s_axi_bready            (s_axi_bready),
    .s_axi_araddr            (s_axi_araddr),
    .s_axi_arvalid           (s_axi_arvalid),
    .s_axi_arready           (s_axi_arready),
    .s_axi_rdata             (s_axi_rdata),
    .s_axi_rresp             (s_axi_rresp),
    .s_axi_rvalid            (s_axi_rvalid),
    .s_axi_rready            (s_axi_rready),
    .enable                  (enable),
    .active_bank             (active_bank),
    .layer_rows              (layer_rows),
    .layer_outputs           (layer_outputs),
    .layer_policy            (layer_policy),
    .layer_raw               (layer_raw),
    .layer_relu              (layer_relu),
    .layer_accumulate        (layer_accumulate),
    .layer_zero_point        (layer_zero_point),
    .parameter_address       (parameter_address),
    .bias_write              (bias_write),
    .bias_write_data         (bias_write_data),
    .scale_write             (scale_write),
    .scale_write_data        (scale_write_data),
    .threshold_write         (threshold_write),
    .threshold_write_layer   (threshold_write_layer),
    .threshold_write_index   (threshold_write_index),
    .threshold_write_data    (threshold_write_data),
    .write_data              (write_data),
    .program_crossbar_write  (program_crossbar_write),
    .program_row_write       (program_row_write),
    .program_bitline_write   (program_bitline_write),
    .program_word_write      (program_word_write),
    .program_data_write      (program_data_write),
    .program_start           (program_start),
    .program_crossbar        (program_crossbar),
    .program_row             (program_row_register),
    .program_bitline         (program_bitline),
    .program_word            (program_word),
    .program_target_in_range (program_target_in_range),
    .program_word_in_range   (program_word_in_range),
    .program_busy            (program_busy),
    .readback                (readback),
    .interrupt_mask_write    (interrupt_mask_write),
    .interrupt_pending_write (interrupt_pending_write),
    .interrupt_mask          (interrupt_mask),
    .interrupt_pending       (interrupt_pending),
    .error_event             (error_event),
    .counter_snapshot        (counter_snapshot),
    .counter_clear           (counter_clear),
    .counter_read            (counter_read),
    .counter_read_high       (counter_read_high),
    .counter_read_data       (counter_read_data),
    .tile_idle               (tile_idle),
    .bank_in_use             (bank_in_use),
    .stream_error            (stream_error),
    .partial_error           (partial_error)
  );

  redy_interrupt_controller interrupt_controller (
    .aclk          (aclk),
    .aresetn       (aresetn),
    .mask_write    (interrupt_mask_write),
    .pending_write (interrupt_pending_write),
    .write_data    (write_data[3:0]),
    .mask          (interrupt_mask),
    .pending       (interrupt_pending),
    .vector_done   (vector_done),
    .tile_idle     (tile_idle),
    .program_done  (program_done),
    .error         (error_event),
    .interrupt     (interrupt)
  );

  // --- Weight programming: select is one-hot over all crossbars ---

  wire [CROSSBARS-1:0]          program_select;
  wire                          program_strobe;
  wire                          flip_strobe;
  wire                          readback_request;
  wire [WORDLINE_BITS-1:0]      program_row;
  wire [BITLINES*CELL_BITS-1:0] program_data;
  wire [OFFSET_BITS-1:0]        readback_offset;
  wire [IMAS-1:0]               ima_program_busy;
  wire [IMAS-1:0]               ima_readback_valid;
  wire [IMAS*ADC_BITS-1:0]      ima_readback_code;

  redy_weight_programmer weight_programmer (
    .aclk             (aclk),
    .aresetn          (aresetn),
    .crossbar_write   (program_crossbar_write),
    .row_write        (program_row_write),
    .bitline_write    (program_bitline_write),
    .word_write       (program_word_write),
    .data_write       (program_data_write),
    .write_data       (write_data),
    .start            (program_start),
    .command          (write_data[1:0]),
    .crossbar         (program_crossbar),
    .row              (program_row_register),
    .bitline          (program_bitline),
    .word             (program_word),
    .target_in_range  (program_target_in_range),
    .word_in_range    (program_word_in_range),
    .busy             (program_busy),
    .done             (program_done),
    .readback         (readback),
    .program_select   (program_select),
    .program_strobe   (program_strobe),
    .flip_strobe      (flip_strobe),
    .readback_request (readback_request),
    .program_row      (program_row),
    .program_data     (program_data),
    .readback_offset  (readback_offset),
    .program_busy     (ima_program_busy),
    .readback_valid   (ima_readback_valid),
    .readback_code    (ima_readback_code)
  );

  // --- From the stream to the input registers ---

  wire                                            buffer_write;
  wire [ADDRESS_BITS-1:0]                         buffer_write_address;
  wire [ACTIVATIONS_PER_BEAT*ACTIVATION_BITS-1:0] buffer_write_data;
  wire                                            buffer_read;
  wire [ADDRESS_BITS-1:0]                         buffer_read_address;
  wire [ACTIVATIONS_PER_BEAT*ACTIVATION_BITS-1:0] buffer_read_data;

  wire                                            queue_full;
  wire                                            push;
  wire                                            push_bank;
  wire [ADDRESS_BITS-1:0]                         push_end;
  wire                                            mid_packet;
  wire                                            packet_bank;
  wire                                            load_waiting;
  wire                                            load_layer;
  wire [ADDRESS_BITS-1:0]                         load_end;
  wire                                            load_done;
  wire                                            drain_waiting;
  wire                                            drain_waiting_layer;
  wire                                            drain_done;

  wire                                            load_start;
  wire                                            load_active;
  wire [ADDRESS_BITS-1:0]                         load_base;
  wire [TILE_ROWS-1:0]                            row_active;
  wire [TILE_ROWS-1:0]                            row_request;
  wire [TILE_ROWS*ADDRESS_BITS-1:0]               row_request_address;
  wire [TILE_ROWS-1:0]                            row_grant;

  redy_stream_input stream_input (
    .aclk          (aclk),
    .aresetn       (aresetn),
    .s_axis_tdata  (s_axis_tdata),
    .s_axis_tkeep  (s_axis_tkeep),
    .s_axis_tvalid (s_axis_tvalid),
    .s_axis_tready (s_axis_tready),
    .s_axis_tlast  (s_axis_tlast),
    .enable        (enable),
    .active_bank   (active_bank),
    .layer_rows    (layer_rows),
    .layer_outputs (layer_outputs),
    .program_busy  (program_busy | program_start),
    .base          (load_base),
    .write_enable  (buffer_write),
    .write_address (buffer_write_address),
    .write_data    (buffer_write_data),
    .queue_full    (queue_full),
    .push          (push),
    .push_bank     (push_bank),
    .push_end      (push_end),
    .stream_error  (stream_error),
    .mid_packet    (mid_packet),
    .packet_bank   (packet_bank)
  );

  redy_activation_buffer activation_buffer (
    .aclk          (aclk),
    .write_enable  (buffer_write),
    .write_address (buffer_write_address),
    .write_data    (buffer_write_data),
    .read_enable   (buffer_read),
    .read_address  (buffer_read_address),
    .read_data     (buffer_read_data)
  );

  redy_vector_queue vector_queue (
    .aclk             (aclk),
    .aresetn          (aresetn),
    .push             (push),
    .push_bank        (push_bank),
    .push_end         (push_end),
    .full             (queue_full),
    .load_waiting     (load_waiting),
    .load_bank        (load_layer),
    .load_end         (load_end),
    .load_done        (load_done),
    .drain_waiting    (drain_waiting),
    .drain_bank       (drain_waiting_layer),
    .drain_done       (drain_done),
    .vector_done      (vector_done),
    .vector_done_bank (vector_done_layer),
    .mid_packet       (mid_packet),
    .packet_bank      (packet_bank),
    .bank_in_use      (bank_in_use),
    .tile_idle        (tile_idle)
  );

  redy_load_sequencer load_sequencer (
    .aclk            (aclk),
    .aresetn         (aresetn),
    .load_waiting    (load_waiting),
    .load_end        (load_end),
    .load_done       (load_done),
    .start           (load_start),
    .row_active      (row_active),
    .request         (row_request),
    .request_address (row_request_address),
    .grant           (row_grant),
    .read_enable     (buffer_read),
    .read_address    (buffer_read_address),
    .active          (load_active),
    .base            (load_base)
  );

  // --- The IMAs ---

  wire [2*GROUPS-1:0]                  group_used;
  wire                                 drain_layer;
  wire [COLUMN_BLOCK_BITS-1:0]         drain_block;
  wire [ENTRY_BITS-1:0]                drain_entry;
  wire [TILE_COLUMNS-1:0]              drain_read;
  wire [TILE_COLUMNS-1:0]              drain_sum;
  wire                                 drain_release;
  wire [2*IMAS-1:0]                    drain_ready;
  wire [IMAS*IMA_RESULT_BITS-1:0]      results;

  wire [IMAS*STREAMED_BITS-1:0]        event_streamed;
  wire [IMAS*SKIPPED_BITS-1:0]         event_skipped;
  wire [IMAS*STEPS_BITS-1:0]           event_steps;
  wire [IMAS*CONVERSION_BITS-1:0]      event_conversions;
  wire [IMAS*CONVERSION_BITS-1:0]      event_saturations;
  wire [IMAS-1:0]                      ima_busy;

  wire [TILE_ROWS-1:0]                 column0_busy;
  wire [TILE_ROWS*STREAMED_BITS-1:0]   column0_streamed;
  wire [TILE_ROWS*SKIPPED_BITS-1:0]    column0_skipped;

  genvar r;
  genvar c;
  generate
    for (r = 0; r < TILE_ROWS; r = r + 1) begin : g_row

      // Where the row's activations begin and end in a vector, and in which beat and word of it.
      localparam FIRST_POSITION      = r * ROWS_PER_TILE_ROW;
      localparam END_POSITION        = FIRST_POSITION + ROWS_PER_TILE_ROW;
      localparam FIRST_BEAT          = FIRST_POSITION / ACTIVATIONS_PER_BEAT;
      localparam FIRST_BEAT_POSITION = FIRST_BEAT * ACTIVATIONS_PER_BEAT;
      localparam FIRST_CHUNK         = (FIRST_POSITION - FIRST_BEAT_POSITION) / LANES;

      wire                                load_valid;
      wire [BLOCK_BITS-1:0]               load_bus_block;
      wire [WORD_INDEX_BITS-1:0]          load_bus_word;
      wire                                load_bus_first;
      wire                                load_bus_last;
      wire                                load_bus_layer;
      wire [LANES*ACTIVATION_BITS-1:0]    load_bus_data;
      wire [2*TILE_COLUMNS-1:0]           layer_active;
      wire [TILE_COLUMNS*ROW_BLOCKS-1:0]  block_free;
      wire [MAX_DROP*THRESHOLD_BITS-1:0]  thresholds;

      redy_row_loader row_loader (
        .aclk                (aclk),
        .aresetn             (aresetn),
        .first_position      (FIRST_POSITION[POSITION_BITS-1:0]),
        .end_position        (END_POSITION[POSITION_BITS-1:0]),
        .first_beat          (FIRST_BEAT[ADDRESS_BITS-1:0]),
        .first_beat_position (FIRST_BEAT_POSITION[POSITION_BITS-1:0]),
        .first_chunk         (FIRST_CHUNK[CHUNK_BITS-1:0]),
        .start               (load_start),
        .base                (load_base),
        .layer               (load_layer),
        .layer_rows          (layer_rows),
        .active              (row_active[r]),
        .request             (row_request[r]),
        .request_address     (row_request_address[r*ADDRESS_BITS +: ADDRESS_BITS]),
        .grant               (row_grant[r]),
        .read_data           (buffer_read_data),
        .layer_active        (layer_active),
        .block_free          (block_free),
        .load_valid          (load_valid),
        .load_block          (load_bus_block),
        .load_word           (load_bus_word),
        .load_first          (load_bus_first),
        .load_last           (load_bus_last),
        .load_layer          (load_bus_layer),
        .load_data           (load_bus_data)
      );

      localparam FIRST_THRESHOLD = r * ROW_BLOCKS * MAX_DROP;

      redy_threshold_registers threshold_registers (
        .aclk        (aclk),
        .aresetn     (aresetn),
        .first_index (FIRST_THRESHOLD[THRESHOLD_INDEX_BITS-1:0]),
        .write       (threshold_write),
        .write_layer (threshold_write_layer),
        .write_index (threshold_write_index),
        .write_data  (threshold_write_data),
        .load_valid  (load_valid),
        .load_last   (load_bus_last),
        .load_layer  (load_bus_layer),
        .load_block  (load_bus_block),
        .thresholds  (thresholds)
      );

      for (c = 0; c < TILE_COLUMNS; c = c + 1) begin : g_column
        localparam IMA    = r * TILE_COLUMNS + c;
        localparam COLUMN = c;

        redy_ima ima (
          .aclk               (aclk),
          .aresetn            (aresetn),
          .column_index       (COLUMN[COLUMN_BITS-1:0]),
          .layer_outputs      (layer_outputs),
          .layer_policy       (layer_policy),
          .group_used         ({group_used[GROUPS + r*ROW_BLOCKS +: ROW_BLOCKS], group_used[r*ROW_BLOCKS +: ROW_BLOCKS]}),
          .load_valid         (load_valid),
          .load_block         (load_bus_block),
          .load_word          (load_bus_word),
          .load_first         (load_bus_first),
          .load_last          (load_bus_last),
          .load_layer         (load_bus_layer),
          .load_data          (load_bus_data),
          .thresholds         (thresholds),
          .layer_active       (layer_active[2*c +: 2]),
          .block_free         (block_free[c*ROW_BLOCKS +: ROW_BLOCKS]),
          .drain_ready        (drain_ready[2*IMA +: 2]),
          .drain_read         (drain_read[c]),
          .drain_layer        (drain_layer),
          .drain_block        (drain_block),
          .drain_entry        (drain_entry),
          .drain_sum          (drain_sum[c]),
          .drain_release      (drain_release),
          .result             (results[IMA*IMA_RESULT_BITS +: IMA_RESULT_BITS]),
          .program_select     (program_select[IMA*CROSSBARS_PER_IMA +: CROSSBARS_PER_IMA]),
          .program_strobe     (program_strobe),
          .flip_strobe        (flip_strobe),
          .readback_request   (readback_request),
          .program_row        (program_row),
          .program_data       (program_data),
          .readback_offset    (readback_offset),
          .program_busy       (ima_program_busy[IMA]),
          .readback_valid     (ima_readback_valid[IMA]),
          .readback_code      (ima_readback_code[IMA*ADC_BITS +: ADC_BITS]),
          .event_streamed     (event_streamed[IMA*STREAMED_BITS +: STREAMED_BITS]),
          .event_skipped      (event_skipped[IMA*SKIPPED_BITS +: SKIPPED_BITS]),
          .event_steps        (event_steps[IMA*STEPS_BITS +: STEPS_BITS]),
          .event_conversions  (event_conversions[IMA*CONVERSION_BITS +: CONVERSION_BITS]),
          .event_saturations  (event_saturations[IMA*CONVERSION_BITS +: CONVERSION_BITS]),
          .busy               (ima_busy[IMA])
        );
      end

      assign column0_busy[r] = ima_busy[r*TILE_COLUMNS];
      assign column0_streamed[r*STREAMED_BITS +: STREAMED_BITS] = event_streamed[r*TILE_COLUMNS*STREAMED_BITS +: STREAMED_BITS];
      assign column0_skipped[r*SKIPPED_BITS +: SKIPPED_BITS] = event_skipped[r*TILE_COLUMNS*SKIPPED_BITS +: SKIPPED_BITS];
    end
  endgenerate

  // Groups are counted once, in column 0.
  wire unused_columns = &{1'b0, ima_busy, event_streamed, event_skipped};

  // --- From the output registers to the stream ---

  wire                         advance;
  wire                         packer_ready;
  wire                         partial_valid;
  wire [BIASED_BITS-1:0]       partial_value;
  wire                         bias_read;
  wire                         bias_read_layer;
  wire [OUTPUT_INDEX_BITS-1:0] bias_read_index;
  wire                         scale_read;
  wire                         scale_read_layer;
  wire [OUTPUT_INDEX_BITS-1:0] scale_read_index;
  wire [ACCUMULATOR_BITS-1:0]  total;
  wire [BIAS_BITS-1:0]         bias;
  wire [SCALE_BITS-1:0]        scale;
  wire                         s3_valid;
  wire                         s3_last;
  wire                         s3_layer;
  wire                         s4_valid;
  wire                         s4_layer;
  wire                         s5_valid;
  wire                         s5_layer;
  wire                         s6_valid;
  wire                         s6_last;
  wire                         s6_layer;
  wire [RAW_OUTPUT_BITS-1:0]   value;

  redy_output_stage output_stage (
    .aclk              (aclk),
    .aresetn           (aresetn),
    .layer_rows        (layer_rows),
    .layer_outputs     (layer_outputs),
    .layer_accumulate  (layer_accumulate),
    .queue_drain_valid (drain_waiting),
    .queue_drain_layer (drain_waiting_layer),
    .drain_ready       (drain_ready),
    .packer_ready      (packer_ready),
    .partial_valid     (partial_valid),
    .results           (results),
    .group_used        (group_used),
    .advance           (advance),
    .drain_layer       (drain_layer),
    .drain_block       (drain_block),
    .drain_entry       (drain_entry),
    .drain_read        (drain_read),
    .drain_sum         (drain_sum),
    .drain_release     (drain_release),
    .drain_done        (drain_done),
    .bias_read         (bias_read),
    .bias_read_layer   (bias_read_layer),
    .bias_read_index   (bias_read_index),
    .scale_read        (scale_read),
    .scale_read_layer  (scale_read_layer),
    .scale_read_index  (scale_read_index),
    .total             (total),
    .s3_valid          (s3_valid),
    .s3_last           (s3_last),
    .s3_layer          (s3_layer),
    .s4_valid          (s4_valid),
    .s4_layer          (s4_layer),
    .s5_valid          (s5_valid),
    .s5_layer          (s5_layer),
    .s6_valid          (s6_valid),
    .s6_last           (s6_last),
    .s6_layer          (s6_layer),
    .vector_done       (vector_done),
    .vector_done_layer (vector_done_layer)
  );

  redy_output_parameters output_parameters (
    .aclk             (aclk),
    .write_address    (parameter_address),
    .bias_write       (bias_write),
    .bias_write_data  (bias_write_data),
    .scale_write      (scale_write),
    .scale_write_data (scale_write_data),
    .bias_read        (bias_read),
    .bias_read_layer  (bias_read_layer),
    .bias_read_index  (bias_read_index),
    .scale_read       (scale_read),
    .scale_read_layer (scale_read_layer),
    .scale_read_index (scale_read_index),
    .bias             (bias),
    .scale            (scale)
  );

  redy_partial_input partial_input (
    .aclk                  (aclk),
    .aresetn               (aresetn),
    .s_axis_partial_tdata  (s_axis_partial_tdata),
    .s_axis_partial_tvalid (s_axis_partial_tvalid),
    .s_axis_partial_tready (s_axis_partial_tready),
    .s_axis_partial_tlast  (s_axis_partial_tlast),
    .take                  (s3_valid & layer_accumulate[s3_layer] & advance),
    .take_last             (s3_last),
    .partial_valid         (partial_valid),
    .partial_value         (partial_value),
    .partial_error         (partial_error)
  );

  redy_requantiser requantiser (
    .aclk             (aclk),
    .aresetn          (aresetn),
    .advance          (advance),
    .total            (total),
    .bias             (bias),
    .scale            (scale),
    .partial_value    (partial_value),
    .s3_valid         (s3_valid),
    .s3_layer         (s3_layer),
    .s4_valid         (s4_valid),
    .s4_layer         (s4_layer),
    .s5_valid         (s5_valid),
    .s5_layer         (s5_layer),
    .layer_raw        (layer_raw),
    .layer_relu       (layer_relu),
    .layer_accumulate (layer_accumulate),
    .layer_zero_point (layer_zero_point),
    .value            (value)
  );

  redy_output_packer output_packer (
    .aclk          (aclk),
    .aresetn       (aresetn),
    .take          (s6_valid & advance),
    .last          (s6_last),
    .raw           (layer_raw[s6_layer]),
    .value         (value),
    .packer_ready  (packer_ready),
    .m_axis_tdata  (m_axis_tdata),
    .m_axis_tkeep  (m_axis_tkeep),
    .m_axis_tvalid (m_axis_tvalid),
    .m_axis_tready (m_axis_tready),
    .m_axis_tlast  (m_axis_tlast)
  );

  redy_performance_counters performance_counters (
    .aclk             (aclk),
    .aresetn          (aresetn),
    .snapshot         (counter_snapshot),
    .clear            (counter_clear),
    .read_counter     (counter_read),
    .read_high        (counter_read_high),
    .read_data        (counter_read_data),
    .load_active      (load_active),
    .vector_done      (vector_done),
    .column0_busy     (column0_busy),
    .column0_streamed (column0_streamed),
    .column0_skipped  (column0_skipped),
    .steps            (event_steps),
    .conversions      (event_conversions),
    .saturations      (event_saturations)
  );

  // --- Elaboration checks: a module that does not exist, named for the reason, stops every tool ---

  generate
    if (!(WORDLINES >= 4 && WORDLINES <= 512)) begin : g_crossbar_wordlines_out_of_range
      crossbar_wordlines_out_of_range error ();
    end
    if (!(BITLINES >= 4 && BITLINES <= 512)) begin : g_crossbar_bitlines_out_of_range
      crossbar_bitlines_out_of_range error ();
    end
    if (!(CELL_BITS >= 1 && CELL_BITS <= 4)) begin : g_cell_bits_out_of_range
      cell_bits_out_of_range error ();
    end
    if (!(WEIGHT_BITS >= 2 && WEIGHT_BITS <= 16)) begin : g_weights_bits_out_of_range
      weights_bits_out_of_range error ();
    end
    if (!(ACTIVATION_BITS >= 1 && ACTIVATION_BITS <= 16)) begin : g_activations_bits_out_of_range
      activations_bits_out_of_range error ();
    end
    if (!(DAC_BITS >= 1 && DAC_BITS <= 4)) begin : g_dac_bits_out_of_range
      dac_bits_out_of_range error ();
    end
    if (!(ADC_BITS >= 1 && ADC_BITS <= 16)) begin : g_adc_bits_out_of_range
      adc_bits_out_of_range error ();
    end
    if (!(LSB_SHIFT >= 0 && LSB_SHIFT <= 15)) begin : g_adc_lsb_shift_out_of_range
      adc_lsb_shift_out_of_range error ();
    end
    if (!(ADCS_PER_CROSSBAR >= 1 && ADCS_PER_CROSSBAR <= 16)) begin : g_adc_per_crossbar_out_of_range
      adc_per_crossbar_out_of_range error ();
    end
    if (!(ROW_BLOCKS >= 1 && ROW_BLOCKS <= 16)) begin : g_ima_row_blocks_out_of_range
      ima_row_blocks_out_of_range error ();
    end
    if (!(COLUMN_BLOCKS >= 1 && COLUMN_BLOCKS <= 16)) begin : g_ima_column_blocks_out_of_range
      ima_column_blocks_out_of_range error ();
    end
    if (!(LOAD_LANES >= 1 && LOAD_LANES <= 64)) begin : g_ima_load_lanes_out_of_range
      ima_load_lanes_out_of_range error ();
    end
    if (!(TILE_ROWS >= 1 && TILE_ROWS <= 8)) begin : g_tile_rows_out_of_range
      tile_rows_out_of_range error ();
    end
    if (!(TILE_COLUMNS >= 1 && TILE_COLUMNS <= 8)) begin : g_tile_columns_out_of_range
      tile_columns_out_of_range error ();
    end
    if (!(BUFFER_KIB >= 1 && BUFFER_KIB <= 4096)) begin : g_tile_buffer_kib_out_of_range
      tile_buffer_kib_out_of_range error ();
    end
    if (!(STREAM_BYTES >= 1 && STREAM_BYTES <= 128)) begin : g_tile_stream_bytes_out_of_range
      tile_stream_bytes_out_of_range error ();
    end
    if (!(VECTOR_QUEUE >= 2 && VECTOR_QUEUE <= 64)) begin : g_tile_vector_queue_out_of_range
      tile_vector_queue_out_of_range error ();
    end
    if (!(OUTPUT_FIFO >= 2 && OUTPUT_FIFO <= 64)) begin : g_tile_output_fifo_out_of_range
      tile_output_fifo_out_of_range error ();
    end
    if (!(MAX_DROP >= 0 && MAX_DROP <= 15)) begin : g_precision_max_drop_out_of_range
      precision_max_drop_out_of_range error ();
    end
    if (!(OUTPUT_BITS >= 1 && OUTPUT_BITS <= 16)) begin : g_outputs_bits_out_of_range
      outputs_bits_out_of_range error ();
    end
    if (!(BIAS_BITS >= 2 && BIAS_BITS <= 32)) begin : g_outputs_bias_bits_out_of_range
      outputs_bias_bits_out_of_range error ();
    end
    if (!(MULTIPLIER_BITS >= 1 && MULTIPLIER_BITS <= 31)) begin : g_outputs_multiplier_bits_out_of_range
      outputs_multiplier_bits_out_of_range error ();
    end
    if (!(SETTLE_CLOCKS >= 1 && SETTLE_CLOCKS <= 64)) begin : g_timing_settle_clocks_out_of_range
      timing_settle_clocks_out_of_range error ();
    end
    if (!(CONVERT_CLOCKS >= 1 && CONVERT_CLOCKS <= 64)) begin : g_timing_convert_clocks_out_of_range
      timing_convert_clocks_out_of_range error ();
    end
    if (!(ADC_LATENCY >= 1 && ADC_LATENCY <= 16)) begin : g_timing_adc_latency_out_of_range
      timing_adc_latency_out_of_range error ();
    end
    if (!(DPU_LATENCY >= 1 && DPU_LATENCY <= 16)) begin : g_timing_dpu_latency_out_of_range
      timing_dpu_latency_out_of_range error ();
    end
    if (!(PROGRAM_CLOCKS >= 1 && PROGRAM_CLOCKS <= 255)) begin : g_timing_program_clocks_out_of_range
      timing_program_clocks_out_of_range error ();
    end
    if (!(COUNTER_BITS >= 8 && COUNTER_BITS <= 64)) begin : g_rtl_counter_bits_out_of_range
      rtl_counter_bits_out_of_range error ();
    end
    if (!(BITLINES >= ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS))) begin : g_crossbar_bitlines_hold_no_output
      crossbar_bitlines_hold_no_output error ();
    end
    if (!((BITLINES / ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS) * ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS)) == 0 || ((BITLINES / ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS) * ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS)) + ((BITLINES / ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS) * ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS)) + ADCS_PER_CROSSBAR - 1) / ADCS_PER_CROSSBAR - 1) / (((BITLINES / ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS) * ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS)) + ADCS_PER_CROSSBAR - 1) / ADCS_PER_CROSSBAR) == ADCS_PER_CROSSBAR)) begin : g_adc_has_no_bitline
      adc_has_no_bitline error ();
    end
    if (!(STREAM_BYTES % ((ACTIVATION_BITS + 7) / 8) == 0)) begin : g_stream_beat_splits_an_activation
      stream_beat_splits_an_activation error ();
    end
    if (!(STREAM_BYTES % ((OUTPUT_BITS + 7) / 8) == 0)) begin : g_stream_beat_splits_an_output
      stream_beat_splits_an_output error ();
    end
    if (!(STREAM_BYTES % (BIAS_BITS > 31 || ((64'd1 << (((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS) * CELL_BITS)) - (64'd1 << (WEIGHT_BITS - 1))) * ((64'd1 << ACTIVATION_BITS) - 64'd1) * (TILE_ROWS * ROW_BLOCKS * WORDLINES) >= (64'd1 << 30) ? 8 : 4) == 0)) begin : g_stream_beat_splits_a_raw_accumulator
      stream_beat_splits_a_raw_accumulator error ();
    end
    if (!((STREAM_BYTES / ((ACTIVATION_BITS + 7) / 8)) == 0 || (TILE_ROWS * ROW_BLOCKS * WORDLINES + (STREAM_BYTES / ((ACTIVATION_BITS + 7) / 8)) - 1) / (STREAM_BYTES / ((ACTIVATION_BITS + 7) / 8)) + 1 <= BUFFER_KIB * 1024 / STREAM_BYTES)) begin : g_buffer_holds_no_vector
      buffer_holds_no_vector error ();
    end
    if (!(BIAS_BITS + MULTIPLIER_BITS <= 62 && ((64'd1 << (((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS) * CELL_BITS)) - (64'd1 << (WEIGHT_BITS - 1))) * ((64'd1 << ACTIVATION_BITS) - 64'd1) * (TILE_ROWS * ROW_BLOCKS * WORDLINES) < (64'd1 << (61 - MULTIPLIER_BITS)))) begin : g_product_exceeds_63_bits
      product_exceeds_63_bits error ();
    end
    if (!(TILE_COLUMNS * COLUMN_BLOCKS * (BITLINES / ((WEIGHT_BITS + CELL_BITS - 1) / CELL_BITS)) <= 65535)) begin : g_output_index_exceeds_16_bits
      output_index_exceeds_16_bits error ();
    end
    if (!(MAX_DROP < ACTIVATION_BITS)) begin : g_max_drop_leaves_no_activation_bit
      max_drop_leaves_no_activation_bit error ();
    end

    // Legal, but not what the modules below were generated for.
    if (WORDLINES != 8) begin : g_wordlines_overridden
      wordlines_was_overridden_generate_the_tile_again error ();
    end
    if (BITLINES != 16) begin : g_bitlines_overridden
      bitlines_was_overridden_generate_the_tile_again error ();
    end
    if (CELL_BITS != 2) begin : g_cell_bits_overridden
      cell_bits_was_overridden_generate_the_tile_again error ();
    end
    if (WEIGHT_BITS != 8) begin : g_weight_bits_overridden
      weight_bits_was_overridden_generate_the_tile_again error ();
    end
    if (ACTIVATION_BITS != 8) begin : g_activation_bits_overridden
      activation_bits_was_overridden_generate_the_tile_again error ();
    end
    if (DAC_BITS != 1) begin : g_dac_bits_overridden
      dac_bits_was_overridden_generate_the_tile_again error ();
    end
    if (ADC_BITS != 8) begin : g_adc_bits_overridden
      adc_bits_was_overridden_generate_the_tile_again error ();
    end
    if (LSB_SHIFT != 0) begin : g_lsb_shift_overridden
      lsb_shift_was_overridden_generate_the_tile_again error ();
    end
    if (ADCS_PER_CROSSBAR != 1) begin : g_adcs_per_crossbar_overridden
      adcs_per_crossbar_was_overridden_generate_the_tile_again error ();
    end
    if (ROW_BLOCKS != 1) begin : g_row_blocks_overridden
      row_blocks_was_overridden_generate_the_tile_again error ();
    end
    if (COLUMN_BLOCKS != 2) begin : g_column_blocks_overridden
      column_blocks_was_overridden_generate_the_tile_again error ();
    end
    if (LOAD_LANES != 4) begin : g_load_lanes_overridden
      load_lanes_was_overridden_generate_the_tile_again error ();
    end
    if (TILE_ROWS != 1) begin : g_tile_rows_overridden
      tile_rows_was_overridden_generate_the_tile_again error ();
    end
    if (TILE_COLUMNS != 1) begin : g_tile_columns_overridden
      tile_columns_was_overridden_generate_the_tile_again error ();
    end
    if (BUFFER_KIB != 64) begin : g_buffer_kib_overridden
      buffer_kib_was_overridden_generate_the_tile_again error ();
    end
    if (STREAM_BYTES != 32) begin : g_stream_bytes_overridden
      stream_bytes_was_overridden_generate_the_tile_again error ();
    end
    if (VECTOR_QUEUE != 8) begin : g_vector_queue_overridden
      vector_queue_was_overridden_generate_the_tile_again error ();
    end
    if (OUTPUT_FIFO != 4) begin : g_output_fifo_overridden
      output_fifo_was_overridden_generate_the_tile_again error ();
    end
    if (MAX_DROP != 4) begin : g_max_drop_overridden
      max_drop_was_overridden_generate_the_tile_again error ();
    end
    if (OUTPUT_BITS != 8) begin : g_output_bits_overridden
      output_bits_was_overridden_generate_the_tile_again error ();
    end
    if (BIAS_BITS != 31) begin : g_bias_bits_overridden
      bias_bits_was_overridden_generate_the_tile_again error ();
    end
    if (MULTIPLIER_BITS != 16) begin : g_multiplier_bits_overridden
      multiplier_bits_was_overridden_generate_the_tile_again error ();
    end
    if (SETTLE_CLOCKS != 1) begin : g_settle_clocks_overridden
      settle_clocks_was_overridden_generate_the_tile_again error ();
    end
    if (CONVERT_CLOCKS != 1) begin : g_convert_clocks_overridden
      convert_clocks_was_overridden_generate_the_tile_again error ();
    end
    if (ADC_LATENCY != 1) begin : g_adc_latency_overridden
      adc_latency_was_overridden_generate_the_tile_again error ();
    end
    if (DPU_LATENCY != 1) begin : g_dpu_latency_overridden
      dpu_latency_was_overridden_generate_the_tile_again error ();
    end
    if (PROGRAM_CLOCKS != 4) begin : g_program_clocks_overridden
      program_clocks_was_overridden_generate_the_tile_again error ();
    end
    if (COUNTER_BITS != 48) begin : g_counter_bits_overridden
      counter_bits_was_overridden_generate_the_tile_again error ();
    end
  endgenerate

endmodule

`default_nettype wire
