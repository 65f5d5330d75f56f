// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

#include "bench/numbers/random.hpp"
#include "bench/timing/timing.hpp"

namespace actbench::timing {
namespace {

struct Format {
  int min_exponent;           ///< of the smallest normal number
  int max_exponent;           ///< of the largest number
  int fraction_bits;          ///< after the leading one
  double tail_from, tail_to;  ///< |x| where sigmoid-like results are tiny, yet not all zero
};

Format format(Type type) {
  switch (type) {
    case Type::f32:
      return {-126, 127, 23, 5, 15};
    case Type::f64:
      return {-1022, 1023, 52, 5, 40};
    case Type::f16:
      return {-14, 15, 10, 3, 10};
    case Type::bf16:
      return {-126, 127, 7, 5, 15};
  }
  return {};
}

/// The bits of a 16-bit type, rounded to nearest even; |value| at most the largest finite number.
std::uint16_t half_bits(const Format& f, double value) {
  const double magnitude = std::fabs(value);
  int exponent = magnitude > 0 ? std::ilogb(magnitude) : f.min_exponent;
  exponent = std::max(exponent, f.min_exponent);
  const double units = std::nearbyint(std::ldexp(magnitude, f.fraction_bits - exponent));
  // The leading one, where there is one, adds 1 to the exponent field; a carry from rounding likewise.
  const unsigned bits =
      (static_cast<unsigned>(exponent - f.min_exponent) << f.fraction_bits) + static_cast<unsigned>(units);
  return static_cast<std::uint16_t>(bits | (std::signbit(value) ? 0x8000u : 0u));
}

double draw_normal(Random& random) {  // Box and Muller
  return 3 * std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform());
}

/// Other than 0, every one as likely.
double draw_subnormal(const Format& f, Random& random) {
  const double numbers = std::ldexp(1.0, f.fraction_bits) - 1;
  const double steps = 1 + std::floor(random.uniform() * numbers);
  const double magnitude = std::ldexp(steps, f.min_exponent - f.fraction_bits);
  return random.next() >> 63 ? -magnitude : magnitude;
}

double draw(const Format& f, Distribution distribution, Random& random) {
  switch (distribution) {
    case Distribution::normal:
    case Distribution::target:
      return draw_normal(random);
    case Distribution::mixed:
      return random.next() >> 58 == 0 ? draw_subnormal(f, random) : draw_normal(random);
    case Distribution::subnormal:
      return draw_subnormal(f, random);
    case Distribution::wide: {
      const double lowest = f.min_exponent - f.fraction_bits;
      const double exponent = lowest + random.uniform() * (f.max_exponent + 1 - lowest);
      const double largest = std::ldexp(2 - std::ldexp(1.0, -f.fraction_bits), f.max_exponent);
      const double magnitude = std::min(std::exp2(exponent), largest);
      return random.next() >> 63 ? -magnitude : magnitude;
    }
    case Distribution::tail: {
      const double magnitude = f.tail_from + random.uniform() * (f.tail_to - f.tail_from);
      return random.next() >> 63 ? -magnitude : magnitude;
    }
    case Distribution::constant:
      return 1;
  }
  return 0;
}

template <class T, class Convert>
void fill_as(T* data, std::size_t n, const Format& f, Distribution distribution, std::uint64_t seed, Convert convert) {
  Random random(seed);
  for (std::size_t i = 0; i < n; ++i) data[i] = convert(draw(f, distribution, random));
}

}  // namespace

void fill(Type type, Distribution distribution, std::uint64_t seed, void* data, std::size_t n) {
  const Format f = format(type);
  switch (type) {
    case Type::f32:
      return fill_as(static_cast<float*>(data), n, f, distribution, seed,
                     [](double value) { return static_cast<float>(value); });
    case Type::f64:
      return fill_as(static_cast<double*>(data), n, f, distribution, seed, [](double value) { return value; });
    case Type::f16:
    case Type::bf16:
      return fill_as(static_cast<std::uint16_t*>(data), n, f, distribution, seed,
                     [&f](double value) { return half_bits(f, value); });
  }
}

}  // namespace actbench::timing
