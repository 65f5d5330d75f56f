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

unsigned detect() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return 0;
  constexpr unsigned long long ymm = 0x6, zmm = 0xe6;
  const unsigned long long saved = saved_registers();
  const bool fma = (c & bit_FMA) && (saved & ymm) == ymm;
  const bool f16c = c & bit_F16C;
  unsigned features = fma ? unsigned{cpu_fma} : 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return features;
  if (fma && f16c && (b & bit_AVX2)) features |= cpu_avx2;
  constexpr unsigned avx512 = bit_AVX512F | bit_AVX512DQ | bit_AVX512BW | bit_AVX512VL;
  if ((features & cpu_avx2) && (b & avx512) == avx512 && (saved & zmm) == zmm) features |= cpu_avx512;
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
    if (word == "avx2") features &= ~unsigned{cpu_avx2 | cpu_avx512};
    if (word == "avx512") features &= ~unsigned{cpu_avx512};
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
