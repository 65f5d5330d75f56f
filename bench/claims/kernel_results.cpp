// SPDX-License-Identifier: Apache-2.0
#include "bench/claims/kernel_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "bench/device/call.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "reference/reference.hpp"

namespace actbench::bench::claim_parts {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The type in which a kernel of that type computes the textbook formula.
Type naive_arithmetic(Type type) { return type == Type::f64 ? Type::f64 : Type::f32; }

}  // namespace

const Kernel& kernel_of(const char* activation, Type type, Tier tier, const char* direction) {
  const std::string id = fmt::format("{}/{}/{}/{}/scalar", activation, direction, name(type), name(tier));
  const Kernel* kernel = find(id);
  if (kernel == nullptr) throw MissingError(fmt::format("this build has no kernel {}", id));
  return *kernel;
}

std::vector<Result> results(const Kernel& kernel, std::span<const double> xs) {
  const std::size_t n = xs.size();
  std::vector<std::uint64_t> x((n * size_of(kernel.type) + 7) / 8 + 1), y(x.size());
  for (std::size_t i = 0; i < n; ++i) set_pattern(kernel.type, x.data(), i, pattern_of(kernel.type, xs[i]));
  device::run(kernel, {x.data()}, y.data(), n, {});
  std::vector<double> got(n);
  widen(kernel.type, y.data(), got.data(), n);
  std::vector<double> parameters;
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i)
    parameters.push_back(round_to(kernel.type, kernel.activation->parameters[i].default_value));
  const reference::Function* f = reference::find(kernel.activation->name, name(kernel.direction));
  std::vector<reference::Quick> quick(n);
  std::vector<reference::Judgement> judged(n);
  reference::quick(*f, format_of(kernel.type), {xs.data()}, quick.data(), n, parameters);
  reference::judge(*f, format_of(kernel.type), {xs.data()}, quick.data(), got.data(), judged.data(), n, parameters);
  std::vector<Result> all;
  for (std::size_t i = 0; i < n; ++i) all.push_back({xs[i], got[i], judged[i].expected, judged[i].ulp});
  return all;
}

std::vector<double> outwards(Type type, int side, double from) {
  const std::uint64_t first = pattern_of(type, round_to(type, from)), last = pattern_of(type, infinity);
  const std::uint64_t most = type == Type::f64 ? 1 << 14 : 1 << 17;
  const std::uint64_t count = std::min(last - first + 1, most);
  std::vector<double> xs;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto step = static_cast<unsigned __int128>(last - first) * i / (count - 1);
    xs.push_back(side * value_of(type, first + static_cast<std::uint64_t>(step)));
  }
  return xs;
}

Result first_of(const Kernel& kernel, int side, double from, const std::function<bool(const Result&)>& condition,
                bool for_good) {
  const std::vector<double> xs = outwards(kernel.type, side, from);
  const std::vector<Result> all = results(kernel, xs);
  std::size_t at = all.size();
  if (for_good) {
    while (at > 0 && condition(all[at - 1])) --at;
  } else {
    at = static_cast<std::size_t>(std::find_if(all.begin(), all.end(), condition) - all.begin());
  }
  if (at == all.size()) return {side * infinity, 0, 0, 0};
  if (at == 0) return all[0];
  std::uint64_t low = pattern_of(kernel.type, std::abs(xs[at - 1])), high = pattern_of(kernel.type, std::abs(xs[at]));
  Result found = all[at];
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    const double x = side * value_of(kernel.type, middle);
    const Result r = results(kernel, {&x, 1})[0];
    if (condition(r)) {
      high = middle;
      found = r;
    } else {
      low = middle;
    }
  }
  return found;
}

Result worst_of(const Kernel& kernel, int side, double from) {
  const std::vector<Result> all = results(kernel, outwards(kernel.type, side, from));
  return *std::max_element(all.begin(), all.end(), [](const Result& a, const Result& b) { return a.ulp < b.ulp; });
}

double exponential_overflow(Type type) {
  const reference::Format& format = format_of(naive_arithmetic(type));
  const long double least = std::ldexp(2 - std::ldexp(1.0L, -format.precision), format.max_exponent);
  const auto number = [&](std::uint64_t pattern) { return value_of(type, pattern); };
  std::uint64_t pattern = pattern_of(type, round_to(type, static_cast<double>(std::log(least))));
  while (std::exp(static_cast<long double>(number(pattern))) < least) ++pattern;
  while (std::exp(static_cast<long double>(number(pattern - 1))) >= least) --pattern;
  return number(pattern);
}

}  // namespace actbench::bench::claim_parts
