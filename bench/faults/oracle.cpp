// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench::faults {
namespace {

template <class U>
void narrow(Type type, const double* values, U* patterns, std::size_t n) {
  if constexpr (sizeof(U) == 4) {
    for (std::size_t i = 0; i < n; ++i) patterns[i] = std::bit_cast<U>(static_cast<float>(values[i]));
  } else {
    for (std::size_t i = 0; i < n; ++i) patterns[i] = static_cast<U>(pattern_of(type, values[i]));
  }
}

template <class U>
double rounded(Type type, double v) {
  if constexpr (sizeof(U) == 4) return static_cast<double>(static_cast<float>(v));
  return round_to(type, v);
}

}  // namespace

Oracle::Oracle(const Subject& subject)
    : kernel_(*subject.kernel),
      parameters_(subject.parameters),
      function_(reference::find(kernel_.activation->name, name(kernel_.direction))),
      format_(&format_of(kernel_.type)) {
  if (function_ == nullptr) {
    throw MissingError(fmt::format("the reference has no {} of {}", name(kernel_.direction), kernel_.activation->name));
  }
  const double x = 0.75;
  reference::Quick q{};
  reference::quick(*function_, *format_, with_multipliers(&x), &q, 1, parameters_);
  quick_ = std::isfinite(q.error);
}

template <class U>
void Oracle::right(const InputArrays& inputs, U* y, std::size_t n) {
  for (std::size_t first = 0; first < n; first += block_size) {
    const std::size_t count = std::min(block_size, n - first);
    const auto take = [&](const void* array, std::vector<double>& values) {
      if (array != nullptr) widen(kernel_.type, static_cast<const U*>(array) + first, values.data(), count);
    };
    take(inputs.x, x_);
    take(inputs.dy, dy_);
    take(inputs.a, a_);
    reference::quick(*function_, *format_, with_multipliers(x_.data()), quicks_.data(), count, parameters_);
    // The rounded quick value is nearly always right, and it is cheap to judge a result that is.
    for (std::size_t i = 0; i < count; ++i) {
      const double value = quicks_[i].hi + quicks_[i].lo;
      guess_[i] = rounded<U>(kernel_.type, quicks_[i].scale == 0 ? value : std::ldexp(value, quicks_[i].scale));
    }
    reference::judge(*function_, *format_, with_multipliers(x_.data()), quicks_.data(), guess_.data(),
                     judgements_.data(), count, parameters_);
    for (std::size_t i = 0; i < count; ++i) {
      const double v = judgements_[i].expected;
      guess_[i] = v != v ? std::numeric_limits<double>::quiet_NaN() : v;
    }
    narrow(kernel_.type, guess_.data(), y + first, count);
  }
}

template void Oracle::right(const InputArrays&, std::uint8_t*, std::size_t);
template void Oracle::right(const InputArrays&, std::uint16_t*, std::size_t);
template void Oracle::right(const InputArrays&, std::uint32_t*, std::size_t);
template void Oracle::right(const InputArrays&, std::uint64_t*, std::size_t);

reference::Exact Oracle::exact(const Point& input) const { return exact_at(kernel_, input, parameters_); }

reference::InputArrays Oracle::with_multipliers(const double* x) const {
  return reference_arrays(multipliers_of(kernel_), x, dy_.data(), a_.data());
}

}  // namespace actbench::bench::faults
