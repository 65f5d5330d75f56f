// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/special_values.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

namespace actbench::bench::faults {
namespace {

/// A magnitude and its name.
using Size = std::pair<const char*, std::uint64_t>;

/// Multipliers that are special meet x at 1 and at the largest number: an infinite gradient goes through a slope that
/// vanishes, the largest one through a slope that nearly does.
void add_multipliers(std::vector<SpecialInput>& specials, const Layout& layout, std::uint64_t one,
                     std::initializer_list<Size> sizes, bool is_a) {
  for (const auto& [text, m] : sizes) {
    for (const std::uint64_t s : {std::uint64_t{0}, layout.sign}) {
      for (const std::uint64_t x : {one, layout.infinity - 1}) {
        for (const std::uint64_t x_sign : {std::uint64_t{0}, layout.sign}) {
          const Point input = is_a ? Point{x | x_sign, one, m | s} : Point{x | x_sign, m | s, one};
          specials.push_back({fmt::format("{} {}", is_a ? "a" : "dy", text), input, 0});
        }
      }
    }
  }
}

}  // namespace

std::vector<SpecialInput> special_values(const Subject& subject, const Oracle& oracle) {
  const Type type = subject.kernel->type;
  const Layout layout(type);
  const std::uint64_t one = pattern_of(type, 1.0);
  const Size zero{"zero", 0}, smallest{"smallest subnormal", 1}, largest{"largest", layout.infinity - 1},
      infinity{"infinity", layout.infinity}, quiet{"quiet NaN", layout.quiet_nan()};
  std::vector<SpecialInput> specials;
  const Size sizes[] = {zero,
                        smallest,
                        {"largest subnormal", layout.smallest_normal - 1},
                        {"smallest normal", layout.smallest_normal},
                        largest,
                        infinity,
                        quiet,
                        {"signalling NaN", layout.infinity | 1}};
  for (const auto& [text, m] : sizes) {
    for (const std::uint64_t s : {std::uint64_t{0}, layout.sign}) specials.push_back({text, {m | s, one, one}, 0});
  }
  const Multipliers multipliers = multipliers_of(*subject.kernel);
  for (const bool is_a : {false, true}) {
    if (!(is_a ? multipliers.a : multipliers.dy)) continue;
    add_multipliers(specials, layout, one, {zero, smallest, largest, infinity, quiet}, is_a);
  }
  for (SpecialInput& special : specials)
    special.expected = layout.canonical(pattern_of(type, oracle.exact(special.input).rounded()));
  return specials;
}

}  // namespace actbench::bench::faults
