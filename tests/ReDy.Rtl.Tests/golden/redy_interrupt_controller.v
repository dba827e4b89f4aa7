`default_nettype none

// interrupt_controller: remembers four events until software clears them, and raises the interrupt while an unmasked one
// is pending (one clock later). An event in the clock of its clearing is not lost.
// Contract: docs/timing.md, "register_file" (INTERRUPT_MASK, INTERRUPT_PENDING).

module redy_interrupt_controller (
  input  wire       aclk,
  input  wire       aresetn,

  // Register file.
  input  wire       mask_write,
  input  wire       pending_write,
  input  wire [3:0] write_data,
  output wire [3:0] mask,
  output wire [3:0] pending,

  // Events.
  input  wire       vector_done,
  input  wire       tile_idle,
  input  wire       program_done,
  input  wire       error,

  output wire       interrupt
);

  reg [3:0] mask_q;
  reg [3:0] pending_q;
  reg       idle_q;
  reg       interrupt_q;

  wire       became_idle = tile_idle & !idle_q;
  wire [3:0] set         = {error, program_done, became_idle, vector_done};
  wire [3:0] clear       = pending_write ? write_data : 4'b0;

  always @(posedge aclk)
    if (!aresetn)
      mask_q <= 4'b0;
    else if (mask_write)
      mask_q <= write_data;

  always @(posedge aclk)
    if (!aresetn)
      pending_q <= 4'b0;
    else
      pending_q <= (pending_q & ~clear) | set;

  always @(posedge aclk)
    if (!aresetn) begin
      idle_q      <= 1'b1;
      interrupt_q <= 1'b0;
    end else begin
      idle_q      <= tile_idle;
      interrupt_q <= (pending_q & mask_q) != 0;
    end

  assign mask      = mask_q;
  assign pending   = pending_q;
  assign interrupt = interrupt_q;

endmodule

`default_nettype wire
