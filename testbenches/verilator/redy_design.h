// What redy_simulation.cpp needs to know of a Verilated tile. It is compiled once; redy_design.cpp, which implements this for
// one tile, with that tile.
#ifndef REDY_DESIGN_H
#define REDY_DESIGN_H

#include <cstdint>
#include <memory>
#include <vector>

#include "verilated.h"
#if defined(REDY_TRACE_FST)
#include "verilated_fst_c.h"
using redy_trace = VerilatedFstC;
#elif defined(REDY_TRACE_VCD)
#include "verilated_vcd_c.h"
using redy_trace = VerilatedVcdC;
#else
struct redy_trace;
#endif

struct Port {
    const char* name;
    int bits;
    void* data;
};

struct Design {
    virtual ~Design() = default;
    virtual void eval() = 0;
    virtual void final() = 0;
    virtual void trace(redy_trace* trace) = 0;
    std::vector<Port> ports;
    uint8_t* aclk = nullptr;
};

std::unique_ptr<Design> make_design(VerilatedContext* context);

#endif
