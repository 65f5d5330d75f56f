// SPDX-License-Identifier: Apache-2.0
#include "bench/numbers/distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/file_values.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/random.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using Kind = Distribution::Kind;

/// A kind, and how many numbers follow its name: at least, at most.
struct Named {
  const char* name;
  Distribution standard;
  std::size_t least, most;
};
constexpr Named names[] = {{"normal", Distribution::normal, 0, 1},       {"mixed", Distribution::mixed, 0, 0},
                           {"subnormal", Distribution::subnormal, 0, 0}, {"wide", Distribution::wide, 0, 0},
                           {"tail", Distribution::tail, 0, 0},           {"constant", Distribution::constant, 0, 1},
                           {"target", Distribution::target, 0, 0},       {"uniform", {Kind::uniform}, 2, 2},
                           {"bits", Distribution::bits, 0, 0},           {"special", Distribution::special, 0, 0}};

const Named& named(Kind kind) {
  return *std::find_if(std::begin(names), std::end(names), [&](const Named& n) { return n.standard.kind == kind; });
}

struct Format {
  int min_exponent;           ///< of the smallest normal number
  int max_exponent;           ///< of the largest number
  int fraction_bits;          ///< after the leading one
  double tail_from, tail_to;  ///< |x| where sigmoid-like results are tiny, yet not all zero

  double largest() const { return std::ldexp(2 - std::ldexp(1.0, -fraction_bits), max_exponent); }
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
  return type == f8_e4m3fn ? Format{-6, 8, 3, 2, 6} : Format{-14, 15, 2, 3, 10};
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

double draw_normal(Random& random, double sigma) {  // Box and Muller
  return sigma * std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform());
}

/// Other than 0, every one as likely.
double draw_subnormal(const Format& f, Random& random) {
  const double numbers = std::ldexp(1.0, f.fraction_bits) - 1;
  const double steps = 1 + std::floor(random.uniform() * numbers);
  const double magnitude = std::ldexp(steps, f.min_exponent - f.fraction_bits);
  return random.next() >> 63 ? -magnitude : magnitude;
}

double draw_wide(const Format& f, Random& random) {
  const double lowest = f.min_exponent - f.fraction_bits;
  const double exponent = lowest + random.uniform() * (f.max_exponent + 1 - lowest);
  const double magnitude = std::min(std::exp2(exponent), f.largest());
  return random.next() >> 63 ? -magnitude : magnitude;
}

double draw(const Format& f, const Distribution& d, Random& random) {
  switch (d.kind) {
    case Kind::normal:
      return std::clamp(draw_normal(random, d.first), -f.largest(), f.largest());
    case Kind::target:
      return draw_normal(random, 3);
    case Kind::mixed:
      return random.next() >> 58 == 0 ? draw_subnormal(f, random) : draw_normal(random, 3);
    case Kind::subnormal:
      return draw_subnormal(f, random);
    case Kind::wide:
      return draw_wide(f, random);
    case Kind::tail: {
      const double magnitude = f.tail_from + random.uniform() * (f.tail_to - f.tail_from);
      return random.next() >> 63 ? -magnitude : magnitude;
    }
    case Kind::uniform: {
      const double share = random.uniform();
      return std::clamp(d.first * (1 - share) + d.second * share, -f.largest(), f.largest());
    }
    case Kind::constant:
      return std::clamp(d.first, -f.largest(), f.largest());
    default:
      return 0;  // the others are not drawn
  }
}

template <class T, class Convert>
void fill_as(void* data, std::size_t n, const Format& f, const Distribution& d, std::uint64_t seed, Convert convert) {
  Random random(seed);
  T* const to = static_cast<T*>(data);
  for (std::size_t i = 0; i < n; ++i) to[i] = convert(draw(f, d, random));
}

void fill_patterns(Type type, const Distribution& d, std::uint64_t seed, void* data, std::size_t n) {
  Random random(seed);
  if (d.kind == Kind::bits) {
    for (std::size_t i = 0; i < n; ++i) set_pattern(type, data, i, random.next() >> (64 - bits_of(type)));
    return;
  }
  const std::vector<std::uint64_t> special = special_inputs(type, {});
  const std::uint64_t start = random.next() % special.size();
  for (std::size_t i = 0; i < n; ++i) set_pattern(type, data, i, special[(start + i) % special.size()]);
}

void fill_from_file(Type type, const Distribution& d, std::uint64_t seed, void* data, std::size_t n) {
  const std::vector<double>& values = file_values(d.file).values;
  const std::uint64_t start = Random(seed).next() % values.size();
  for (std::size_t i = 0; i < n; ++i)
    set_pattern(type, data, i, pattern_of(type, round_to(type, values[(start + i) % values.size()])));
}

void refuse_beyond(Type type, const Distribution& d) {
  if (d.kind != Kind::uniform && d.kind != Kind::constant) return;
  for (const double value : {d.first, d.second}) {
    if (std::isinf(round_to(type, value)))
      throw UsageError(fmt::format("--like {}: {} is beyond the largest number of {}", text_of(d), value, name(type)));
  }
}

}  // namespace

std::string text_of(const Distribution& d) {
  if (d.kind == Kind::file) return file_values(d.file).file;
  const Named& n = named(d.kind);
  if (d == n.standard && n.least == 0) return n.name;
  return n.most == 2 ? fmt::format("{}:{}:{}", n.name, d.first, d.second) : fmt::format("{}:{}", n.name, d.first);
}

Distribution parse_distribution(std::string_view text) {
  if (text.ends_with(".npy")) return {.kind = Kind::file, .file = read_file_values(std::string(text))};
  const std::vector<std::string_view> parts = reports::split(text, ':');
  const auto* const found =
      std::find_if(std::begin(names), std::end(names), [&](const Named& n) { return parts[0] == n.name; });
  if (found == std::end(names)) {
    throw UsageError(fmt::format(
        "--like '{}' is no kind of values; there are normal[:SIGMA], uniform:LOW:HIGH, constant[:VALUE], mixed, "
        "subnormal, wide, tail, target, bits, special, and files of numpy.save, FILE.npy",
        text));
  }
  const std::size_t given = parts.size() - 1;
  if (given < found->least || given > found->most) {
    throw UsageError(fmt::format("--like '{}': {} takes {}", text, found->name,
                                 found->most == 2   ? "two bounds, such as uniform:-10:10"
                                 : found->most == 1 ? "one number at most, such as normal:1"
                                                    : "no number"));
  }
  Distribution d = found->standard;
  try {
    if (given > 0) d.first = parse_finite(parts[1]);
    if (given > 1) d.second = parse_finite(parts[2]);
  } catch (const UsageError& e) {
    throw UsageError(fmt::format("--like '{}': {}", text, e.what()));
  }
  if (d.kind == Kind::normal && !(d.first > 0))
    throw UsageError(fmt::format("--like '{}': the standard deviation must be above 0", text));
  if (d.kind == Kind::uniform && !(d.first < d.second))
    throw UsageError(fmt::format("--like '{}': the first bound must be below the second", text));
  return d;
}

std::vector<Distribution> parse_distributions(std::string_view text) {
  if (text == "all") return {std::begin(all_distributions), std::end(all_distributions)};
  std::error_code none;
  if (text.ends_with(".npy") && std::filesystem::exists(text, none))
    return {parse_distribution(text)};  // a file with a comma in its name
  std::vector<Distribution> chosen;
  for (const std::string_view part : reports::split(text, ',')) {
    const Distribution d = parse_distribution(part);
    if (std::find(chosen.begin(), chosen.end(), d) == chosen.end()) chosen.push_back(d);
  }
  return chosen;
}

void fill(Type type, const Distribution& d, std::uint64_t seed, void* data, std::size_t n) {
  refuse_beyond(type, d);
  if (d.kind == Kind::file) return fill_from_file(type, d, seed, data, n);
  if (d.kind == Kind::bits || d.kind == Kind::special) return fill_patterns(type, d, seed, data, n);
  const Format f = format(type);
  if (is_foreign(type)) {
    const double largest = value_of(type, pattern_of(type, HUGE_VAL) - 1);
    return fill_as<std::uint8_t>(data, n, f, d, seed, [type, largest](double value) {
      return static_cast<std::uint8_t>(pattern_of(type, round_to(type, std::clamp(value, -largest, largest))));
    });
  }
  switch (type) {
    case Type::f32:
      return fill_as<float>(data, n, f, d, seed, [](double value) { return static_cast<float>(value); });
    case Type::f64:
      return fill_as<double>(data, n, f, d, seed, [](double value) { return value; });
    case Type::f16:
    case Type::bf16:
      return fill_as<std::uint16_t>(data, n, f, d, seed, [&f](double value) { return half_bits(f, value); });
  }
}

}  // namespace actbench::bench
