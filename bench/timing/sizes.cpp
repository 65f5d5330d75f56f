// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "bench/timing/timing.hpp"
#include "reports/text.hpp"

namespace actbench::timing {
namespace {

constexpr std::size_t KiB = 1024, MiB = 1024 * KiB;

const Cache* find_cache(const Machine& machine, int level) {
  for (const Cache& cache : machine.caches) {
    if (cache.level == level && cache.type != "instruction") return &cache;
  }
  return nullptr;
}

constexpr std::size_t most_elements = SIZE_MAX >> 8;

/// factor · base^exponent, where the exponent is a text; 0 where that is no number, or the product is too large.
std::size_t with_exponent(std::size_t factor, std::size_t base, std::string_view text) {
  unsigned exponent = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (error != std::errc{} || rest != text.data() + text.size()) return 0;
  if (base == 0) return 0;
  for (; exponent > 0 && factor > 0 && base > 1; --exponent) {
    if (factor > most_elements / base) return 0;
    factor *= base;
  }
  return factor;
}

/// "4096", "64k", "2M", "1G", "1e6", "2^20" as a count; 0 where it is none.
std::size_t count(const std::string& text) {
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{}) return 0;
  if (rest != end && *rest == '^') return with_exponent(1, value, {rest + 1, end});
  if (rest != end && (*rest == 'e' || *rest == 'E')) return with_exponent(value, 10, {rest + 1, end});
  int shift = 0;
  if (rest != end) {
    shift = *rest == 'k' || *rest == 'K' ? 10 : *rest == 'M' ? 20 : *rest == 'G' ? 30 : -1;
    ++rest;
  }
  if (shift < 0 || rest != end || value > (most_elements >> shift)) return 0;
  return value << shift;
}

}  // namespace

std::vector<Size> default_sizes(const Machine& machine) {
  const Cache* const l1 = find_cache(machine, 1);
  const Cache* const l2 = find_cache(machine, 2);
  const Cache* const l3 = find_cache(machine, 3);
  const std::size_t l1_bytes = l1 ? l1->bytes : 32 * KiB;
  const std::size_t l2_bytes = l2 ? l2->bytes : 512 * KiB;

  std::vector<Size> sizes{{"l1", l1_bytes / 2, 0}, {"l2", l2_bytes / 2, 0}};
  if (l3) {
    // Not more than 16 MiB: a virtual machine is shown the whole cache and not the neighbours that use it too.
    const std::size_t share = l3->bytes / static_cast<std::size_t>(std::max(1, l3->shared_by));
    const std::size_t working = std::max(std::min(share / 2, 16 * MiB), 2 * l2_bytes + l2_bytes / 2);
    if (working <= l3->bytes / 2) sizes.push_back({"llc", working, 0});
  }
  std::size_t memory = std::max(4 * (l3 ? l3->bytes : l2_bytes), 256 * MiB);
  if (machine.memory_bytes > 0) memory = std::min<std::size_t>(memory, machine.memory_bytes / 8);
  sizes.push_back({"memory", memory, 0});
  return sizes;
}

std::vector<Size> parse_sizes(std::string_view text, const Machine& machine) {
  const std::vector<Size> known = default_sizes(machine);
  std::vector<Size> sizes;
  const std::vector<std::string_view> parts = reports::split(text, ',');
  if (std::find(parts.begin(), parts.end(), "") != parts.end())
    throw Error("an empty name stands in the list of sizes");
  for (const std::string_view view : parts) {
    const std::string part(view);
    const auto named = std::find_if(known.begin(), known.end(), [&](const Size& size) { return size.name == part; });
    if (named != known.end()) {
      sizes.push_back(*named);
    } else if (const std::size_t elements = count(part)) {
      sizes.push_back({std::to_string(elements), 0, elements});
    } else if (part == "llc") {
      throw Error(
          "this machine has no last-level cache beyond its L2; sizes are l1, l2, memory, or a count of elements");
    } else {
      throw Error("--sizes: no size '" + part +
                  "'; sizes are l1, l2, llc, memory, or a count of elements such as 4096, 64k or 2^20");
    }
  }
  for (auto a = sizes.begin(); a != sizes.end();) {  // a size named twice is measured once
    const bool again = std::any_of(sizes.begin(), a, [&](const Size& b) { return a->name == b.name; });
    a = again ? sizes.erase(a) : a + 1;
  }
  return sizes;
}

std::size_t elements(const Size& size, std::size_t bytes) {
  return std::max<std::size_t>(1, size.elements ? size.elements : size.working_bytes / bytes);
}

std::size_t bytes_per_element(const Kernel& kernel) {
  return size_of(kernel.type) * static_cast<std::size_t>(2 + multipliers_of(kernel).count());
}

}  // namespace actbench::timing
