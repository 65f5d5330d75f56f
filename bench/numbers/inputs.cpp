// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <unordered_set>

#include "bench/numbers/random.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench {
namespace {

/// A permutation of the numbers of so many bits: every step (adding, multiplying by an odd number, a right shift added
/// in) can be undone.
inline std::uint64_t permute(std::uint64_t x, int width, std::uint64_t key) {
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  const int shift = width / 2 + 1;
  x = (x + key) * 0x9e3779b97f4a7c15 & mask;
  x ^= x >> shift;
  x = x * 0xd1342543de82ef95 & mask;
  x ^= x >> shift;
  return x;
}

}  // namespace

std::vector<std::uint64_t> special_inputs(Type type, std::span<const double> parameters) {
  const int fraction = fraction_bits(type);
  const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1);
  const std::uint64_t smallest_normal = std::uint64_t{1} << fraction;
  const std::uint64_t infinity = ((std::uint64_t{1} << exponent_bits(type)) - 1) << fraction;

  std::vector<std::uint64_t> patterns;
  std::unordered_set<std::uint64_t> seen;
  const auto add = [&](std::uint64_t pattern) {
    for (std::uint64_t p : {pattern, pattern ^ sign}) {
      if (seen.insert(p).second) patterns.push_back(p);
    }
  };
  const auto add_around = [&](std::uint64_t pattern, std::uint64_t reach) {
    pattern &= ~sign;
    add(pattern);
    for (std::uint64_t step = 1; step <= reach; ++step) {
      add(pattern + step);
      if (pattern >= step) add(pattern - step);
    }
  };

  add(0);
  add(infinity);
  for (std::uint64_t nan : {smallest_normal >> 1, std::uint64_t{1}, smallest_normal - 1, (smallest_normal >> 1) - 1}) {
    add(infinity | nan);  // quiet, signalling, and both with every bit of the payload
  }
  add_around(smallest_normal, 2);
  add_around(infinity - 1, 1);
  add_around(pattern_of(type, 1.0), 4);
  for (double p : parameters) {
    for (double related : {p, 1 / p, 1 + p, 1 - p}) {
      const double rounded = round_to(type, related);
      if (std::isfinite(rounded)) add_around(pattern_of(type, rounded), 8);
    }
  }
  for (int halves = 1; halves <= 256; ++halves) {
    const double value = round_to(type, halves * 0.5);
    if (value == halves * 0.5) add_around(pattern_of(type, value), 1);
  }
  for (std::uint64_t power = 1; power < smallest_normal; power <<= 1) {
    add_around(power, 1);
    for (std::uint64_t i = 1; i < 16; ++i) add(power | mix(power ^ i << 32) % power);
  }
  for (std::uint64_t power = smallest_normal; power < infinity; power += smallest_normal) add_around(power, 1);
  return patterns;
}

namespace {

/// The values whose pairs are all tried, of x or of dy: zeros, the ends of the subnormal, normal and finite ranges,
/// odd subnormals (half of one is a tie), infinities, NaNs, and some numbers with their neighbours; of both signs.
std::vector<std::uint64_t> telling(Type type, std::span<const double> values) {
  const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1);
  const std::uint64_t normal = std::uint64_t{1} << fraction_bits(type);
  const std::uint64_t infinity = pattern_of(type, HUGE_VAL);
  std::vector<std::uint64_t> patterns{
      0, 1, 2, 3, 5, normal - 1, normal, normal + 1, infinity - 1, infinity, infinity | normal >> 1, infinity | 1};
  for (double value : values) {
    const double rounded = round_to(type, std::fabs(value));
    if (rounded == 0 || !std::isfinite(rounded)) continue;
    const std::uint64_t pattern = pattern_of(type, rounded);
    for (std::uint64_t p : {pattern - 1, pattern, pattern + 1}) {
      if (std::find(patterns.begin(), patterns.end(), p) == patterns.end()) patterns.push_back(p);
    }
  }
  const std::size_t positive = patterns.size();
  for (std::size_t i = 0; i < positive; ++i) patterns.push_back(patterns[i] | sign);
  return patterns;
}

}  // namespace

InputArrays taken(Multipliers m, const InputArrays& all) {
  return {all.x, m.dy ? all.dy : nullptr, m.a ? all.a : nullptr};
}

reference::InputArrays reference_arrays(Multipliers m, const double* x, const double* dy, const double* a) {
  return m.count() == 2 ? reference::InputArrays{x, {dy, a}}
                        : reference::InputArrays{x,
                                                 {m.dy  ? dy
                                                  : m.a ? a
                                                        : nullptr}};
}

reference::Exact exact_at(const Kernel& kernel, const Point& point, std::span<const double> parameters) {
  const reference::Function* const function = reference::find(kernel.activation->name, name(kernel.direction));
  if (function == nullptr)
    throw MissingError(fmt::format("the reference has no {} of {}", name(kernel.direction), kernel.activation->name));
  const Multipliers m = multipliers_of(kernel);
  std::vector<double> inputs{value_of(kernel.type, point.x)};
  if (m.dy) inputs.push_back(value_of(kernel.type, point.dy));
  if (m.a) inputs.push_back(value_of(kernel.type, point.a));
  return {*function, format_of(kernel.type), inputs, parameters};
}

std::string text_of(const Kernel& kernel, const Point& point) {
  const Multipliers m = multipliers_of(kernel);
  std::string text = decimal(kernel.type, value_of(kernel.type, point.x));
  if (m.dy) text += ", dy " + decimal(kernel.type, value_of(kernel.type, point.dy));
  if (m.a) text += ", a " + decimal(kernel.type, value_of(kernel.type, point.a));
  return text;
}

int input_bits(Type type, Multipliers m) { return bits_of(type) * (1 + m.count()); }

Point Inputs::point_of(std::uint64_t x, std::uint64_t first, std::uint64_t second) const {
  if (!multipliers_.dy) return {x, 0, first};
  return {x, first, second};
}

Inputs::Inputs(Type type, std::span<const double> parameters, std::uint64_t count, std::uint64_t seed, Multipliers m)
    : type_(type), multipliers_(m) {
  if (input_bits(type, m) < 64 && count >= std::uint64_t{1} << input_bits(type, m)) {
    *this = all(type, m);
    return;
  }
  count_ = count;
  seed_ = mix(seed + 0x9e3779b97f4a7c15);
  const std::vector<std::uint64_t> special_x = special_inputs(type, parameters);
  if (m.count() == 0) {
    for (std::uint64_t x : special_x) special_.push_back({x});
    return;
  }
  // Where the activations have kinks, and where derivatives of gelu, mish and silu pass through zero.
  std::vector<double> values{0.5, 1, 3, 6, 0.7518, 1.1924, 1.2785};
  values.insert(values.end(), parameters.begin(), parameters.end());
  const double usual[] = {0.5, 1, 2, 3};
  const std::vector<std::uint64_t> telling_multipliers = telling(type, usual);
  const std::size_t kinds = telling_multipliers.size();
  const auto second = [&](std::size_t i) { return m.count() == 2 ? telling_multipliers[i % kinds] : 0; };
  for (std::uint64_t x : telling(type, values)) {
    for (std::size_t i = 0; i < kinds; ++i) {
      special_.push_back(point_of(x, telling_multipliers[i], second(special_.size() / kinds * 7 + i)));
    }
  }
  for (std::size_t i = 0; i < special_x.size(); ++i) {
    special_.push_back(point_of(special_x[i], telling_multipliers[i % kinds], second(i / kinds + 5 * i)));
  }
  special_multipliers_ = special_inputs(type, {});
  for (std::uint64_t n = 0; n < 1024; ++n) {  // twelve uniform numbers add up to about N(6, 1)
    double sum = -6;
    for (std::uint64_t i = 0; i < 12; ++i) sum += static_cast<double>(mix(12 * n + i + 1) >> 11) * 0x1p-53;
    normal_multipliers_.push_back(pattern_of(type, round_to(type, sum)));
  }
}

Inputs Inputs::all(Type type, Multipliers m) {
  if (input_bits(type, m) > 32) throw std::logic_error("too many inputs for all of them");
  Inputs inputs;
  inputs.type_ = type;
  inputs.multipliers_ = m;
  inputs.count_ = std::uint64_t{1} << input_bits(type, m);
  inputs.exhaustive_ = true;
  return inputs;
}

/// A multiplier for the input of that number within a stratum of x.
std::uint64_t Inputs::multiplier(std::uint64_t stratum, std::uint64_t number, std::uint64_t seed) const {
  const int fraction = fraction_bits(type_), strata_bits = bits_of(type_) - fraction;
  const std::uint64_t random = mix(seed ^ mix(number << strata_bits | stratum));
  const std::uint64_t any_fraction = random & ((std::uint64_t{1} << fraction) - 1);
  switch (number & 3) {
    case 0:
    case 1: {  // as the numbers go on, each stratum of x meets each of the multiplier's
      const std::uint64_t turn = (number >> 2) * 2 + (number & 1);
      return ((turn + stratum * 97) & ((std::uint64_t{1} << strata_bits) - 1)) << fraction | any_fraction;
    }
    case 2:
      return special_multipliers_[random % special_multipliers_.size()];
    default:
      return normal_multipliers_[random % normal_multipliers_.size()] ^ random >> (64 - std::max(1, fraction - 8));
  }
}

Point Inputs::point(std::uint64_t index) const {
  if (exhaustive_) {
    const int width = bits_of(type_);
    if (multipliers_.count() == 0) return {index};
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    if (multipliers_.count() == 1) return point_of(index & mask, index >> width, 0);
    return point_of(index & mask, index >> width & mask, index >> 2 * width);
  }
  if (index < special_.size()) return special_[index];
  index -= special_.size();
  const int fraction = fraction_bits(type_), strata_bits = bits_of(type_) - fraction;
  const std::uint64_t stratum = index & ((std::uint64_t{1} << strata_bits) - 1), number = index >> strata_bits;
  const std::uint64_t x = stratum << fraction | permute(number, fraction, seed_ + stratum * 0x632be59bd9b4e019);
  if (multipliers_.count() == 0) return {x};
  const std::uint64_t first = multiplier(stratum, number, seed_);
  if (multipliers_.count() == 1) return point_of(x, first, 0);
  // Its kind and its exponent are drawn anew.
  const std::uint64_t other = mix(seed_ + index);
  return point_of(x, first, multiplier(other >> 32 & ((std::uint64_t{1} << strata_bits) - 1), other >> 48, seed_ + 1));
}

void Inputs::fill(std::uint64_t first, std::size_t n, void* x, void* dy, void* a) const {
  if (exhaustive_ && type_ == Type::f32) {  // a loop that the compiler sees through
    auto* out = static_cast<std::uint32_t*>(x);
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint32_t>(first + i);
    return;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Point p = point(first + i);
    set_pattern(type_, x, i, p.x);
    if (multipliers_.dy) set_pattern(type_, dy, i, p.dy);
    if (multipliers_.a) set_pattern(type_, a, i, p.a);
  }
}

}  // namespace actbench::bench
