// SPDX-License-Identifier: Apache-2.0
#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#endif

#include <cstdlib>
#include <string_view>

#include "kernels/table.hpp"

namespace actbench {
namespace {

#ifdef __x86_64__
// Which vector registers the operating system saves. Only where cpuid says OSXSAVE.
__attribute__((target("xsave"))) unsigned long long saved_registers() { return _xgetbv(0); }

/// Each instruction set includes those above it in the list.
unsigned detect() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0, ignored = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return 0;
  constexpr unsigned long long ymm = 0x6;
  const unsigned long long saved = saved_registers();
  if (!(c & bit_FMA) || (saved & ymm) != ymm) return 0;
  unsigned features = cpu_fma;
  if (!__get_cpuid_count(7, 0, &a, &b, &ignored, &d)) return features;
  const auto has = [&](unsigned leaf1_ecx, unsigned leaf7_ebx, unsigned long long xcr0) {
    return (c & leaf1_ecx) == leaf1_ecx && (b & leaf7_ebx) == leaf7_ebx && (saved & xcr0) == xcr0;
  };
#define ACTBENCH_BACKEND(name, title, listed, lanes, leaf1_ecx, leaf7_ebx, xcr0, flags) \
  if (!has(leaf1_ecx, leaf7_ebx, xcr0)) return features;                                \
  features |= cpu_##name;
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
  return features;
}
#else
// All features are x86-64's. What other processors have is in the flags of the scalar kernels.
unsigned detect() noexcept { return 0; }
#endif

unsigned masked(unsigned features) noexcept {
  const char* variable = std::getenv("ACTBENCH_CPU_MASK");
  std::string_view left = variable ? variable : "";
  while (!left.empty()) {
    const std::size_t comma = left.find(',');
    const std::string_view word = left.substr(0, comma);
    if (word == "fma") features = 0;
#define ACTBENCH_BACKEND(name, ...) \
  if (word == #name) features &= unsigned{cpu_##name} - 1;
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
    left = comma == left.npos ? "" : left.substr(comma + 1);
  }
  return features;
}

}  // namespace

unsigned cpu_features() noexcept {
  static const unsigned features = masked(detect());
  return features;
}

}  // namespace actbench
