// SPDX-License-Identifier: Apache-2.0
//
// Correctly rounded results of whole arrays.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "bench/faults/oracle.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "python/src/request.hpp"
#include "reference/rows.hpp"

namespace actbench::python {
namespace {

using bench::faults::Oracle;

/// Element i of an array that may be absent.
template <class U>
const U* at(const void* array, std::size_t i) {
  return array == nullptr ? nullptr : static_cast<const U*>(array) + i;
}

template <class U>
void fill(const Request& what, const InputArrays& in, void* y, std::size_t n, unsigned threads) {
  constexpr std::size_t piece = bench::faults::block_size;
  const std::uint64_t pieces = (n + piece - 1) / piece;
  threads = bench::thread_count(threads, pieces);
  const bench::Subject subject{what.kernel, what.parameters};
  std::vector<std::unique_ptr<Oracle>> oracles(threads);
  bench::parallel(pieces, threads, nullptr, until_interrupted(), [&](unsigned thread, std::uint64_t index) {
    auto& oracle = oracles[thread];
    if (oracle == nullptr) oracle = std::make_unique<Oracle>(subject);
    const std::size_t first = index * piece;
    oracle->right(InputArrays{at<U>(in.x, first), at<U>(in.dy, first), at<U>(in.a, first)}, static_cast<U*>(y) + first,
                  std::min(piece, n - first));
  });
}

void fill_row(const Kernel& kernel, const InputArrays& in, void* y, std::size_t first, std::size_t length) {
  const std::size_t size = size_of(kernel.type);
  const auto values = [&](const void* array) {
    std::vector<double> out(array == nullptr ? 0 : length);
    if (array != nullptr) bench::widen(kernel.type, static_cast<const char*>(array) + first * size, out.data(), length);
    return out;
  };
  const reference::ExactRow row(kernel.activation->name, name(kernel.direction), bench::format_of(kernel.type),
                                values(in.x), values(in.dy));
  const std::vector<double> guess(length, 0.0);
  std::vector<reference::Judgement> judged(length);
  row.judge(guess.data(), judged.data());
  for (std::size_t i = 0; i < length; ++i) {
    const double v = judged[i].expected;
    const double right = v != v ? std::numeric_limits<double>::quiet_NaN() : v;
    bench::set_pattern(kernel.type, y, first + i, bench::pattern_of(kernel.type, right));
  }
}

void exact(const std::string& activation, const std::string& direction, const std::string& type, const Patterns& x,
           const WritablePatterns& out, const std::optional<Patterns>& dy, const std::optional<Patterns>& a,
           const Settings& settings, std::size_t row, unsigned threads) {
  const Request what = request(activation, direction, type, settings);
  const InputArrays in = inputs_of(*what.kernel, x, dy, a);
  check_output(*what.kernel, x, Patterns(out));
  const std::size_t n = x.size();
  if (n == 0) return;
  void* const y = out.data();
  const nb::gil_scoped_release unlocked;
  if (what.kernel->activation->shape == Shape::rows) {
    if (row == 0 || n % row != 0) throw bench::UsageError("rows must be whole: x must have a multiple of their length");
    const std::uint64_t rows = n / row;
    bench::parallel(rows, bench::thread_count(threads, rows), nullptr, until_interrupted(),
                    [&](unsigned, std::uint64_t i) { fill_row(*what.kernel, in, y, i * row, row); });
    return;
  }
  switch (size_of(what.kernel->type)) {
    case 1:
      return fill<std::uint8_t>(what, in, y, n, threads);
    case 2:
      return fill<std::uint16_t>(what, in, y, n, threads);
    case 4:
      return fill<std::uint32_t>(what, in, y, n, threads);
    default:
      return fill<std::uint64_t>(what, in, y, n, threads);
  }
}

}  // namespace

void add_exact(nb::module_& module) {
  module.def("exact", plainly(exact), nb::arg("activation"), nb::arg("direction"), nb::arg("type"), nb::arg("x"),
             nb::arg("out"), nb::arg("dy").none(), nb::arg("a").none(), nb::arg("parameters"), nb::arg("row"),
             nb::arg("threads"));
}

}  // namespace actbench::python
