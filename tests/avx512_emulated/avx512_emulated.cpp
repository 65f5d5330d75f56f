// SPDX-License-Identifier: Apache-2.0
//
// The fast and accurate AVX-512 kernels, emulated, against the AVX2 ones: the same bits for inputs spread over all
// patterns. ACTBENCH_EMULATED_INPUTS says how many.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "kernels/table.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench {

extern const KernelTable* const emulated_tables[];
extern const std::size_t emulated_tables_count;

namespace {

using namespace test;

/// Of forward in f32; a 64th of that of the other directions and types. Where the CPU has AVX-512, the real kernels are
/// compared by kernels_bits.cpp, and a 64th of all that will do.
std::uint64_t input_count() {
  const char* text = std::getenv("ACTBENCH_EMULATED_INPUTS");
  if (text) return std::strtoull(text, nullptr, 10);
  return std::uint64_t{1} << (unrunnable_reason(Backend::avx512) ? 26 : 20);
}

std::string identity_on(Kernel kernel, Backend backend) {
  kernel.backend = backend;
  return identity(kernel);
}

/// n inputs as patterns of the type, and as many gradients.
struct Patterns {
  std::vector<char> x, dy;
};

void compare(const Kernel& emulated, const Kernel& avx2, const Patterns& in) {
  const std::size_t size = size_of(emulated.type), n = in.x.size() / size;
  const Layout l = layout(emulated.type);
  std::vector<double> parameters = default_parameters(emulated);
  parameters.push_back(0);  // never an empty array
  std::vector<char> got(in.x.size()), want(in.x.size());
  run(emulated, in.x.data(), in.dy.data(), got.data(), n, parameters);
  run(avx2, in.x.data(), in.dy.data(), want.data(), n, parameters);
  if (got == want) return;
  for (std::size_t i = 0; i < n; ++i) {
    ASSERT_EQ(l.canonical(get(got.data(), i, size)), l.canonical(get(want.data(), i, size)))
        << identity(avx2) << " of 0x" << std::hex << get(in.x.data(), i, size) << " in an array of " << std::dec << n;
  }
}

class Avx512Emulated : public testing::TestWithParam<const KernelTable*> {};

TEST_P(Avx512Emulated, GivesTheBitsOfAvx2) {
  if (unrunnable_reason(Backend::avx2)) GTEST_SKIP() << unrunnable_reason(Backend::avx2);
  for (const Kernel& emulated : std::span(GetParam()->kernels, GetParam()->count)) {
    if (emulated.tier == Tier::naive) continue;
    ASSERT_EQ(emulated.backend, Backend::avx512);
    const Kernel* avx2 = find(identity_on(emulated, Backend::avx2));
    ASSERT_NE(avx2, nullptr);
    const std::size_t size = size_of(emulated.type);

    const std::vector<std::uint64_t> telling = telling_values(emulated.type);
    for (std::size_t length = 0; length < 40; ++length) {
      Patterns in{std::vector<char>(length * size), std::vector<char>(length * size)};
      for (std::size_t i = 0; i < length; ++i) {
        set(in.x.data(), i, size, telling[(i * 7 + length) % telling.size()]);
        set(in.dy.data(), i, size, telling[(i * 11 + length) % telling.size()]);
      }
      compare(emulated, *avx2, in);
    }
    // An odd stride meets no pattern twice before it has met all.
    const bool leading = emulated.direction == Direction::forward && emulated.type == Type::f32;
    const std::size_t n = 1 << 14;
    const std::uint64_t share = leading ? input_count() : input_count() / 64;
    const std::uint64_t count = size == 2 ? std::min<std::uint64_t>(share, 1 << 16) : share;
    Patterns in{std::vector<char>(n * size), std::vector<char>(n * size)};
    std::uint64_t x = 0, dy = 0;
    for (std::uint64_t done = 0; done < count && !HasFatalFailure(); done += n) {
      for (std::size_t i = 0; i < n; ++i) {
        set(in.x.data(), i, size, x += 0x9e3779b97f4a7c15 >> (64 - 8 * size) | 1);
        set(in.dy.data(), i, size, dy += 0xd1b54a32d192ed03 >> (64 - 8 * size) | 1);
      }
      compare(emulated, *avx2, in);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, Avx512Emulated,
                         testing::ValuesIn(emulated_tables, emulated_tables + emulated_tables_count),
                         [](const auto& instance) { return std::string(instance.param->kernels[0].activation->name); });

}  // namespace
}  // namespace actbench
