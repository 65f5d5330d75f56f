// SPDX-License-Identifier: Apache-2.0
//
// The fast and accurate AVX-512 kernels, emulated, against the AVX2 ones: the same bits for inputs spread over all
// patterns, and of accurate for rows of every kind. ACTBENCH_EMULATED_INPUTS says how many inputs. Those of rows that
// round more than once keep their promise.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "actbench/rows.hpp"
#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
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

/// The emulated tables over rows, or all others.
std::vector<const KernelTable*> tables(bool over_rows) {
  std::vector<const KernelTable*> found;
  for (const KernelTable* table : std::span(emulated_tables, emulated_tables_count)) {
    if ((table->kernels[0].activation->shape == Shape::rows) == over_rows) found.push_back(table);
  }
  return found;
}

class Emulated : public testing::TestWithParam<const KernelTable*> {
 protected:
  void SetUp() override {
    if (unrunnable_reason(Backend::avx2)) GTEST_SKIP() << unrunnable_reason(Backend::avx2);
  }
};
class Avx512Emulated : public Emulated {};
class Avx512EmulatedRows : public Emulated {};

TEST_P(Avx512Emulated, GivesTheBitsOfAvx2) {
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

/// The rows' results, one after the other, over the first array of the inputs if so asked.
std::vector<std::uint64_t> results(const Kernel& kernel, std::span<const bench::RowInputs> rows, bool in_place) {
  const std::size_t size = size_of(kernel.type), n = rows[0].x.size();
  Patterns in{std::vector<char>(rows.size() * n * size), std::vector<char>(rows.size() * n * size)};
  for (std::size_t i = 0; i < rows.size() * n; ++i) {
    const bench::RowInputs& row = rows[i / n];
    set(in.x.data(), i, size, bench::pattern_of(kernel.type, row.x[i % n]));
    if (!row.dy.empty()) set(in.dy.data(), i, size, bench::pattern_of(kernel.type, row.dy[i % n]));
  }
  std::vector<char> apart(in.x.size());
  char* const y = in_place ? in.x.data() : apart.data();
  apply_rows(kernel, in.x.data(), rows[0].dy.empty() ? nullptr : in.dy.data(), y, rows.size(), n);
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < rows.size() * n; ++i) all.push_back(layout(kernel.type).canonical(get(y, i, size)));
  return all;
}

TEST_P(Avx512EmulatedRows, GiveTheBitsOfAvx2) {
  std::vector<std::size_t> lengths{127, 128, 129, 1000};
  for (std::size_t length = 1; length < 70; ++length) lengths.push_back(length);
  for (const Kernel& emulated : std::span(GetParam()->kernels, GetParam()->count)) {
    if (emulated.tier != Tier::accurate) continue;
    ASSERT_EQ(emulated.backend, Backend::avx512);
    const Kernel* avx2 = find(identity_on(emulated, Backend::avx2));
    ASSERT_NE(avx2, nullptr);
    for (const std::size_t length : lengths) {
      std::vector<bench::RowInputs> rows;
      for (const char* generator : bench::row_generators(emulated.direction)) {
        for (const double scale : {1.0, 100.0})
          rows.push_back(bench::draw_row({generator, length, length, scale}, *avx2));
      }
      // One element in 2^16 or so asks for the whole row once more.
      const bool many = length == 1000 && emulated.type == Type::f32 && emulated.direction == Direction::forward;
      for (std::uint64_t seed = 0; many && seed < 300; ++seed)
        rows.push_back(bench::draw_row({"normal", seed, length, 3}, *avx2));
      rows.push_back(rows[0]);  // and one that says nothing to its neighbours
      rows.back().x[length / 2] = std::nan("");
      const std::vector<std::uint64_t> expected = results(*avx2, rows, false);
      for (const bool in_place : {false, true})
        ASSERT_EQ(results(emulated, rows, in_place), expected) << identity(*avx2) << ", rows of " << length;
    }
  }
}

TEST_P(Avx512EmulatedRows, KeepTheirPromises) {
  bench::RowOptions options;
  options.lengths = {1, 2, 3, 17, 65, 1000};
  options.elements = 1 << 14;
  options.threads = 1;
  std::size_t promises = 0;
  for (const Kernel& emulated : std::span(GetParam()->kernels, GetParam()->count)) {
    if (!std::isfinite(emulated.promised_ulp)) continue;
    ++promises;
    const Kernel* const one[] = {&emulated};
    const bench::RowTally total = bench::measure_rows(one, options)[0].total;
    EXPECT_LE(total.worst_goldberg, emulated.promised_ulp)
        << identity(emulated) << ": " << total.worst.row.generator << " seed " << total.worst.row.seed << " length "
        << total.worst.row.length << " scale " << total.worst.row.scale << " element " << total.worst.position;
    EXPECT_EQ(total.elements.wrong_nans + total.elements.wrong_infinities, 0u) << identity(emulated);
    EXPECT_TRUE(bench::special_rows(one).faults.empty()) << identity(emulated);
  }
  EXPECT_EQ(promises, 16u) << "fast and accurate, forward and backward, in four types";
}

const auto activation_name = [](const auto& instance) {
  return std::string(instance.param->kernels[0].activation->name);
};
INSTANTIATE_TEST_SUITE_P(Kernels, Avx512Emulated, testing::ValuesIn(tables(false)), activation_name);
INSTANTIATE_TEST_SUITE_P(Kernels, Avx512EmulatedRows, testing::ValuesIn(tables(true)), activation_name);

}  // namespace
}  // namespace actbench
