// Times at 1 and transitions of every net of the Verilated tile, counted from what Verilator would write into a VCD file: it
// writes into an object of this class instead. Slow, like a VCD file, but of every net, and nothing is kept of the text.
#ifndef REDY_SWITCHING_H
#define REDY_SWITCHING_H

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "verilated_vcd_c.h"

class SwitchingCounter final : public VerilatedVcdFile {
public:
    bool open(const std::string&) override { return true; }
    void close() override {}

    ssize_t write(const char* text, ssize_t length) override {
        for (const char* end = text + length; text < end;) {
            const char* stop = static_cast<const char*>(std::memchr(text, '\n', end - text));
            line.append(text, (stop ? stop : end) - text);
            text = stop ? stop + 1 : end;
            if (!stop) break;
            read_line();
            line.clear();
        }
        return length;
    }

    // Transitions after this time count; to be called before anything later was dumped.
    void begin(uint64_t time) {
        start = time;
        begun = true;
    }

    // A line per net, with its bits from the lowest: `scope name first count (time at 1:transitions)...`.
    std::string report(uint64_t end) {
        std::ostringstream lines;
        for (const Name& name : names) {
            const Net& net = nets[name.net];
            lines << name.scope << ' ' << name.leaf << ' ' << name.lowest << ' ' << net.bits.size();
            for (const Bit& bit : net.bits)
                lines << ' ' << bit.at_one + (bit.value == '1' ? end - std::max(bit.since, start) : 0) << ':' << bit.transitions;
            lines << '\n';
        }
        return lines.str();
    }

private:
    struct Bit {
        char value = '0';
        uint64_t since = 0, at_one = 0, transitions = 0;
    };

    struct Net {
        std::vector<Bit> bits;  // the lowest first
    };

    struct Name {
        std::string scope, leaf;
        int lowest;  // index of bit 0 in the declaration; -1: a net without indices
        size_t net;
    };

    void read_line() {
        const char* text = line.c_str();
        if (in_header) {
            read_header();
        } else if (*text == '#') {
            now = std::strtoull(text + 1, nullptr, 10);
        } else if (*text == 'b') {
            const char* digits = text + 1;
            const char* space = std::strchr(digits, ' ');
            if (space) change(space + 1, digits, space - digits);
        } else if (*text == '0' || *text == '1' || *text == 'x' || *text == 'z') {
            change(text + 1, text, 1);
        }
    }

    void read_header() {
        std::istringstream words{line};
        std::string word;
        words >> word;
        if (word == "$scope") {
            words >> word >> word;
            scopes.push_back(word);
        } else if (word == "$upscope") {
            scopes.pop_back();
        } else if (word == "$enddefinitions") {
            in_header = false;
        } else if (word == "$var") {
            std::string type, code, leaf, range;
            int bits;
            words >> type >> bits >> code >> leaf >> range;
            const size_t net = code_of.emplace(code, nets.size()).first->second;
            if (net == nets.size()) {
                nets.emplace_back();
                nets.back().bits.resize(bits);
            }
            Name name{"", leaf, -1, net};
            for (const std::string& scope : scopes) name.scope += (name.scope.empty() ? "" : ".") + scope;
            if (range[0] == '[') {
                const size_t colon = range.find(':');
                const int left = std::atoi(range.c_str() + 1);
                name.lowest = colon == std::string::npos ? left : std::min(left, std::atoi(range.c_str() + colon + 1));
            }
            names.push_back(name);
        }
    }

    void change(const char* code, const char* digits, size_t count) {
        const auto found = code_of.find(code);
        if (found == code_of.end()) return;
        Net& net = nets[found->second];
        const bool counts = begun && now > start;
        for (size_t i = 0; i < net.bits.size(); i++) {
            Bit& bit = net.bits[i];
            const char value = i < count ? digits[count - 1 - i] : '0';  // high zeros may be left out
            if (value == bit.value) continue;
            if (counts) {
                bit.transitions++;
                if (bit.value == '1') bit.at_one += now - std::max(bit.since, start);
            }
            bit.value = value;
            bit.since = now;
        }
    }

    std::string line;
    bool in_header = true, begun = false;
    uint64_t now = 0, start = 0;
    std::vector<std::string> scopes;
    std::vector<Net> nets;
    std::vector<Name> names;
    std::unordered_map<std::string, size_t> code_of;
};

#endif
