/* Registers of the tile, byte offsets behind AXI4-Lite. registers.md explains them. */

#ifndef REDY_REGISTERS_H
#define REDY_REGISTERS_H

#define REDY_TILE_ID                                    0x000u
#define REDY_TILE_VERSION                               0x004u
#define REDY_TILE_CAPACITY_ROWS                         0x008u
#define REDY_TILE_CAPACITY_OUTPUTS                      0x00Cu
#define REDY_TILE_CONTROL                               0x010u
#define REDY_TILE_CONTROL_ENABLE_SHIFT                  0
#define REDY_TILE_CONTROL_ENABLE_MASK                   0x00000001u
#define REDY_TILE_CONTROL_ACTIVE_BANK_SHIFT             1
#define REDY_TILE_CONTROL_ACTIVE_BANK_MASK              0x00000002u
#define REDY_TILE_STATUS                                0x014u
#define REDY_TILE_STATUS_TILE_IDLE_SHIFT                0
#define REDY_TILE_STATUS_TILE_IDLE_MASK                 0x00000001u
#define REDY_TILE_STATUS_PROGRAM_BUSY_SHIFT             1
#define REDY_TILE_STATUS_PROGRAM_BUSY_MASK              0x00000002u
#define REDY_TILE_STATUS_BANK_0_IN_USE_SHIFT            2
#define REDY_TILE_STATUS_BANK_0_IN_USE_MASK             0x00000004u
#define REDY_TILE_STATUS_BANK_1_IN_USE_SHIFT            3
#define REDY_TILE_STATUS_BANK_1_IN_USE_MASK             0x00000008u
#define REDY_TILE_ERROR                                 0x018u
#define REDY_TILE_ERROR_STREAM_SHIFT                    0
#define REDY_TILE_ERROR_STREAM_MASK                     0x00000001u
#define REDY_TILE_ERROR_PARTIAL_SHIFT                   1
#define REDY_TILE_ERROR_PARTIAL_MASK                    0x00000002u
#define REDY_TILE_ERROR_BANK_SHIFT                      2
#define REDY_TILE_ERROR_BANK_MASK                       0x00000004u
#define REDY_TILE_ERROR_PROGRAM_SHIFT                   3
#define REDY_TILE_ERROR_PROGRAM_MASK                    0x00000008u
#define REDY_TILE_ERROR_ACCESS_SHIFT                    4
#define REDY_TILE_ERROR_ACCESS_MASK                     0x00000010u
#define REDY_TILE_INTERRUPT_MASK                        0x01Cu
#define REDY_TILE_INTERRUPT_MASK_VECTOR_DONE_SHIFT      0
#define REDY_TILE_INTERRUPT_MASK_VECTOR_DONE_MASK       0x00000001u
#define REDY_TILE_INTERRUPT_MASK_TILE_IDLE_SHIFT        1
#define REDY_TILE_INTERRUPT_MASK_TILE_IDLE_MASK         0x00000002u
#define REDY_TILE_INTERRUPT_MASK_PROGRAM_DONE_SHIFT     2
#define REDY_TILE_INTERRUPT_MASK_PROGRAM_DONE_MASK      0x00000004u
#define REDY_TILE_INTERRUPT_MASK_ERROR_SHIFT            3
#define REDY_TILE_INTERRUPT_MASK_ERROR_MASK             0x00000008u
#define REDY_TILE_INTERRUPT_PENDING                     0x020u
#define REDY_TILE_INTERRUPT_PENDING_VECTOR_DONE_SHIFT   0
#define REDY_TILE_INTERRUPT_PENDING_VECTOR_DONE_MASK    0x00000001u
#define REDY_TILE_INTERRUPT_PENDING_TILE_IDLE_SHIFT     1
#define REDY_TILE_INTERRUPT_PENDING_TILE_IDLE_MASK      0x00000002u
#define REDY_TILE_INTERRUPT_PENDING_PROGRAM_DONE_SHIFT  2
#define REDY_TILE_INTERRUPT_PENDING_PROGRAM_DONE_MASK   0x00000004u
#define REDY_TILE_INTERRUPT_PENDING_ERROR_SHIFT         3
#define REDY_TILE_INTERRUPT_PENDING_ERROR_MASK          0x00000008u
#define REDY_TILE_LAYER_WINDOW                          0x024u
#define REDY_TILE_LAYER_ROWS                            0x028u
#define REDY_TILE_LAYER_OUTPUTS                         0x02Cu
#define REDY_TILE_LAYER_MODE                            0x030u
#define REDY_TILE_LAYER_MODE_POLICY_SHIFT               0
#define REDY_TILE_LAYER_MODE_POLICY_MASK                0x00000003u
#define REDY_TILE_LAYER_MODE_RAW_SHIFT                  2
#define REDY_TILE_LAYER_MODE_RAW_MASK                   0x00000004u
#define REDY_TILE_LAYER_MODE_RELU_SHIFT                 3
#define REDY_TILE_LAYER_MODE_RELU_MASK                  0x00000008u
#define REDY_TILE_LAYER_MODE_ACCUMULATE_SHIFT           4
#define REDY_TILE_LAYER_MODE_ACCUMULATE_MASK            0x00000010u
#define REDY_TILE_LAYER_ZERO_POINT                      0x034u
#define REDY_TILE_OUTPUT_INDEX                          0x038u
#define REDY_TILE_OUTPUT_BIAS                           0x03Cu
#define REDY_TILE_OUTPUT_MULTIPLIER                     0x040u
#define REDY_TILE_OUTPUT_SHIFT                          0x044u
#define REDY_TILE_THRESHOLD_INDEX                       0x048u
#define REDY_TILE_THRESHOLD                             0x04Cu
#define REDY_TILE_PROGRAM_CROSSBAR                      0x050u
#define REDY_TILE_PROGRAM_ROW                           0x054u
#define REDY_TILE_PROGRAM_BITLINE                       0x058u
#define REDY_TILE_PROGRAM_WORD                          0x05Cu
#define REDY_TILE_PROGRAM_DATA                          0x060u
#define REDY_TILE_PROGRAM_COMMAND                       0x064u
#define REDY_TILE_READBACK                              0x068u
#define REDY_TILE_COUNTER_COMMAND                       0x080u
#define REDY_TILE_COUNTER_COMMAND_SNAPSHOT_SHIFT        0
#define REDY_TILE_COUNTER_COMMAND_SNAPSHOT_MASK         0x00000001u
#define REDY_TILE_COUNTER_COMMAND_CLEAR_SHIFT           1
#define REDY_TILE_COUNTER_COMMAND_CLEAR_MASK            0x00000002u
#define REDY_TILE_COUNTER_CLOCKS_LOW                    0x090u
#define REDY_TILE_COUNTER_CLOCKS_HIGH                   0x094u
#define REDY_TILE_COUNTER_LOAD_BOUND_CLOCKS_LOW         0x098u
#define REDY_TILE_COUNTER_LOAD_BOUND_CLOCKS_HIGH        0x09Cu
#define REDY_TILE_COUNTER_VECTORS_LOW                   0x0A0u
#define REDY_TILE_COUNTER_VECTORS_HIGH                  0x0A4u
#define REDY_TILE_COUNTER_STEPS_LOW                     0x0A8u
#define REDY_TILE_COUNTER_STEPS_HIGH                    0x0ACu
#define REDY_TILE_COUNTER_CONVERSIONS_LOW               0x0B0u
#define REDY_TILE_COUNTER_CONVERSIONS_HIGH              0x0B4u
#define REDY_TILE_COUNTER_PLANES_STREAMED_LOW           0x0B8u
#define REDY_TILE_COUNTER_PLANES_STREAMED_HIGH          0x0BCu
#define REDY_TILE_COUNTER_PLANES_SKIPPED_LOW            0x0C0u
#define REDY_TILE_COUNTER_PLANES_SKIPPED_HIGH           0x0C4u
#define REDY_TILE_COUNTER_SATURATIONS_LOW               0x0C8u
#define REDY_TILE_COUNTER_SATURATIONS_HIGH              0x0CCu

/* Values of ID and VERSION. */
#define REDY_TILE_ID_VALUE                              0x52654479u
#define REDY_TILE_VERSION_VALUE                         1u

/* Values of PROGRAM_COMMAND. */
#define REDY_TILE_COMMAND_WRITE_ROW                     1u
#define REDY_TILE_COMMAND_WRITE_FLIPS                   2u
#define REDY_TILE_COMMAND_READ_BACK                     3u

/* Values of the field POLICY of LAYER_MODE. */
#define REDY_TILE_POLICY_STATIC                         0u
#define REDY_TILE_POLICY_LOSSLESS                       1u
#define REDY_TILE_POLICY_STATISTICAL                    2u

#endif
