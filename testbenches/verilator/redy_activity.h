// What switches in the Verilated tile: toggles of its registers and ports, and events.
//
// Both are taken from the Verilog's own signals, once per settled clock. The golden model counts the same on its side with
// code of its own; the program compares the two. Nothing here knows what is right.
#ifndef REDY_ACTIVITY_H
#define REDY_ACTIVITY_H

#include <cstdint>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

// Bits of a variable of the Verilog, where Verilator keeps them.
struct Signal {
    const uint8_t* data = nullptr;
    int bits = 0;

    int bytes() const { return (bits + 7) / 8; }
    bool bit(int index) const { return (data[index / 8] >> (index % 8)) & 1; }

    bool any() const {
        if (bits <= 8) return *data != 0;
        for (int at = 0; at < bytes(); at++)
            if (data[at]) return true;
        return false;
    }

    uint64_t field(int first, int count) const {
        uint64_t value = 0;
        for (int i = count - 1; i >= 0; i--) value = value << 1 | static_cast<uint64_t>(bit(first + i));
        return value;
    }
};

// Counts rises and falls of every bit. Counters stand upright: plane p of a word holds bit p of 64 counters, so that all the
// bits of a word that toggled are added at once, and a word in which nothing toggled costs one comparison. Rises and falls of
// a bit alternate, so its toggles together with its first and last value say how many there were of each.
class ToggleCounter {
public:
    // A contiguous piece of the Verilated model; `word` is the place of its first 64 bits here.
    struct Piece {
        const uint8_t* actual;
        size_t word;
        size_t bytes;
    };

    void watch(const std::vector<Piece>& of_model, size_t words) {
        pieces = of_model;
        mask.assign(words, 0);
        first.assign(words, 0);
        last.assign(words, 0);
        planes.assign(words * plane_count, 0);
        toggles.assign(64 * words, 0);
    }

    // Only these bits are counted; `bit` counts from the first word.
    void include(size_t bit, size_t bits) {
        for (size_t i = bit; i < bit + bits; i++) mask[i / 64] |= uint64_t{1} << (i % 64);
    }

    // The values as they are now are the first.
    void begin() {
        for (const Piece& piece : pieces) std::memcpy(&last[piece.word], piece.actual, piece.bytes);
        first = last;
    }

    void sample() {
        for (const Piece& piece : pieces) {
            const uint8_t* actual = piece.actual;
            size_t word = piece.word, left = piece.bytes;
            for (; left >= 64; left -= 64, actual += 64, word += 8) {
                uint64_t now[8], any = 0;
                std::memcpy(now, actual, 64);
                for (int i = 0; i < 8; i++) any |= (now[i] ^ last[word + i]) & mask[word + i];
                if (!any) continue;
                for (int i = 0; i < 8; i++) compare(word + i, now[i]);
            }
            for (; left > 0; word++) {
                const size_t bytes = left < 8 ? left : 8;
                uint64_t now = 0;
                std::memcpy(&now, actual, bytes);
                compare(word, now);
                actual += bytes;
                left -= bytes;
            }
        }
        if (++samples == most_samples) flush();
    }

    // Brings the planes into the totals.
    void flush() {
        samples = 0;
        for (size_t word = 0; word < mask.size(); word++) {
            uint64_t* plane = &planes[word * plane_count];
            for (int p = 0; p < plane_count; p++)
                for (uint64_t left = plane[p]; left; left &= left - 1) toggles[64 * word + __builtin_ctzll(left)] += uint64_t{1} << p;
            std::memset(plane, 0, plane_count * sizeof *plane);
        }
    }

    // As of the last flush. Starting from 0 the first of an odd number of toggles is a rise, starting from 1 a fall.
    uint64_t rises(size_t bit) const { return (toggles[bit] + !value(first, bit)) / 2; }
    uint64_t falls(size_t bit) const { return (toggles[bit] + value(first, bit)) / 2; }

    // The values at both ends agree with the number of toggles between them.
    bool is_consistent(size_t bit) const { return (toggles[bit] & 1) == (value(first, bit) ^ value(last, bit)); }

private:
    static constexpr int plane_count = 16;
    static constexpr uint32_t most_samples = (1u << plane_count) - 1;

    static uint64_t value(const std::vector<uint64_t>& words, size_t bit) { return words[bit / 64] >> (bit % 64) & 1; }

    void compare(size_t word, uint64_t now) {
        uint64_t carry = (now ^ last[word]) & mask[word];
        if (!carry) return;
        last[word] = now;
        for (uint64_t* plane = &planes[word * plane_count]; carry; plane++) {
            const uint64_t sum = *plane ^ carry;
            carry &= *plane;
            *plane = sum;
        }
    }

    std::vector<Piece> pieces;
    std::vector<uint64_t> mask, first, last, planes, toggles;
    uint32_t samples = 0;
};

// Counts events by rules: when a signal is not zero and the conditions hold, an amount is added.
class EventCounter {
public:
    // A rule per line: `t signal` names the trigger of the following events, seen just before the rising edge; `g signal` one that is
    // seen just after it. `e conditions... amount`: an event that its trigger causes if every condition `+signal bit` (is 1) and
    // `-signal bit` (is 0) holds. Amounts:
    //   one                                             1
    //   ones signal                                     number of ones in it
    //   both signal signal                              number of ones in both at the same place
    //   field signal bits layer index0 index1           value of the field that the layer selects
    //   used signal bits layer index0 index1            1 if it is not zero
    //   rows signal bits layer index0 index1 rows0 rows1 first most    if it is not zero: rows of the layer from `first` on, at most `most`
    template <typename Find>
    void parse(const char* rules, Find find) {
        std::istringstream lines{rules};
        std::string line, word;
        std::vector<Trigger>* triggers = nullptr;
        while (std::getline(lines, line)) {
            std::istringstream fields{line};
            fields >> word;
            if (word == "t" || word == "g") {
                std::string name;
                fields >> name;
                triggers = word == "g" ? &after_edge : &before_edge;
                triggers->push_back(Trigger{find(name), events.size(), events.size()});
                continue;
            }
            Event event;
            while (fields >> word && (word[0] == '+' || word[0] == '-')) {
                int bit;
                fields >> bit;
                event.conditions.push_back(Condition{find(word.substr(1)), bit, word[0] == '+'});
            }
            event.amount = amount_of(word);
            const auto signal = [&] { std::string name; fields >> name; return find(name); };
            if (event.amount >= ones) event.signal = signal();
            if (event.amount == both) event.other = signal();
            if (event.amount >= field) {
                fields >> event.field_bits;
                event.layer = signal();
                fields >> event.index[0] >> event.index[1];
            }
            if (event.amount == rows) {
                event.rows_of[0] = signal();
                event.rows_of[1] = signal();
                fields >> event.first >> event.most;
            }
            if (!fields) throw std::runtime_error("no event rule: " + line);
            events.push_back(event);
            triggers->back().end = events.size();
        }
        counts.assign(events.size(), 0);
    }

    void sample_before_edge() { sample(before_edge); }
    void sample_after_edge() { sample(after_edge); }

    std::vector<uint64_t> counts;  // per event, in the order of the rules

private:
    enum Amount { one, ones, both, field, used, rows };

    struct Condition {
        Signal signal;
        int bit;
        bool wanted;
    };

    struct Event {
        std::vector<Condition> conditions;
        Amount amount = one;
        Signal signal, other, layer, rows_of[2];
        int field_bits = 0, index[2] = {0, 0};
        int64_t first = 0, most = 0;
    };

    struct Trigger {
        Signal signal;
        size_t first, end;
    };

    void sample(const std::vector<Trigger>& triggers) {
        for (const Trigger& trigger : triggers)
            if (trigger.signal.any())
                for (size_t i = trigger.first; i < trigger.end; i++)
                    if (happens(events[i])) counts[i] += amount(events[i]);
    }

    static Amount amount_of(const std::string& word) {
        static const char* const names[] = {"one", "ones", "both", "field", "used", "rows"};
        for (int i = 0; i < 6; i++)
            if (word == names[i]) return static_cast<Amount>(i);
        throw std::runtime_error("no amount " + word);
    }

    static bool happens(const Event& event) {
        for (const Condition& condition : event.conditions)
            if (condition.signal.bit(condition.bit) != condition.wanted) return false;
        return true;
    }

    static uint64_t amount(const Event& event) {
        if (event.amount == one) return 1;
        if (event.amount == ones || event.amount == both) {
            uint64_t count = 0;
            for (int at = 0; at < event.signal.bytes(); at++)
                count += __builtin_popcount(event.signal.data[at] & (event.amount == both ? event.other.data[at] : 0xff));
            return count;
        }
        const int layer = event.layer.any();
        const uint64_t value = event.signal.field(event.index[layer] * event.field_bits, event.field_bits);
        if (event.amount == field) return value;
        if (event.amount == used || value == 0) return value != 0;
        const Signal& rows_signal = event.rows_of[layer];
        const int64_t left = static_cast<int64_t>(rows_signal.field(0, rows_signal.bits)) - event.first;
        return static_cast<uint64_t>(left < 0 ? 0 : left > event.most ? event.most : left);
    }

    std::vector<Event> events;
    std::vector<Trigger> before_edge, after_edge;
};

#endif
