// SPDX-License-Identifier: Apache-2.0
#include "bench/properties/properties.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>

#include "bench/numbers/types.hpp"
#include "bench/properties/properties_text.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "bench/support/signals.hpp"
#include "reference/curve.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {
namespace {

using reference::Bracket;
using reference::Extreme;
using reference::Profile;
using reference::Stretch;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int least_side = 0, greatest_side = 1;  // of arrays: towards -∞, towards +∞

/// Correctly rounded values of f or f'.
class Rounded {
 public:
  Rounded(const Activation& activation, const char* direction, std::span<const double> parameters)
      : function_(reference::find(activation.name, direction)), parameters_(parameters.begin(), parameters.end()) {
    if (function_ == nullptr)
      throw MissingError(std::string("the reference has no ") + direction + " of " + activation.name);
  }
  double operator()(double x) const {
    return reference::Exact(*function_, reference::f64, {&x, 1}, parameters_).rounded();
  }
  reference::Quick quick(double x) const {
    reference::Quick q{};
    reference::quick(*function_, reference::f64, {&x}, &q, 1, parameters_);
    return q;
  }

 private:
  const reference::Function* function_;
  std::vector<double> parameters_;
};

/// Φ(b) - Φ(a), to a double's precision.
double normal_probability(double a, double b) {
  if (a > 0) return normal_probability(-b, -a);
  const auto below = [](double v) { return std::erfc(-v / std::sqrt(2.0)) / 2; };
  return b > 0 ? 1 - below(a) - below(-b) : below(b) - below(a);
}

/// Doubles in their order, as integers.
std::int64_t order_of(double v) {
  const auto size = std::bit_cast<std::int64_t>(std::abs(v));
  return v < 0 ? -size : size;
}
double at_order(std::int64_t order) {
  const double size = std::bit_cast<double>(std::abs(order));
  return order < 0 ? -size : size;
}

/// The first number of a type at x or beyond it in a direction; nothing where the type ends before it.
Place first_number(Type type, double x, int direction) {
  if (std::isinf(x)) return x;
  double v = round_to(type, x);
  if (direction > 0 ? v < x : v > x) {
    const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1), pattern = pattern_of(type, v);
    const bool outwards = v == 0 || (v > 0) == (direction > 0);
    const std::uint64_t magnitude = outwards ? (pattern & ~sign) + 1 : (pattern & ~sign) - 1;
    const bool negative = v == 0 ? direction < 0 : v < 0;
    v = value_of(type, magnitude | (negative ? sign : 0));
  }
  return std::isfinite(v) ? Place(v == 0 ? 0.0 : v) : Place();
}

/// Finds the properties of one function, one kind after the other.
class Survey {
 public:
  Survey(const Activation& activation, std::span<const double> parameters)
      : f_(activation, "forward", parameters),
        slope_(activation, "derivative", parameters),
        profile_(activation.name, parameters) {
    p_.activation = &activation;
    p_.parameters.assign(parameters.begin(), parameters.end());
  }

  Properties run() {
    p_.slopes = profile_.signs(1);
    bends_ = profile_.signs(2);
    p_.breaks = profile_.breaks();
    for (const int side : {least_side, greatest_side}) {
      const double end = side == least_side ? -infinity : infinity;
      p_.limit[side] = f_(end);
      p_.slope_limit[side] = slope_(end);
    }
    find_smoothness();
    find_dead_zone();
    find_course();
    find_symmetry();
    find_range();
    find_slopes();
    find_means();
    for (const int side : {least_side, greatest_side}) find_saturation(side);
    return std::move(p_);
  }

 private:
  void find_smoothness() {
    p_.smoothness = Profile::break_terms;
    for (const auto& b : p_.breaks) p_.smoothness = std::min(p_.smoothness, b.order - 1);
  }

  void find_dead_zone() {
    for (const Stretch& s : p_.slopes) {
      if (s.sign == 0) p_.dead.push_back({outermost(s.from), outermost(s.to), 0});
    }
    for (const Stretch& s : p_.dead) {
      const double inside = std::isinf(s.from) ? (std::isinf(s.to) ? 0 : s.to - 1)
                            : std::isinf(s.to) ? s.from + 1
                                               : s.from + (s.to - s.from) / 2;
      if (profile_.at(inside, 1, 1)[0].size() == 0) p_.zero_probability += normal_probability(s.from, s.to);
    }
  }

  /// The sign of f(x+) - f(x-) where f jumps.
  static int jump(const reference::Break& b) { return b.right[0].low > b.left[0].high ? 1 : -1; }

  void find_course() {
    bool rises = false, falls = false, flat = false;
    const auto see = [&](int sign) { (sign > 0 ? rises : sign < 0 ? falls : flat) = true; };
    for (const Stretch& s : p_.slopes) see(s.sign);
    for (const auto& b : p_.breaks)
      if (b.order == 0) see(jump(b));
    p_.course = rises && falls ? Course::neither : rises ? Course::rising : falls ? Course::falling : Course::constant;
    p_.strictly = !flat;
    for (std::size_t i = 1; i < p_.slopes.size(); ++i) {
      const Stretch &before = p_.slopes[i - 1], &after = p_.slopes[i];
      if (before.sign * after.sign >= 0 || jumps_at(after.from)) continue;
      p_.turns.push_back({after.from, f_(after.from), after.sign > 0});
    }
  }

  bool jumps_at(double x) const {
    return std::any_of(p_.breaks.begin(), p_.breaks.end(), [&](const auto& b) { return b.at == x && b.order == 0; });
  }

  /// Values at pairs of opposite inputs over many binades, each known to about 2^-98.
  void find_symmetry() {
    bool odd = true, even = true;
    for (int i = 0; i < 600; ++i) {
      const double x = std::ldexp(1 + std::fmod(0.6180339887498949 * i, 1.0), i < 300 ? i % 12 - 6 : i % 120 - 60);
      const reference::Quick a = f_.quick(x), b = f_.quick(-x);
      if (!std::isfinite(a.error) || !std::isfinite(b.error)) {
        const double right = f_(x), left = f_(-x);
        odd = odd && right == -left;
        even = even && right == left;
        continue;
      }
      const long double u = std::ldexp(1.0L, a.scale), v = std::ldexp(1.0L, b.scale);
      const auto agree = [&](int sign) {
        const long double head = a.hi * u - sign * (b.hi * v), tail = a.lo * u - sign * (b.lo * v);
        return std::abs(head + tail) <= a.error * u + b.error * v;
      };
      odd = odd && agree(-1);
      even = even && agree(1);
    }
    p_.symmetry = odd && !even ? Symmetry::odd : even ? Symmetry::even : Symmetry::neither;
  }

  /// What a function attains or approaches at the ends of the stretches on which it is monotone: the least and the
  /// greatest of its values are among these.
  struct Candidates {
    std::vector<Extreme> all{};
    /// Of equal values, those that are attained come first, and of these one over a range before one at a point.
    Extreme best(bool greatest) const {
      const auto key = [&](const Extreme& e) {
        return std::tuple(greatest ? e.value : -e.value, e.attained, e.over_range(), !std::isinf(e.at));
      };
      return *std::max_element(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    }
  };

  /// order 0: f between zeros of f'; 1: f' between zeros of f''.
  Candidates candidates(int order) const {
    const std::vector<Stretch>& stretches = order == 0 ? p_.slopes : bends_;
    const Rounded& exact = order == 0 ? f_ : slope_;
    Candidates found;
    for (const Stretch& s : stretches) {
      const bool flat = s.sign == 0;
      const auto add = [&](double value, double at, bool attained) {
        found.all.push_back({value, flat ? outermost(s.from) : at, flat ? outermost(s.to) : at, attained || flat});
      };
      for (const bool right : {false, true}) {
        const double end = right ? s.to : s.from;
        if (std::abs(end) >= Profile::reach) {
          add((order == 0 ? p_.limit : p_.slope_limit)[right], right ? infinity : -infinity, false);
          continue;
        }
        const auto meeting =
            std::find_if(p_.breaks.begin(), p_.breaks.end(), [&](const auto& b) { return b.at == end; });
        if (meeting == p_.breaks.end() || meeting->order > order) {
          add(exact(end), end, true);
          continue;
        }
        // The formula of this side gives a double's precision; where the reference has the same value, it is exact.
        const Bracket bounds = (right ? meeting->left : meeting->right)[order];
        const double there = exact(end);
        const bool same = bounds.contains(there);
        add(same ? there : bounds.middle(), end, same && order == 0);
        if (order == 0) found.all.push_back({there, end, end, true});
      }
    }
    return found;
  }

  void find_range() {
    const Candidates found = candidates(0);
    p_.least = found.best(false);
    p_.greatest = found.best(true);
  }

  void find_slopes() {
    Candidates found = candidates(1);
    p_.least_slope = found.best(false);
    p_.greatest_slope = found.best(true);
    for (Extreme& e : found.all) e.value = std::abs(e.value);
    p_.steepest = found.best(true);
  }

  void find_means() {
    const auto moments = [&](const char* direction) {
      return reference::normal_moments(
          reference::single({reference::find(p_.activation->name, direction), p_.parameters}));
    };
    const reference::Moments f = moments("forward");
    p_.mean = f.mean;
    p_.mean_square = f.square;
    p_.variance = f.variance;
    p_.slope_square = moments("derivative").square;
  }

  /// From where on |f'| < bound, going outwards. |f'| is monotone within the stretches of f''.
  Place below(int side, double bound) const {
    if (!(std::abs(p_.slope_limit[side]) < bound)) return {};
    const int direction = side == greatest_side ? 1 : -1;
    const auto size = [&](double x, int from_side) {
      if (std::abs(x) >= Profile::reach) return std::abs(p_.slope_limit[x > 0 ? greatest_side : least_side]);
      return profile_.at(x, from_side, 2)[1].size();
    };
    for (std::size_t i = 0; i < bends_.size(); ++i) {
      const Stretch& s = bends_[side == greatest_side ? bends_.size() - 1 - i : i];
      double inner = side == greatest_side ? s.from : s.to, outer = side == greatest_side ? s.to : s.from;
      if (size(outer, -direction) >= bound) return outer;
      if (size(inner, direction) < bound) continue;
      while (true) {
        const double middle = inner + (outer - inner) / 2;
        if (middle == inner || middle == outer) return outer;
        (size(middle, direction) >= bound ? inner : outer) = middle;
      }
    }
    return -direction * infinity;
  }

  /// From which number of a type on f' rounds to 0. Where the series end, the reference goes on: where f' is so small,
  /// or x so far out, f' only approaches its limit.
  Place zero_in(Type type, int side) const {
    constexpr double small = 1e-240;
    const double bound = largest_rounded_to_zero(type);
    const int direction = side == greatest_side ? 1 : -1;
    const Place from = below(side, std::max(bound, small));
    if (!from || std::isinf(*from)) return from;
    if (bound >= small && std::abs(*from) < Profile::reach / 2) return first_number(type, *from, direction);
    const double outwards = direction * infinity;
    const auto vanishes = [&](std::int64_t order) { return std::abs(slope_(at_order(order))) <= bound; };
    if (vanishes(order_of(std::nextafter(*from, outwards)))) return first_number(type, *from, direction);  // it jumps
    std::int64_t nonzero = order_of(std::clamp(*from, -Profile::reach / 2, Profile::reach / 2));
    std::int64_t zero = order_of(std::copysign(std::numeric_limits<double>::max(), outwards));
    if (!vanishes(zero)) return {};
    if ((nonzero < 0) != (zero < 0)) (vanishes(0) ? zero : nonzero) = 0;  // so that the difference cannot overflow
    while (std::abs(zero - nonzero) > 1) {
      const std::int64_t middle = nonzero + (zero - nonzero) / 2;
      (vanishes(middle) ? zero : nonzero) = middle;
    }
    return first_number(type, at_order(zero), direction);
  }

  void find_saturation(int side) {
    Saturation& s = p_.saturation[side];
    const int direction = side == greatest_side ? 1 : -1;
    s.hundredth = below(side, 0.01);
    for (std::size_t t = 0; t < type_count; ++t) {
      const Type type = every_type[t];
      const Place epsilon = below(side, epsilon_of(type));
      s.epsilon[t] = epsilon ? first_number(type, *epsilon, direction) : epsilon;
      s.zero[t] = zero_in(type, side);
    }
  }

  Rounded f_, slope_;
  Profile profile_;
  std::vector<Stretch> bends_;
  Properties p_;
};

}  // namespace

double epsilon_of(Type type) { return std::ldexp(1.0, -fraction_bits(type)); }

double largest_rounded_to_zero(Type type) {
  const reference::Format& format = format_of(type);
  return std::ldexp(1.0, format.min_exponent - (format.precision - 1) - 1);
}

double Properties::lipschitz() const { return jumps() ? infinity : steepest.value; }

Properties properties_of(const Activation& activation, std::span<const double> parameters) {
  return Survey(activation, parameters).run();
}

std::vector<Properties> properties_of(std::span<const Activation* const> activations,
                                      std::span<const std::vector<double>> parameters, unsigned threads,
                                      const std::function<void(double)>& progress) {
  std::vector<Properties> all(activations.size());
  parallel(all.size(), thread_count(threads, all.size()), &stop_flag(), progress,
           [&](unsigned, std::uint64_t i) { all[i] = properties_of(*activations[i], parameters[i]); });
  return all;
}

std::optional<double> vanishing_depth(double factor, Type type) {
  if (!(factor < 1)) return {};
  if (factor == 0) return 1;
  const reference::Format& format = format_of(type);
  // factor^L <= 2^-k: half the smallest subnormal is a tie, and goes to 0.
  const double k = format.precision - format.min_exponent;
  return std::ceil(k / -std::log2(factor) * (1 - 1e-15));
}

std::vector<const Activation*> every_activation() {
  std::vector<const Activation*> all;
  for (const Kernel& kernel : kernels()) {
    if (kernel.activation->shape != Shape::elementwise) continue;
    if (all.empty() || std::string_view(all.back()->name) != kernel.activation->name) all.push_back(kernel.activation);
  }
  return all;
}

}  // namespace actbench::bench
