// SPDX-License-Identifier: Apache-2.0
#include "bench/properties/properties_text.hpp"

#include <fmt/format.h>

namespace actbench::bench {

using reference::Extreme;

std::string number_text(double v, int digits) {
  if (std::isinf(v)) return v > 0 ? "∞" : "−∞";
  if (v == 0) return "0";
  return fmt::format("{:.{}g}", v, digits);
}

std::string bounded_text(const reference::Bracket& v, int digits) {
  if (v.is_point()) return number_text(v.middle(), digits);
  return fmt::format("{} ± {:.0e}", number_text(std::abs(v.middle()) <= v.radius() ? 0 : v.middle(), digits),
                     v.radius());
}

std::string name_with_parameters(const Properties& p) {
  std::string text = p.activation->name;
  for (std::size_t i = 0; i < p.parameters.size(); ++i) {
    text += fmt::format("{}{}={}", i == 0 ? " " : ", ", p.activation->parameters[i].name, p.parameters[i]);
  }
  return text;
}

std::string open_text(double from, double to) {
  return fmt::format("({}, {})", number_text(from, 6), number_text(to, 6));
}

const char* text_of(Symmetry s) {
  constexpr const char* names[] = {"odd", "even", "neither"};
  return names[static_cast<int>(s)];
}

const char* text_of(Course c) {
  constexpr const char* names[] = {"constant", "rising", "falling", "neither"};
  return names[static_cast<int>(c)];
}

std::string range_text(const Extreme& least, const Extreme& greatest) {
  return fmt::format("{}{}, {}{}", least.attained ? '[' : '(', number_text(least.value, 6),
                     number_text(greatest.value, 6), greatest.attained ? ']' : ')');
}

std::string smoothness_text(const Properties& p) {
  if (p.breaks.empty()) return "smooth (analytic)";
  return p.smoothness < 0 ? "jumps" : fmt::format("C{}", p.smoothness);
}

}  // namespace actbench::bench
