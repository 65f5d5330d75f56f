// SPDX-License-Identifier: Apache-2.0
//
// Kernels over rows: they keep the promise in the table, on rows of every kind; special rows are what they should be; a
// row's result depends on that row alone, not on others, on its place, alignment or on being written over its input;
// accurate kernels have the same bits on every backend; and the worst rows that were found stay as they are.
#include "actbench/rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

using bench::draw_row;
using bench::RowInputs;
using bench::RowSpec;

std::vector<const Kernel*> row_kernels() { return runnable_kernels(true); }

constexpr std::size_t lengths[] = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 1000, 1100};
constexpr double infinity = std::numeric_limits<double>::infinity();

/// The row as the kernel's own numbers.
std::vector<char> bytes_of(const Kernel& kernel, const std::vector<double>& row) {
  const std::size_t size = size_of(kernel.type);
  std::vector<char> bytes(row.size() * size + 1);
  for (std::size_t i = 0; i < row.size(); ++i) set(bytes.data(), i, size, bench::pattern_of(kernel.type, row[i]));
  return bytes;
}

std::vector<std::uint64_t> patterns(const Kernel& kernel, const char* bytes, std::size_t n) {
  std::vector<std::uint64_t> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(layout(kernel.type).canonical(get(bytes, i, size_of(kernel.type))));
  return all;
}

/// What the kernel makes of a row by itself.
std::vector<std::uint64_t> result_of(const Kernel& kernel, const RowInputs& row) {
  const std::size_t n = row.x.size();
  const std::vector<char> x = bytes_of(kernel, row.x), dy = bytes_of(kernel, row.dy);
  std::vector<char> y(n * size_of(kernel.type));
  apply_rows(kernel, x.data(), row.dy.empty() ? nullptr : dy.data(), y.data(), 1, n);
  return patterns(kernel, y.data(), n);
}

std::vector<double> values_of(const Kernel& kernel, const RowInputs& row) {
  std::vector<double> values;
  for (const std::uint64_t p : result_of(kernel, row)) values.push_back(to_double(kernel.type, p));
  return values;
}

std::string test_name(const testing::TestParamInfo<const Kernel*>& info) {
  std::string text = identity(*info.param);
  std::ranges::replace(text, '/', '_');
  return text;
}

class Rows : public testing::TestWithParam<const Kernel*> {
 protected:
  const Kernel& kernel = *GetParam();
};

TEST_P(Rows, KeepTheirPromise) {
  bench::RowOptions options;
  options.lengths = {1, 2, 3, 10, 65, 1000, 1500};
  options.elements = kernel.backend == Backend::cuda ? 1 << 11 : 1 << 15;  // emulated here, and slow
  options.threads = 1;
  options.seed = 11;
  const Kernel* const one[] = {&kernel};
  const auto results = bench::measure_rows(one, options);
  const bench::RowTally& total = results[0].total;
  EXPECT_GT(total.rows, 50u);
  EXPECT_LE(total.worst_goldberg, kernel.promised_ulp)
      << identity(kernel) << ": " << total.worst.row.generator << " seed " << total.worst.row.seed << " length "
      << total.worst.row.length << " scale " << total.worst.row.scale << " element " << total.worst.position << " got "
      << total.worst.got << " expected " << total.worst.expected;
  if (kernel.promised_ulp == 0.5) {
    EXPECT_EQ(total.elements.not_correctly_rounded, 0u) << identity(kernel);
  }
  if (kernel.tier == Tier::naive) return;
  EXPECT_EQ(total.elements.wrong_nans, 0u) << identity(kernel);
  EXPECT_EQ(total.elements.wrong_infinities, 0u) << identity(kernel);
  if (kernel.tier == Tier::accurate && kernel.type != Type::f64) {
    EXPECT_EQ(total.out_of_order, 0u) << identity(kernel);
  }
}

TEST_P(Rows, SpecialOnesAreRight) {
  if (kernel.tier == Tier::naive) return;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const bool logarithm = std::string_view(kernel.activation->name) == "log_softmax";
  const double sign = std::string_view(kernel.activation->name) == "softmin" ? -1 : 1;
  for (const std::size_t n : lengths) {
    for (std::size_t at = 0; at<n; at += n> 8 ? n / 3 : 1) {
      RowInputs row;
      if (kernel.direction == Direction::backward) {
        row.x.assign(n, logarithm ? -1.0 : 0.25);
        row.dy.assign(n, 0.5);
        row.dy[at] = nan;
        for (const double dx : values_of(kernel, row)) EXPECT_TRUE(std::isnan(dx)) << identity(kernel) << " dy " << n;
        row.dy[at] = infinity;
        const std::vector<double> against = values_of(kernel, row);
        for (std::size_t i = 0; i < n; ++i) {
          if (i == at) {
            EXPECT_TRUE(std::isnan(against[i])) << identity(kernel) << " dy inf, length " << n;
          } else {
            EXPECT_EQ(against[i], -sign * infinity) << identity(kernel) << " dy inf, length " << n;
          }
        }
        row.dy[at] = 0.5;
        row.x[at] = nan;
        const std::vector<double> dx = values_of(kernel, row);
        for (std::size_t i = 0; i < n; ++i)
          EXPECT_EQ(std::isnan(dx[i]), i == at || !logarithm) << identity(kernel) << " y " << n << " element " << i;
        continue;
      }
      row.x.assign(n, -sign * infinity);
      for (const double y : values_of(kernel, row)) EXPECT_TRUE(std::isnan(y)) << identity(kernel) << " all -inf " << n;
      row.x[at] = sign * 2;
      std::vector<double> y = values_of(kernel, row);
      for (std::size_t i = 0; i < n; ++i) {
        if (i == at) {
          EXPECT_NEAR(y[i], logarithm ? 0 : 1, kernel.tier == Tier::fast ? 1e-6 : 0) << identity(kernel) << n;
        } else {
          EXPECT_EQ(y[i], logarithm ? -infinity : 0) << identity(kernel) << " -inf among " << n;
          EXPECT_EQ(std::signbit(y[i]), logarithm) << identity(kernel);
        }
      }
      row.x.assign(n, 1);
      for (const double special : {sign * infinity, nan}) {
        row.x[at] = special;
        for (const double v : values_of(kernel, row))
          EXPECT_TRUE(std::isnan(v)) << identity(kernel) << " " << special << " among " << n;
      }
    }
  }
}

// The largest element's logarithm is -T for others that add up to T of it: -0 where that is too small for the type, and
// +0 where there are no others, or nothing but -inf.
TEST_P(Rows, LogarithmsNextToOneHaveTheirSign) {
  if (std::string_view(kernel.activation->name) != "log_softmax" || kernel.direction != Direction::forward ||
      kernel.tier == Tier::naive)
    return;
  for (const std::size_t n : lengths) {
    for (std::size_t at = 0; at<n; at += n> 8 ? n / 3 : 1) {
      for (const double top : {0.0, 3.0, 1000.0, -300.0, 60000.0}) {
        for (const double rest : {-infinity, -60000.0}) {
          for (const bool one_more : {false, true}) {
            RowInputs row;
            row.x.assign(n, rest);
            row.x[at] = top;
            if (one_more) row.x[n - 1 - at] = -50000;
            row.x[at] = top;
            const bool others = n > 1 && (rest > -infinity || (one_more && n - 1 - at != at));
            for (double& x : row.x) x = round_to(kernel.type, x);
            const std::vector<double> y = values_of(kernel, row);
            ASSERT_EQ(y[at], 0) << identity(kernel) << " " << n;
            ASSERT_EQ(std::signbit(y[at]), others)
                << identity(kernel) << " length " << n << " top " << top << " rest " << rest << " at " << at;
          }
        }
      }
    }
  }
}

// Rows between others, hostile ones too, at any place and alignment, over their input, with nothing beyond the end
// touched.
TEST_P(Rows, DependOnThemselvesAlone) {
  const std::size_t size = size_of(kernel.type);
  const auto generators = bench::row_generators(kernel.direction);
  for (const std::size_t n : lengths) {
    std::vector<RowInputs> rows;
    for (std::size_t r = 0; r < 5; ++r)
      rows.push_back(draw_row({generators[r % generators.size()], 100 + r, n, 10}, kernel));
    rows[1].x.assign(n, kernel.direction == Direction::forward ? -infinity : std::nan(""));
    rows[3].x[n / 2] = std::nan("");
    std::vector<double> x, dy;
    std::vector<std::uint64_t> expected;
    for (const RowInputs& row : rows) {
      const auto alone = result_of(kernel, row);
      expected.insert(expected.end(), alone.begin(), alone.end());
      x.insert(x.end(), row.x.begin(), row.x.end());
      dy.insert(dy.end(), row.dy.begin(), row.dy.end());
    }
    const std::vector<char> x_bytes = bytes_of(kernel, x), dy_bytes = bytes_of(kernel, dy);
    const std::size_t bytes = x.size() * size;
    for (const std::size_t offset : {std::size_t{0}, std::size_t{1}, size}) {
      for (const int over : {0, 1, 2}) {  // a result of its own; over x; over dy
        if (over == 2 && dy.empty()) continue;
        std::vector<char> x_place(bytes + offset + 64, 0x5a), dy_place = x_place, y_place = x_place;
        std::memcpy(x_place.data() + offset, x_bytes.data(), bytes);
        if (!dy.empty()) std::memcpy(dy_place.data() + offset, dy_bytes.data(), bytes);
        std::vector<char>& to = over == 0 ? y_place : over == 1 ? x_place : dy_place;
        apply_rows(kernel, x_place.data() + offset, dy.empty() ? nullptr : dy_place.data() + offset, to.data() + offset,
                   rows.size(), n);
        ASSERT_EQ(patterns(kernel, to.data() + offset, x.size()), expected)
            << identity(kernel) << " length " << n << " offset " << offset << " over " << over;
        for (std::size_t i = 0; i < 64; ++i) ASSERT_EQ(to[bytes + offset + i], 0x5a) << identity(kernel) << " " << n;
        for (std::size_t i = 0; i < offset; ++i) ASSERT_EQ(to[i], 0x5a) << identity(kernel) << " " << n;
      }
    }
  }
}

TEST_P(Rows, AreOneRowToApply) {
  const RowInputs row = draw_row({bench::row_generators(kernel.direction)[0], 5, 100, 1}, kernel);
  const std::vector<char> x = bytes_of(kernel, row.x), dy = bytes_of(kernel, row.dy);
  std::vector<char> y(100 * size_of(kernel.type), 0x5a);
  apply(kernel, x.data(), row.dy.empty() ? nullptr : dy.data(), y.data(), 0);
  EXPECT_EQ(y, std::vector<char>(y.size(), 0x5a)) << identity(kernel) << ": no elements";
  apply(kernel, x.data(), row.dy.empty() ? nullptr : dy.data(), y.data(), 100);
  EXPECT_EQ(patterns(kernel, y.data(), 100), result_of(kernel, row)) << identity(kernel);
}

// One element in 2^16 or so asks for the whole row once more: over its own input too.
TEST_P(Rows, LookCloserInPlace) {
  if (kernel.tier != Tier::accurate || kernel.type != Type::f32 || kernel.direction != Direction::forward) return;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const RowInputs row = draw_row({"normal", seed, 1000, 3}, kernel);
    std::vector<char> place = bytes_of(kernel, row.x);
    apply_rows(kernel, place.data(), nullptr, place.data(), 1, row.x.size());
    ASSERT_EQ(patterns(kernel, place.data(), row.x.size()), result_of(kernel, row)) << identity(kernel) << " " << seed;
  }
}

// Rows longer than what is looked at at a time, whose largest elements come late: little larger, much, beyond where x -
// m takes the place of x, after nothing but -inf. In place and not, to the bit.
TEST_P(Rows, FindTheirLargestLate) {
  if (kernel.tier == Tier::naive || kernel.direction != Direction::forward) return;
  constexpr std::size_t n = 5000;
  const bool logarithm = std::string_view(kernel.activation->name) == "log_softmax";
  const double sign = std::string_view(kernel.activation->name) == "softmin" ? -1 : 1;
  const auto rising = [](double to) { return [to](std::size_t i) { return to * static_cast<double>(i) / n; }; };
  const auto steps = [](double to) {
    return [to](std::size_t i) {
      return i < 4500 ? std::sin(static_cast<double>(i)) : to + std::cos(static_cast<double>(i));
    };
  };
  const std::function<double(std::size_t)> shapes[] = {
      rising(5),   rising(60),
      rising(-60), steps(8),
      steps(40),   steps(300),
      steps(3000), [](std::size_t i) {
        return i < 4200 ? -infinity : std::sin(static_cast<double>(i)); }};
  for (const auto& shape : shapes) {
    RowInputs row;
    for (std::size_t i = 0; i < n; ++i) row.x.push_back(round_to(kernel.type, sign * shape(i)));
    const auto result = result_of(kernel, row);
    std::vector<char> place = bytes_of(kernel, row.x);
    apply_rows(kernel, place.data(), nullptr, place.data(), 1, n);
    EXPECT_EQ(patterns(kernel, place.data(), n), result) << identity(kernel);

    const Layout l = layout(kernel.type);
    long double most = -INFINITY, sum = 0;
    for (const double x : row.x) most = std::max<long double>(most, sign * x);
    for (const double x : row.x) sum += std::exp(static_cast<long double>(sign * x) - most);
    const long double least_ulp = static_cast<long double>(to_double(kernel.type, 1));
    for (std::size_t i = 0; i < n; ++i) {
      const long double d = static_cast<long double>(sign * row.x[i]) - most;
      const long double exact = logarithm ? d - std::log(sum) : std::exp(d) / sum;
      const auto got = static_cast<long double>(to_double(kernel.type, result[i]));
      if (std::isinf(exact)) {
        ASSERT_EQ(got, exact) << identity(kernel) << " element " << i;
        continue;
      }
      const long double spacing =
          exact == 0 ? least_ulp : std::max(least_ulp, std::ldexp(1.0L, std::ilogb(exact) - l.fraction_bits));
      // A quarter for what a long double lacks of x - m.
      ASSERT_LE(std::abs(got - exact), (kernel.promised_ulp + 0.25L) * spacing)
          << identity(kernel) << " element " << i << " got " << got << " exact " << exact;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, Rows, testing::ValuesIn(row_kernels()), test_name);

TEST(RowBits, AreTheSameOnEveryBackend) {
  std::map<std::string, std::vector<const Kernel*>> by_name;
  for (const Kernel* kernel : row_kernels()) {
    const std::string text = identity(*kernel);
    if (kernel->tier == Tier::accurate) by_name[text.substr(0, text.rfind('/'))].push_back(kernel);
  }
  EXPECT_EQ(by_name.size(), 24u);
  for (const auto& [name, kernels] : by_name) {
    for (const char* generator : bench::row_generators(kernels[0]->direction)) {
      for (const std::size_t n : lengths) {
        for (const double scale : {1.0, 100.0}) {
          const RowInputs row = draw_row({generator, 7, n, scale}, *kernels[0]);
          const auto expected = result_of(*kernels[0], row);
          for (const Kernel* kernel : kernels) {
            ASSERT_EQ(result_of(*kernel, row), expected)
                << identity(*kernel) << " " << generator << " length " << n << " scale " << scale;
          }
        }
      }
    }
  }
}

TEST(RowTable, HasEveryKernel) {
  for (const char* activation : {"softmax", "log_softmax", "softmin"}) {
    for (const char* backend : {"scalar", "avx2", "avx512"}) {
      for (const char* type : {"f32", "f64", "f16", "bf16"}) {
        for (const char* rest : {"forward/{}/naive", "forward/{}/fast", "forward/{}/accurate", "backward/{}/naive",
                                 "backward/{}/fast", "backward/{}/accurate"}) {
          std::string text = std::string(activation) + "/" + rest + "/" + backend;
          text.replace(text.find("{}"), 2, type);
          EXPECT_NE(find(text), nullptr) << text;
        }
      }
    }
  }
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, ',');) fields.push_back(field);
  return fields;
}

/// The worst rows of `actbench accuracy --save-worst-rows FILE`: drawn again, they must be as they were, what is right
/// must be so still, and every kernel must keep its promise there.
TEST(WorstRows, StayRight) {
  std::ifstream file(ACTBENCH_TEST_DATA "/worst_rows.csv");
  std::string line;
  std::getline(file, line);
  ASSERT_EQ(line, "activation,direction,type,generator,seed,length,scale,position,x,dy,expected,ulp,tier");
  std::size_t count = 0;
  while (std::getline(file, line)) {
    const std::vector<std::string> f = split(line);
    ASSERT_EQ(f.size(), 13u) << line;
    ++count;
    const RowSpec spec{f[3], std::stoull(f[4]), std::stoull(f[5]), std::stod(f[6])};
    const std::size_t position = std::stoull(f[7]);
    for (const Kernel* kernel : row_kernels()) {
      if (kernel->activation->name != f[0] || name(kernel->direction) != f[1] || name(kernel->type) != f[2]) continue;
      const RowInputs row = draw_row(spec, *kernel);
      ASSERT_EQ(bench::pattern_of(kernel->type, row.x[position]), std::stoull(f[8], nullptr, 16)) << line;
      if (!f[9].empty()) {
        ASSERT_EQ(bench::pattern_of(kernel->type, row.dy[position]), std::stoull(f[9], nullptr, 16)) << line;
      }
      const reference::ExactRow exact(f[0], f[1], bench::format_of(kernel->type), row.x, row.dy);
      ASSERT_EQ(layout(kernel->type).canonical(bench::pattern_of(kernel->type, exact.rounded(position))),
                layout(kernel->type).canonical(std::stoull(f[10], nullptr, 16)))
          << line;
      const double got = values_of(*kernel, row)[position];
      EXPECT_LE(exact.ulp_error(position, got), kernel->promised_ulp) << identity(*kernel) << ": " << line;
    }
  }
  EXPECT_GT(count, 100u);
}

}  // namespace
}  // namespace actbench::test
