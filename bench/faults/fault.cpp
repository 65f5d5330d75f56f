// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/fault.hpp"

#include "bench/faults/layout.hpp"

namespace actbench::bench {
namespace {

struct Text {
  const char *name, *description, *column;
};
constexpr Text texts[fault_count] = {
#define ACTBENCH_FAULT(name, description, column) {#name, description, column},
#include "bench/faults/kinds.def"
#undef ACTBENCH_FAULT
};

const Text& text_of(Fault fault) noexcept { return texts[static_cast<std::size_t>(fault)]; }

}  // namespace

const char* name(Fault fault) noexcept { return text_of(fault).name; }
const char* description(Fault fault) noexcept { return text_of(fault).description; }
const char* column(Fault fault) noexcept { return text_of(fault).column; }

void Faults::add(std::uint64_t input, std::uint64_t sign, std::uint64_t result, std::uint64_t right, bool breaks) {
  merge({1, breaks, input, input, result, right, {}}, sign);
}

void Faults::merge(const Faults& other, std::uint64_t sign) {
  if (other.count == 0) return;
  if (count == 0 || place(other.first, sign) < place(first, sign)) {
    first = other.first;
    got = other.got;
    expected = other.expected;
    where = other.where;
  }
  if (count == 0 || place(other.last, sign) > place(last, sign)) last = other.last;
  count += other.count;
  broken += other.broken;
}

}  // namespace actbench::bench
