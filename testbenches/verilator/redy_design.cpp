// The Verilated tile behind the interface of redy_design.h; redy_ports.inc lists its ports.

#include "redy_design.h"

#include "Vredy.h"

namespace {

struct VerilatedDesign final : Design {
    explicit VerilatedDesign(VerilatedContext* context)
        : model{context, ""} {
        aclk = &model.aclk;
#define REDY_PORT(name, member, bits) ports.push_back(Port{#name, bits, &model.member});
#define REDY_LOW(member) model.member = 0;
#include "redy_ports.inc"
#undef REDY_PORT
#undef REDY_LOW
    }
    void eval() override { model.eval(); }
    void final() override { model.final(); }
    void trace(redy_trace* trace) override {
#if defined(REDY_TRACE_FST) || defined(REDY_TRACE_VCD)
        model.trace(trace, 99);
#else
        (void)trace;
#endif
    }

    Vredy model;
};

}  // namespace

std::unique_ptr<Design> make_design(VerilatedContext* context) { return std::make_unique<VerilatedDesign>(context); }
