// The Verilog tile as a shared library with a small C interface.
//
// The golden model runs ahead and hands over records, one per clock: changed input words, changed expected words (outputs
// and registers), memory entries that the clock wrote. redy_run replays them on the Verilated model: it sets the inputs,
// lets the combinational logic settle, compares every output and register just before the rising edge, clocks, and compares
// the written memory entries.
//
// Expected values are kept in a shadow of the Verilated model's own memory layout, so that comparing is one masked sweep
// over the few contiguous regions in which Verilator keeps the probed variables.

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "redy_activity.h"
#include "redy_design.h"
#include "verilated_syms.h"
#if defined(REDY_TRACE_VCD)
#include "redy_switching.h"
#endif

#define REDY_API extern "C" __attribute__((visibility("default")))

namespace {

thread_local std::string printed;     // what the Verilog printed in the current call
thread_local bool stopped = false;    // $stop, $finish or a failed assertion in the current call

// Where a variable of the Verilog lies. Storage follows its width: 1, 2, 4 or 8 bytes, or 32-bit words.
struct Variable {
    uint8_t* data = nullptr;
    int bits = 0;
    int depth = 0;  // entries of an unpacked array, 0 for none

    size_t entry_bytes() const {
        return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : bits <= 64 ? 8 : 4 * ((bits + 31) / 32);
    }
};

struct Slot {
    Variable variable;
    int first_word = 0;
    int words() const { return (variable.bits + 31) / 32; }
};

// A memory of the model: an array of entries, or fields of one packed vector.
struct Memory {
    Variable variable;
    size_t entry_bytes = 0;  // of the variable, or of one of its entries
    int bits = 0;
    bool packed = false;
    int words() const { return (bits + 31) / 32; }
};

// Where an input's word of the vector goes in the Verilated model.
struct Target {
    uint8_t* data = nullptr;
    size_t bytes = 0;
};

// Where an expected word goes in the shadow, small because a clock changes many of them: byte offset, number of bytes (1, 2 or 4).
struct Place {
    uint32_t offset : 29;
    uint32_t bytes : 3;
};

// A contiguous piece of the Verilated model that holds compared variables: whole, aligned words of 64 bits.
struct Region {
    const uint8_t* actual = nullptr;
    size_t offset = 0;
    size_t bytes = 0;
};

uint32_t load_word(const uint8_t* entry, size_t entry_bytes, int word) {
    if (entry_bytes == 1) return *entry;
    if (entry_bytes == 2) {
        uint16_t half;
        std::memcpy(&half, entry, 2);
        return half;
    }
    uint32_t value;
    std::memcpy(&value, entry + 4 * word, 4);
    return value;
}

void store_word(uint8_t* entry, size_t entry_bytes, int word, uint32_t value) {
    if (entry_bytes == 1) {
        *entry = static_cast<uint8_t>(value);
    } else if (entry_bytes == 2) {
        const uint16_t half = static_cast<uint16_t>(value);
        std::memcpy(entry, &half, 2);
    } else {
        std::memcpy(entry + 4 * word, &value, 4);
    }
}

uint32_t load_field(const Memory& memory, int index, int word) {
    const Variable& variable = memory.variable;
    const size_t bytes = memory.entry_bytes;
    if (!memory.packed) return load_word(variable.data + index * bytes, bytes, word);
    const size_t first = static_cast<size_t>(index) * memory.bits + 32 * static_cast<size_t>(word);
    const int count = std::min(32, memory.bits - 32 * word);
    uint64_t pair = load_word(variable.data, bytes, static_cast<int>(first / 32));
    if (first % 32 + count > 32)
        pair |= static_cast<uint64_t>(load_word(variable.data, bytes, static_cast<int>(first / 32) + 1)) << 32;
    return static_cast<uint32_t>((pair >> (first % 32)) & ((uint64_t{1} << count) - 1));
}

void store_field(const Memory& memory, int index, int word, uint32_t value) {
    const Variable& variable = memory.variable;
    const size_t bytes = memory.entry_bytes;
    if (!memory.packed) {
        store_word(variable.data + index * bytes, bytes, word, value);
        return;
    }
    const size_t first = static_cast<size_t>(index) * memory.bits + 32 * static_cast<size_t>(word);
    const int count = std::min(32, memory.bits - 32 * word);
    for (int bit = 0; bit < count; bit++) {
        const size_t at = first + bit;
        uint32_t target = load_word(variable.data, bytes, static_cast<int>(at / 32));
        target = (target & ~(uint32_t{1} << (at % 32))) | (((value >> bit) & 1u) << (at % 32));
        store_word(variable.data, bytes, static_cast<int>(at / 32), target);
    }
}

bool differs(const uint8_t* actual, const uint8_t* expected, const uint8_t* mask, size_t bytes) {
    uint64_t difference = 0;
    for (size_t at = 0; at < bytes; at += 8) {
        uint64_t a, e, m;
        std::memcpy(&a, actual + at, 8);
        std::memcpy(&e, expected + at, 8);
        std::memcpy(&m, mask + at, 8);
        difference |= (a ^ e) & m;
    }
    return difference != 0;
}

enum Status { ran_all = 0, signal_differs = 1, memory_differs = 2, design_stopped = 3 };
enum Flag : uint32_t { compare_signals = 1, has_poke = 2, has_writes = 4 };

struct Simulation {
    std::unique_ptr<VerilatedContext> context;
    std::unique_ptr<Design> design;
    std::unordered_map<std::string, Variable> variables;
    std::vector<Slot> inputs;         // with first_word in the record's vector
    std::vector<Slot> compared;       // outputs, then registers
    std::vector<Memory> memories;
    std::vector<Target> target_of_input;  // per word of the vector
    std::vector<Place> place_of_expected;  // per word behind those
    std::vector<uint8_t> shadow, mask;
    std::vector<Region> regions;
    ToggleCounter toggles;
    std::vector<size_t> toggle_bits;  // of each input, then of each compared signal: its first bit among the toggle counters
    EventCounter events;
    bool measures = false;
    uint64_t measured_clocks = 0;
    int failed_memory = -1, failed_index = -1;
    uint64_t clock = 0;
    bool asserting = false;
    bool alive = true;
    std::string text;  // last answer
#if defined(REDY_TRACE_VCD)
    std::unique_ptr<SwitchingCounter> switching;  // takes what `trace` writes, and so must outlive it
#endif
#if defined(REDY_TRACE_FST) || defined(REDY_TRACE_VCD)
    std::unique_ptr<redy_trace> trace;
#endif

    void dump(uint64_t time) {
#if defined(REDY_TRACE_FST) || defined(REDY_TRACE_VCD)
        if (trace) trace->dump(time);
#else
        (void)time;
#endif
    }

    void collect_variables() {
        for (const auto& entry : *context->scopeNameMap()) {
            VerilatedVarNameMap* vars = entry.second->varsp();
            if (!vars) continue;
            std::string scope = entry.first;
            const size_t top = scope.find('.');
            scope = top == std::string::npos ? "tile" : "tile" + scope.substr(top);
            for (auto& named : *vars) {
                VerilatedVar& var = named.second;
                Variable variable;
                variable.data = static_cast<uint8_t*>(var.datap());
                variable.bits = var.packed().elements();
                if (var.udims() == 0 && var.packed().left() < var.packed().right()) {
                    // Verilator lists `reg x [0:n]` as if it were `reg [0:n] x`; only memories are declared upwards here.
                    variable.bits = 1;
                    variable.depth = var.packed().elements();
                } else if (var.udims() > 0) {
                    variable.depth = 1;
                    for (int dimension = 1; dimension <= var.udims(); dimension++) variable.depth *= var.elements(dimension);
                }
                variables[scope + "." + named.first] = variable;
            }
        }
        for (const Port& port : design->ports)
            variables["tile." + std::string{port.name}] = Variable{static_cast<uint8_t*>(port.data), port.bits, 0};
    }

    void bind(const char* layout) {
        std::istringstream lines{layout};
        std::string kind, name;
        int bits, extra;
        std::vector<std::pair<int, Slot>> slots;  // kind 0 input, 1 compared
        int input_words = 0, words = 0;
        while (lines >> kind >> name >> bits >> extra) {
            const auto found = variables.find(name);
            if (found == variables.end()) throw std::runtime_error("no variable " + name);
            if (kind == "m") {
                Memory memory;
                memory.variable = found->second;
                memory.bits = bits;
                memory.entry_bytes = memory.variable.entry_bytes();
                memory.packed = found->second.depth == 0;
                memories.push_back(memory);
                continue;
            }
            if (kind == "t") {
                store_word(found->second.data, found->second.entry_bytes(), 0, static_cast<uint32_t>(extra));
                continue;
            }
            Slot slot;
            slot.variable = found->second;
            slot.first_word = extra;
            words = std::max(words, extra + slot.words());
            if (kind == "i") input_words = words;
            (kind == "i" ? inputs : compared).push_back(slot);
        }
        target_of_input.assign(input_words, Target{});
        place_of_expected.assign(words - input_words, Place{0, 0});
        for (Slot& slot : inputs)
            for (int word = 0; word < slot.words(); word++) {
                target_of_input[slot.first_word + word] = Target{slot.variable.data + 4 * word, word_bytes(slot, word)};
                store_word(slot.variable.data, slot.variable.entry_bytes(), word, 0);
            }
        lay_shadow();

        // Initial blocks run now, so that they cannot undo a backdoor load before the first clock.
        *design->aclk = 0;
        design->eval();
    }

    static size_t word_bytes(const Slot& slot, int word) { return std::min<size_t>(4, slot.variable.entry_bytes() - 4 * word); }

    // Lays out the pieces of the Verilated model that hold these slots, variables that lie close together in one piece.
    // Fills in each slot's place (a byte offset) and returns the size of all.
    static size_t lay(const std::vector<const Slot*>& slots, std::vector<Region>& laid, std::vector<size_t>& places) {
        std::vector<size_t> order(slots.size());
        for (size_t i = 0; i < order.size(); i++) order[i] = i;
        std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return slots[a]->variable.data < slots[b]->variable.data; });
        places.assign(slots.size(), 0);
        size_t size = 0;
        for (size_t i : order) {
            const Variable& variable = slots[i]->variable;
            if (laid.empty() || variable.data > laid.back().actual + laid.back().bytes + 64) {
                size = (size + 63) / 64 * 64;
                laid.push_back(Region{variable.data - reinterpret_cast<uintptr_t>(variable.data) % 8, size, 0});
            }
            Region& region = laid.back();
            const size_t within = variable.data - region.actual;
            places[i] = region.offset + within;
            region.bytes = std::max(region.bytes, (within + variable.entry_bytes() + 7) / 8 * 8);
            size = std::max(size, region.offset + region.bytes);
        }
        return size;
    }

    void lay_shadow() {
        std::vector<const Slot*> slots;
        for (const Slot& slot : compared) slots.push_back(&slot);
        std::vector<size_t> places;
        const size_t size = lay(slots, regions, places);
        mask.assign(size, 0);
        shadow.assign(size, 0);
        for (size_t i = 0; i < slots.size(); i++) {
            std::fill_n(mask.begin() + places[i], slots[i]->variable.entry_bytes(), 0xff);
            for (int word = 0; word < slots[i]->words(); word++)
                place_of_expected[slots[i]->first_word + word - target_of_input.size()] =
                    Place{static_cast<uint32_t>(places[i] + 4 * word), static_cast<uint32_t>(word_bytes(*slots[i], word))};
        }
    }

    // From now on, every compared clock is measured.
    void measure(const char* rules) {
        std::vector<const Slot*> slots;
        for (const Slot& slot : inputs) slots.push_back(&slot);
        for (const Slot& slot : compared) slots.push_back(&slot);
        std::vector<Region> laid;
        const size_t size = lay(slots, laid, toggle_bits);
        std::vector<ToggleCounter::Piece> pieces;
        for (const Region& region : laid) pieces.push_back(ToggleCounter::Piece{region.actual, region.offset / 8, region.bytes});
        toggles.watch(pieces, (size + 7) / 8);
        for (size_t i = 0; i < slots.size(); i++) {
            toggle_bits[i] *= 8;
            toggles.include(toggle_bits[i], slots[i]->variable.bits);
        }
        events.parse(rules, [&](const std::string& name) {
            const auto found = variables.find(name);
            if (found == variables.end() || found->second.depth != 0) throw std::runtime_error("no signal " + name);
            return Signal{found->second.data, found->second.bits};
        });
        measures = true;
    }

    // Before the rising edge, everything settled.
    void measure_before_edge() {
        if (measured_clocks++ == 0) {
            toggles.begin();
#if defined(REDY_TRACE_VCD)
            if (switching) switching->begin(10 * clock);
#endif
        } else
            toggles.sample();
        events.sample_before_edge();
    }

    // Ends the measurement with the values after the last edge.
    void read_measured(uint64_t* rises, uint64_t* falls, uint64_t* counts, uint64_t* clocks) {
        if (measured_clocks != 0) toggles.sample();
        toggles.flush();
        for (size_t i = 0; i < toggle_bits.size(); i++) {
            const Slot& slot = i < inputs.size() ? inputs[i] : compared[i - inputs.size()];
            for (int bit = 0; bit < slot.variable.bits; bit++) {
                const size_t from = toggle_bits[i] + bit, to = 32 * static_cast<size_t>(slot.first_word) + bit;
                if (!toggles.is_consistent(from)) throw std::runtime_error("toggles were lost");
                rises[to] = toggles.rises(from);
                falls[to] = toggles.falls(from);
            }
        }
        std::copy(events.counts.begin(), events.counts.end(), counts);
        *clocks = measured_clocks;
        measures = false;
    }

    void change(uint32_t word, uint32_t value) {
        if (word < target_of_input.size()) {
            const Target& target = target_of_input[word];
            store_word(target.data, target.bytes, 0, value);
        } else {
            const Place place = place_of_expected[word - target_of_input.size()];
            store_word(&shadow[place.offset], place.bytes, 0, value);
        }
    }

    // Whether an entry is as expected; moves past its words.
    static bool matches(const Memory& memory, int index, const uint32_t*& expected) {
        bool same = true;
        for (int word = 0; word < memory.words(); word++) same &= load_field(memory, index, word) == *expected++;
        return same;
    }

    bool any_signal_differs() const {
        for (const Region& region : regions)
            if (differs(region.actual, &shadow[region.offset], &mask[region.offset], region.bytes)) return true;
        return false;
    }

    // Runs the records of `clocks` clocks; `clocks` becomes the number of completed ones.
    Status run(const uint32_t* record, int& clocks, bool compare) {
        const int wanted = clocks;
        for (clocks = 0; clocks < wanted; clocks++) {
            const uint32_t flags = *record++;
            const uint32_t changes = *record++;
            for (uint32_t i = 0; i < changes; i++, record += 2) change(record[0], record[1]);
            if (flags & has_poke) {
                const uint32_t pokes = *record++;
                for (uint32_t i = 0; i < pokes; i++) {
                    const Memory& memory = memories[*record++];
                    const int index = static_cast<int>(*record++);
                    for (int word = 0; word < memory.words(); word++) store_field(memory, index, word, *record++);
                }
            }
            *design->aclk = 0;
            if ((flags & compare_signals) && !asserting) context->assertOn(asserting = true);
            design->eval();
            dump(10 * clock);
            if (stopped) return design_stopped;
            if (compare && (flags & compare_signals) && any_signal_differs()) return signal_differs;
            const bool measured = measures && (flags & compare_signals);
            if (measured) measure_before_edge();
            *design->aclk = 1;
            design->eval();
            if (measured) events.sample_after_edge();
            dump(10 * clock + 5);
            clock++;
            context->time(10 * clock);
            if (stopped) return design_stopped;
            if (flags & has_writes) {
                const uint32_t writes = *record++;
                for (uint32_t i = 0; i < writes; i++) {
                    const int number = static_cast<int>(*record++);
                    const Memory& memory = memories[number];
                    const int index = static_cast<int>(*record++);
                    const bool same = matches(memory, index, record);
                    if (compare && !same) {
                        failed_memory = number;
                        failed_index = index;
                        return memory_differs;
                    }
                }
            }
        }
        return ran_all;
    }
};

// Runs an action; exceptions and the Verilog's own messages end up in the simulation's text.
template <typename Action>
int guarded(Simulation* simulation, Action action) {
    printed.clear();
    stopped = false;
    Verilated::threadContextp(simulation->context.get());  // the runtime has one per thread, and threads come and go here
    int result = -1;
    try {
        result = action();
        simulation->text = printed;
    } catch (const std::exception& problem) {
        simulation->alive = false;
        simulation->text = printed + problem.what();
    }
    return result;
}

}  // namespace

int redy_printf(const char* format, ...) {
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (printed.size() < 65536) printed += line;
    return length;
}

void vl_finish(const char* file, int line, const char*) {
    redy_printf("%s:%d: $finish\n", file, line);
    stopped = true;
}

void vl_stop(const char* file, int line, const char*) {
    if (file && *file) redy_printf("%s:%d: $stop or a failed assertion\n", file, line);
    stopped = true;
}

void vl_fatal(const char* file, int line, const char*, const char* message) {
    throw std::runtime_error(std::string{file ? file : ""} + ":" + std::to_string(line) + ": " + (message ? message : "fatal"));
}

void vl_warn(const char* file, int line, const char*, const char* message) {
    redy_printf("%s:%d: warning: %s\n", file ? file : "", line, message ? message : "");
}

// A simulation whose registers and memories start with random bits from the seed, or all zero with seed 0.
REDY_API Simulation* redy_create(uint32_t seed) {
    auto simulation = std::make_unique<Simulation>();
    simulation->context = std::make_unique<VerilatedContext>();
    simulation->context->randReset(seed ? 2 : 0);
    simulation->context->randSeed(static_cast<int>(seed));
    simulation->context->assertOn(false);  // until registers have their reset values
#if defined(REDY_TRACE_FST) || defined(REDY_TRACE_VCD)
    simulation->context->traceEverOn(true);
#endif
    Simulation* result = simulation.get();
    guarded(result, [&] {
        result->design = make_design(result->context.get());
        result->collect_variables();
        return 0;
    });
    return simulation.release();
}

REDY_API void redy_destroy(Simulation* simulation) {
    if (!simulation) return;
    printed.clear();
    Verilated::threadContextp(simulation->context.get());
    // A model that was left by an exception is not run again, not even its final blocks.
    if (simulation->alive && simulation->design) simulation->design->final();
    delete simulation;
}

REDY_API const char* redy_text(Simulation* simulation) { return simulation->text.c_str(); }

// Every variable that the harness can see, a line each: name, bits, entries (0: no array).
REDY_API const char* redy_variables(Simulation* simulation) {
    std::ostringstream lines;
    for (const auto& variable : simulation->variables)
        lines << variable.first << ' ' << variable.second.bits << ' ' << variable.second.depth << '\n';
    simulation->text = lines.str();
    return simulation->text.c_str();
}

// Layout, a line each: `i name bits word` inputs, `c name bits word` compared signals, `m name bits depth` memories,
// `t name bits value` inputs of at most 32 bits that hold a value.
REDY_API int redy_bind(Simulation* simulation, const char* layout) {
    return guarded(simulation, [&] {
        simulation->bind(layout);
        return 0;
    });
}

REDY_API int redy_run(Simulation* simulation, const uint32_t* record, int* clocks, int compare) {
    return guarded(simulation, [&] { return static_cast<int>(simulation->run(record, *clocks, compare != 0)); });
}

// Actual values of all compared signals, laid out as the record's vector.
REDY_API void redy_read_signals(Simulation* simulation, uint32_t* vector) {
    for (const Slot& slot : simulation->compared)
        for (int word = 0; word < slot.words(); word++)
            vector[slot.first_word + word] = load_word(slot.variable.data, slot.variable.entry_bytes(), word);
}

REDY_API void redy_read_memory(Simulation* simulation, int memory, int index, uint32_t* words) {
    const Memory& read = simulation->memories[memory];
    for (int word = 0; word < read.words(); word++) words[word] = load_field(read, index, word);
}

REDY_API void redy_failed_entry(Simulation* simulation, int* memory_and_index) {
    memory_and_index[0] = simulation->failed_memory;
    memory_and_index[1] = simulation->failed_index;
}

// Measures toggles of all inputs and compared signals, and the events of these rules (see redy_activity.h), in every compared
// clock from now on.
REDY_API int redy_measure(Simulation* simulation, const char* rules) {
    return guarded(simulation, [&] {
        simulation->measure(rules);
        return 0;
    });
}

// Ends the measurement: toggles per bit, laid out as the record's vector (bit 32 * word + i), events in the order of their rules,
// and the number of clocks that were measured.
REDY_API int redy_read_measured(Simulation* simulation, uint64_t* rises, uint64_t* falls, uint64_t* counts, uint64_t* clocks) {
    return guarded(simulation, [&] {
        simulation->read_measured(rises, falls, counts, clocks);
        return 0;
    });
}

// Starts a waveform file. 0: started; 1: this library was built without tracing; 2: the file cannot be written.
REDY_API int redy_trace_open(Simulation* simulation, const char* path) {
#if defined(REDY_TRACE_FST) || defined(REDY_TRACE_VCD)
    simulation->trace = std::make_unique<redy_trace>();
    simulation->design->trace(simulation->trace.get());
    simulation->trace->open(path);
    return simulation->trace->isOpen() ? 0 : 2;
#else
    (void)simulation;
    (void)path;
    return 1;
#endif
}

// Counts the switching of every net from now on, in the window that redy_measure counts in. 0: started; 1: this library was
// built without VCD.
REDY_API int redy_switching_open(Simulation* simulation) {
#if defined(REDY_TRACE_VCD)
    simulation->switching = std::make_unique<SwitchingCounter>();
    simulation->trace = std::make_unique<redy_trace>(simulation->switching.get());
    simulation->design->trace(simulation->trace.get());
    simulation->trace->open("switching");
    return 0;
#else
    (void)simulation;
    return 1;
#endif
}

// Ends it: a line per net, see redy_switching.h. Times are in tenths of a clock.
REDY_API const char* redy_switching_read(Simulation* simulation) {
#if defined(REDY_TRACE_VCD)
    simulation->trace->close();
    simulation->trace.reset();
    simulation->text = simulation->switching->report(10 * simulation->clock);
    simulation->switching.reset();
#endif
    return simulation->text.c_str();
}

REDY_API void redy_trace_close(Simulation* simulation) {
#if defined(REDY_TRACE_FST) || defined(REDY_TRACE_VCD)
    if (simulation->trace) simulation->trace->close();
    simulation->trace.reset();
#else
    (void)simulation;
#endif
}
