// SPDX-License-Identifier: Apache-2.0
//
// The kernels for CUDA, emulated, against the scalar ones: every row, the same bits, whatever the length, the alignment
// of each array and the place in it, and not a byte written beside.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "kernels/table.hpp"
#include "tests/cuda_emulated/call.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench {

extern const KernelTable* const emulated_tables[];
extern const std::size_t emulated_tables_count;

namespace cuda_emulated {

void launch(const Kernel& kernel, const Arguments& a, void (*walk)(const cuda::Call&)) noexcept {
  walk(call_of(kernel, a));
}

}  // namespace cuda_emulated

namespace {

using namespace test;

constexpr unsigned char untouched = 0xA5;
constexpr std::size_t margin = 32;  // bytes before and after an array

const Kernel* scalar_kernel(Kernel kernel) {
  kernel.backend = Backend::scalar;
  return find(identity(kernel));
}

/// n numbers of the type as patterns, with room around them, from a place that is `offset` bytes off a multiple of 16.
class Array {
 public:
  Array(std::size_t bytes, std::size_t offset) : storage_(bytes + 2 * margin + 16, untouched), bytes_(bytes) {
    const auto start = reinterpret_cast<std::uintptr_t>(storage_.data());
    first_ = storage_.data() + (16 - start % 16) % 16 + offset;
  }
  unsigned char* data() { return first_; }
  bool is_intact() const {
    const auto is = [](unsigned char byte) { return byte == untouched; };
    return std::all_of(storage_.data(), static_cast<const unsigned char*>(first_), is) &&
           std::all_of(static_cast<const unsigned char*>(first_) + bytes_, storage_.data() + storage_.size(), is);
  }

 private:
  std::vector<unsigned char> storage_;
  std::size_t bytes_;
  unsigned char* first_;
};

enum class Place { apart, over_x, over_dy, over_a };

struct Case {
  std::size_t x_offset, dy_offset, a_offset, y_offset;
  Place place;
};

/// What is wrong with a kernel's results for these inputs; empty where nothing is.
std::string difference(const Kernel& kernel, const Kernel& wanted, const std::vector<std::uint64_t>& x,
                       const std::vector<std::uint64_t>& dy, const std::vector<std::uint64_t>& a, const Case& c) {
  const std::size_t size = size_of(kernel.type), n = x.size();
  const Layout l = layout(kernel.type);
  std::vector<double> parameters = default_parameters(kernel);
  parameters.push_back(0);  // never an empty array
  Array x_array(n * size, c.x_offset), dy_array(n * size, c.dy_offset), a_array(n * size, c.a_offset),
      y_array(n * size, c.y_offset);
  for (std::size_t i = 0; i < n; ++i) {
    set(x_array.data(), i, size, x[i]);
    set(dy_array.data(), i, size, dy[i]);
    set(a_array.data(), i, size, a[i]);
  }
  std::vector<unsigned char> want(n * size);
  run(wanted, {x_array.data(), dy_array.data(), a_array.data()}, want.data(), n, parameters);
  Array& y = c.place == Place::over_x    ? x_array
             : c.place == Place::over_dy ? dy_array
             : c.place == Place::over_a  ? a_array
                                         : y_array;
  Kernel emulated = kernel;
  emulated.backend = Backend::scalar;  // which is where its arrays are
  run(emulated, {x_array.data(), dy_array.data(), a_array.data()}, y.data(), n, parameters);

  std::ostringstream text;
  text << identity(kernel) << ", n " << n << ", offsets " << c.x_offset << ' ' << c.dy_offset << ' ' << c.a_offset
       << ' ' << c.y_offset << ", place " << static_cast<int>(c.place) << ": " << std::hex;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t got = l.canonical(get(y.data(), i, size)), right = l.canonical(get(want.data(), i, size));
    if (got == right) continue;
    text << "0x" << got << " for 0x" << right << " at x 0x" << x[i] << ", dy 0x" << dy[i] << ", a 0x" << a[i];
    return text.str();
  }
  if (!x_array.is_intact() || !dy_array.is_intact() || !a_array.is_intact() || !y_array.is_intact()) {
    text << "written beside the array";
    return text.str();
  }
  return {};
}

/// Inputs spread over all patterns: an odd stride meets none twice before it has met all.
void fill(std::vector<std::uint64_t>& x, std::vector<std::uint64_t>& dy, std::vector<std::uint64_t>& a,
          std::size_t size, std::uint64_t& state) {
  const std::uint64_t mask = ~std::uint64_t{0} >> (64 - 8 * size);
  for (std::size_t i = 0; i < x.size(); ++i) {
    ++state;
    x[i] = state * (0x9e3779b97f4a7c15 >> (64 - 8 * size) | 1) & mask;
    dy[i] = state * (0xd1b54a32d192ed03 >> (64 - 8 * size) | 1) & mask;
    a[i] = state * (0x94d049bb133111eb >> (64 - 8 * size) | 1) & mask;
  }
}

class CudaEmulated : public testing::TestWithParam<const KernelTable*> {};

TEST_P(CudaEmulated, HasTheRowsOfTheCpu) {
  const std::string activation = GetParam()->kernels[0].activation->name;
  const auto on_cpu = std::ranges::count_if(
      kernels(), [&](const Kernel& k) { return k.activation->name == activation && k.backend == Backend::scalar; });
  EXPECT_EQ(static_cast<std::ptrdiff_t>(GetParam()->count), on_cpu);
  for (const Kernel& kernel : std::span(GetParam()->kernels, GetParam()->count)) {
    const Kernel* const scalar = scalar_kernel(kernel);
    ASSERT_NE(scalar, nullptr) << identity(kernel);
    EXPECT_EQ(kernel.backend, Backend::cuda);
    EXPECT_EQ(kernel.promised_ulp, scalar->promised_ulp) << identity(kernel);
  }
}

TEST_P(CudaEmulated, GivesTheBitsOfScalarAtAnyPlace) {
  for (const Kernel& kernel : std::span(GetParam()->kernels, GetParam()->count)) {
    const Kernel& scalar = *scalar_kernel(kernel);
    const std::size_t size = size_of(kernel.type);
    const std::vector<std::uint64_t> telling = telling_values(kernel.type);
    std::size_t next = 0;
    for (std::size_t n = 0; n < 70; ++n) {
      std::vector<std::uint64_t> x(n), dy(n), a(n);
      for (std::size_t i = 0; i < n; ++i) {
        x[i] = telling[(i * 7 + n) % telling.size()];
        dy[i] = telling[(i * 11 + n) % telling.size()];
        a[i] = telling[(i * 13 + n) % telling.size()];
      }
      // All alike, by whole elements, by bytes; and a different combination each time.
      for (const Case& c : {Case{0, 0, 0, 0, Place::apart}, Case{size, size, size, size, Place::over_x},
                            Case{1, 1, 1, 1, Place::over_dy}, Case{0, 0, size, 0, Place::over_a},
                            Case{next * 5 % 16, next * 3 % 16, next * 7 % 16, next % 16, static_cast<Place>(next % 4)},
                            Case{next * 3 % 16 / size * size, next * 5 % 16 / size * size, next * 7 % 16 / size * size,
                                 next % 16 / size * size, static_cast<Place>(next / 4 % 4)}}) {
        ASSERT_EQ(difference(kernel, scalar, x, dy, a, c), "");
      }
      ++next;
    }
  }
}

TEST_P(CudaEmulated, GivesTheBitsOfScalarForInputsOfAllKinds) {
  for (const Kernel& kernel : std::span(GetParam()->kernels, GetParam()->count)) {
    const Kernel& scalar = *scalar_kernel(kernel);
    const std::size_t n = 1 << 12, rounds = kernel.tier == Tier::naive ? 1 : 16;  // 2^16: all of a half type
    std::vector<std::uint64_t> x(n), dy(n), a(n);
    std::uint64_t state = 0;
    for (std::size_t round = 0; round < rounds; ++round) {
      fill(x, dy, a, size_of(kernel.type), state);
      ASSERT_EQ(difference(kernel, scalar, x, dy, a, {0, 0, 0, 0, Place::apart}), "");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, CudaEmulated,
                         testing::ValuesIn(emulated_tables, emulated_tables + emulated_tables_count),
                         [](const auto& instance) { return std::string(instance.param->kernels[0].activation->name); });

/// The comparison itself.
TEST(CudaEmulatedComparison, FindsAWrongBitAndAByteBeside) {
  const Kernel& good = *find("identity/forward/f32/accurate/scalar");
  const auto changed = [](const Arguments& a) noexcept {
    std::memcpy(a.y, a.x, a.n * 4);
    static_cast<unsigned char*>(a.y)[4 * (a.n / 2)] ^= 1;
  };
  const auto beside = [](const Arguments& a) noexcept {
    std::memcpy(a.y, a.x, a.n * 4);
    static_cast<unsigned char*>(a.y)[4 * a.n] = 0;
  };
  Kernel bad = good;
  const std::vector<std::uint64_t> x(33, 0x3f800000);
  EXPECT_EQ(difference(good, good, x, x, x, {1, 2, 5, 3, Place::apart}), "");
  bad.run = changed;
  EXPECT_NE(difference(bad, good, x, x, x, {0, 0, 0, 0, Place::apart}).find("0x3f800001 for 0x3f800000"),
            std::string::npos);
  bad.run = beside;
  EXPECT_NE(difference(bad, good, x, x, x, {0, 0, 0, 0, Place::over_x}).find("beside"), std::string::npos);
}

}  // namespace
}  // namespace actbench
