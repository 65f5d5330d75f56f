// SPDX-License-Identifier: Apache-2.0
//
// The claims: what each says, and how its numbers are had.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <tuple>

#include "bench/claims/claims.hpp"
#include "bench/device/call.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "reference/curve.hpp"
#include "reference/operations.hpp"
#include "reference/profile.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {
namespace {

using reference::Bracket;
using reference::Curve;
using reference::Profile;
using reference::Stretch;
using Parts = std::vector<Part>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double none = infinity;  ///< "from no input on"

// ---- From the references
// ---------------------------------------------------------------------------------------------

double exact(const char* activation, const char* direction, double x, std::vector<double> p = {}) {
  const reference::Function* f = reference::find(activation, direction);
  if (f == nullptr) throw MissingError(fmt::format("the reference has no {} of {}", direction, activation));
  return reference::Exact(*f, reference::f64, {&x, 1}, p).rounded();
}

/// About 2^-98 of the value off.
struct Precise {
  long double value, error;
};
Precise precise(const char* activation, const char* direction, double x, std::vector<double> p = {}) {
  reference::Quick q{};
  reference::quick(*reference::find(activation, direction), reference::f64, {&x}, &q, 1, p);
  const long double unit = std::ldexp(1.0L, q.scale);
  return {(static_cast<long double>(q.hi) + q.lo) * unit, q.error * unit};
}

/// Inputs of all sizes that matter to values near 1, both signs, zero.
std::vector<double> spread_inputs(double from_exponent = -20, double to_exponent = 9) {
  std::vector<double> xs{0};
  for (int i = 0; i < 2000; ++i) {
    const double x = std::exp2(from_exponent + (to_exponent - from_exponent) * i / 1999);
    xs.insert(xs.end(), {-x, x});
  }
  return xs;
}

/// The extremes of f' in [from, to]: at its ends, and where f'' is zero.
std::pair<double, double> slope_range(const char* activation, double from, double to) {
  const Profile profile(activation, {});
  double least = infinity, greatest = -infinity;
  const auto see = [&](double x) {
    const double v = exact(activation, "derivative", x);
    least = std::min(least, v);
    greatest = std::max(greatest, v);
  };
  see(from);
  see(to);
  for (const Stretch& s : profile.signs(2)) {
    if (s.from > from && s.from < to) see(s.from);
  }
  return {least, greatest};
}

/// Between two activations without parameters.
Curve difference(const char* f, const char* g, const char* direction) {
  return reference::difference({reference::find(f, direction)}, {reference::find(g, direction)});
}

// ---- From kernels
// ---------------------------------------------------------------------------------------------------

/// What people write: one number at a time.
const Kernel& kernel_of(const char* activation, Type type, Tier tier, const char* direction = "forward") {
  const std::string id = fmt::format("{}/{}/{}/{}/scalar", activation, direction, name(type), name(tier));
  const Kernel* kernel = find(id);
  if (kernel == nullptr) throw MissingError(fmt::format("this build has no kernel {}", id));
  return *kernel;
}

struct Result {
  double x, got, expected, ulp;
};

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

/// Numbers of a type on one side, from `from` outwards to infinity: every one of the half types, of others so many as
/// their patterns are evenly apart.
std::vector<double> outwards(Type type, int side, double from = 0) {
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

/// The first input on the way outwards from which on, as far as was looked, the results satisfy the condition; none.
/// Between two inputs that were looked at it is found by halving.
template <class Condition>
Result first_of(const Kernel& kernel, int side, double from, Condition condition, bool for_good) {
  const std::vector<double> xs = outwards(kernel.type, side, from);
  const std::vector<Result> all = results(kernel, xs);
  std::size_t at = all.size();
  if (for_good) {
    while (at > 0 && condition(all[at - 1])) --at;
  } else {
    at = static_cast<std::size_t>(std::find_if(all.begin(), all.end(), condition) - all.begin());
  }
  if (at == all.size()) return {side * none, 0, 0, 0};
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

Result worst_of(const Kernel& kernel, int side, double from = 0) {
  const std::vector<Result> all = results(kernel, outwards(kernel.type, side, from));
  return *std::max_element(all.begin(), all.end(), [](const Result& a, const Result& b) { return a.ulp < b.ulp; });
}

constexpr Tier tiers[] = {Tier::naive, Tier::fast, Tier::accurate};

/// Of the type in which a kernel of that type computes the textbook formula.
Type naive_arithmetic(Type type) { return type == Type::f64 ? Type::f64 : Type::f32; }

/// The first number of a type whose exponential, computed as the textbook formula computes it, rounds to infinity.
double exponential_overflow(Type type) {
  const reference::Format& format = format_of(naive_arithmetic(type));
  const long double least = std::ldexp(2 - std::ldexp(1.0L, -format.precision), format.max_exponent);
  const auto number = [&](std::uint64_t pattern) { return value_of(type, pattern); };
  std::uint64_t pattern = pattern_of(type, round_to(type, static_cast<double>(std::log(least))));
  while (std::exp(static_cast<long double>(number(pattern))) < least) ++pattern;
  while (std::exp(static_cast<long double>(number(pattern - 1))) >= least) --pattern;
  return number(pattern);
}

// ---- From measured times
// ------------------------------------------------------------------------------------------

constexpr const char* timed_sizes[] = {"l1", "memory"};
constexpr Backend timed_backends[] = {Backend::scalar, Backend::avx2, Backend::avx512};

const timing::BenchRow* row_of(const timing::BenchResult& times, const std::string& id, const char* size) {
  for (const timing::BenchRow& row : times.rows) {
    if (row.kernel != nullptr && row.size.name == size && identity(*row.kernel) == id) return &row;
  }
  return nullptr;
}

/// How many times as long the first takes, of runs moments apart.
std::optional<timing::Interval> time_ratio(const Evidence& evidence, const char* slow, const char* fast, Tier tier,
                                           Backend backend, const char* size) {
  if (evidence.times() == nullptr) return {};
  const auto id = [&](const char* activation) {
    return fmt::format("{}/forward/f32/{}/{}", activation, name(tier), name(backend));
  };
  const timing::BenchRow* a = row_of(*evidence.times(), id(slow), size);
  const timing::BenchRow* b = row_of(*evidence.times(), id(fast), size);
  if (a == nullptr || b == nullptr) return {};
  std::vector<double> ratios;
  for (std::size_t i = 0; i < std::min(a->samples_ns.size(), b->samples_ns.size()); ++i)
    ratios.push_back(a->samples_ns[i] / b->samples_ns[i]);
  if (ratios.empty()) return {};
  return timing::median_interval(ratios);
}

bool runs_here(Backend backend) { return unrunnable_reason(backend) == nullptr; }

/// One part for each tier, backend and size: how many times as long `slow` takes.
void add_time_ratios(Parts& parts, const Evidence& evidence, const char* slow, const char* fast, Role role,
                     Relation relation, double bound, double tolerance = 0) {
  for (const Tier tier : tiers) {
    for (const Backend backend : timed_backends) {
      if (!runs_here(backend)) continue;
      for (const char* size : timed_sizes) {
        const std::string label =
            fmt::format("time of {} over {}, {} {} {}", slow, fast, name(tier), name(backend), size);
        const auto ratio = time_ratio(evidence, slow, fast, tier, backend, size);
        Part p = missing(label, role, relation, bound, tolerance);
        if (ratio) {
          p.value = ratio->median;
          p.low = ratio->low;
          p.high = ratio->high;
        }
        parts.push_back(std::move(p));
      }
    }
  }
}

// ---- Values
// ---------------------------------------------------------------------------------------------------------

constexpr auto essential = Role::essential;
constexpr auto condition = Role::condition;

Parts v1(Evidence&) {
  const double form = exact("gelu_tanh", "forward", 1), value = exact("gelu", "forward", 1);
  return {part("the tanh inside", essential, 2 * form - 1, Relation::equals, 0.683675, 5e-7),
          part("the tanh form at 1", essential, form, Relation::equals, 0.8418375, 5e-8),
          information("GELU(1) = Φ(1)", value), information("claimed less exact", 0.8418375 - value)};
}

Parts v2(Evidence& e) {
  return {part("σ′(0)", essential, exact("sigmoid", "derivative", 0), Relation::equals, 0.25),
          part("sup σ′", essential, e.properties("sigmoid").greatest_slope.value, Relation::equals, 0.25),
          information("attained at", e.properties("sigmoid").greatest_slope.at)};
}

Parts v3(Evidence&) {
  long double worst = 0;
  for (double x : spread_inputs()) {
    // Where both are near ±1 or 0, of the order of their distance.
    const Precise t = precise("tanh", "forward", x), s = precise("sigmoid", "forward", 2 * x);
    worst = std::max(worst, std::abs(t.value - (2 * s.value - 1)));
  }
  Parts parts{part("largest |tanh x − (2σ(2x) − 1)|, exact", condition, static_cast<double>(worst), Relation::at_most,
                   0x1p-60)};
  const reference::Function* tanh = reference::find("tanh");
  for (const Tier tier : tiers) {
    // The identity in f32 arithmetic over that tier's sigmoid, against the exact tanh.
    std::vector<double> xs = outwards(Type::f32, 1), doubled, computed;
    for (double x : xs) doubled.push_back(round_to(Type::f32, 2 * x));
    for (const Result& r : results(kernel_of("sigmoid", Type::f32, tier), doubled))
      computed.push_back(static_cast<double>(2 * static_cast<float>(r.got) - 1));
    std::vector<reference::Quick> quick(xs.size());
    std::vector<reference::Judgement> judged(xs.size());
    reference::quick(*tanh, reference::f32, {xs.data()}, quick.data(), xs.size(), {});
    reference::judge(*tanh, reference::f32, {xs.data()}, quick.data(), computed.data(), judged.data(), xs.size(), {});
    const auto largest_error =
        std::max_element(judged.begin(), judged.end(), [](const auto& a, const auto& b) { return a.ulp < b.ulp; });
    parts.push_back(part(fmt::format("worst ULP of 2σ(2x) − 1 in f32 with the {} σ", name(tier)), condition,
                         largest_error->ulp, Relation::at_most, 1));
    parts.push_back(information(fmt::format("at x, {}", name(tier)), xs[largest_error - judged.begin()]));
  }
  return parts;
}

Parts v4(Evidence& e) {
  const auto& p = e.properties("tanh");
  const double near = exact("tanh", "derivative", 0x1p-10);
  return {part("tanh′(0)", essential, exact("tanh", "derivative", 0), Relation::equals, 1),
          part("sup tanh′ over all x", condition, p.greatest_slope.value, Relation::below, 1),
          part("sup tanh′ over |x| ≥ 2⁻¹⁰", condition, near, Relation::below, 1),
          information("attained at", p.greatest_slope.at)};
}

Parts v5(Evidence&) {
  long double worst = 0;
  for (double x : spread_inputs()) {
    const Precise slope = precise("softplus", "derivative", x, {1}), sigma = precise("sigmoid", "forward", x);
    worst = std::max(worst, std::abs(slope.value - sigma.value));
  }
  // The derivative from the definition of softplus, by its series, beside σ's.
  const Profile softplus("softplus", std::vector<double>{1}), sigmoid("sigmoid", {});
  double by_series = 0;
  for (double x : spread_inputs(-8, 5))
    by_series = std::max(by_series, std::abs(softplus.at(x, 1, 2)[1].middle() - sigmoid.at(x, 1, 2)[0].middle()));
  return {part("largest |softplus′ − σ|", essential, static_cast<double>(worst), Relation::at_most, 0x1p-60),
          part("the same from softplus's own series", essential, by_series, Relation::at_most, 1e-13),
          part("softplus′(0)", essential, exact("softplus", "derivative", 0, {1}), Relation::equals, 0.5)};
}

Parts v6(Evidence&) {
  long double worst = 0;
  for (double x : spread_inputs()) {
    const Precise silu = precise("silu", "forward", x), sigma = precise("sigmoid", "forward", x);
    worst =
        std::max(worst, std::abs(silu.value - x * sigma.value) / std::max<long double>(1e-300L, std::abs(silu.value)));
  }
  const Kernel& kernel = kernel_of("silu", Type::f32, Tier::naive);
  const auto off = [](const Result& r) { return r.ulp > 1; };
  Parts parts{part("largest relative |SiLU − x·σ(x)|, exact", condition, static_cast<double>(worst), Relation::at_most,
                   0x1p-58)};
  for (const int side : {-1, 1}) {
    const Result first = first_of(kernel, side, 0.5, off, false), bad = worst_of(kernel, side);
    const char* where = side < 0 ? "x < 0" : "x > 0";
    parts.push_back(
        part(fmt::format("worst ULP of the naive f32 form, {}", where), condition, bad.ulp, Relation::at_most, 1));
    parts.push_back(information(fmt::format("at x, {}", where), bad.x));
    parts.push_back(information(fmt::format("first beyond 0.5 that is off by more than 1 ULP, {}", where), first.x));
    parts.push_back(information(fmt::format("result there, {}", where), first.got));
  }
  return parts;
}

Parts v7(Evidence& e) {
  double line = 0;
  for (double x : spread_inputs()) line = std::max(line, std::abs(exact("swish", "forward", x, {0}) - x / 2));
  Parts parts{part("largest |swish − x/2|, β = 0", essential, line, Relation::equals, 0)};
  double before = 0;
  for (const double beta : {1.0, 10.0, 100.0, 1000.0}) {
    // x − xσ(βx) = xσ(−βx): on both sides of 0 the gap to ReLU is the same, and largest where swish is least.
    const double gap = -e.properties("swish", {beta}).least.value;
    parts.push_back(information(fmt::format("sup gap to ReLU, β = {:g}", beta), gap));
    if (before > 0)
      parts.push_back(part(fmt::format("gap over that of a tenth of β, β = {:g}", beta), essential, gap / before,
                           Relation::at_most, 0.11));
    before = gap;
  }
  return parts;
}

Parts v8(Evidence&) {
  Parts parts;
  for (const double alpha : {0.01, 0.5, 1.0, 1.5}) {
    double worst = 0;
    for (double x : spread_inputs(-10, 3))
      worst = std::max(worst, std::abs(exact("leaky_relu", "forward", x, {alpha}) - std::max(alpha * x, x)));
    parts.push_back(
        part(fmt::format("largest difference in [−8, 8], α = {:g}", alpha), condition, worst, Relation::equals, 0));
  }
  return parts;
}

// ---- Ranges
// ---------------------------------------------------------------------------------------------------------

Parts r1(Evidence& e) {
  const auto& s = e.properties("sigmoid");
  const auto& t = e.properties("tanh");
  const auto taken = [](const reference::Extreme& x) { return x.attained ? 1.0 : 0.0; };
  Parts parts{part("inf σ", essential, s.least.value, Relation::at_least, 0),
              part("sup σ", essential, s.greatest.value, Relation::at_most, 1),
              part("inf tanh", essential, t.least.value, Relation::at_least, -1),
              part("sup tanh", essential, t.greatest.value, Relation::at_most, 1),
              part("exact values: how many of the four ends are taken on", condition,
                   taken(s.least) + taken(s.greatest) + taken(t.least) + taken(t.greatest), Relation::equals, 0)};
  struct End {
    const char *activation, *text;
    int side;
    double limit;
  };
  for (const End& end : {End{"sigmoid", "σ is 0", -1, 0}, End{"sigmoid", "σ is 1", 1, 1},
                         End{"tanh", "tanh is 1", 1, 1}, End{"tanh", "tanh is −1", -1, -1}}) {
    for (const Type type : {Type::f32, Type::f16, Type::bf16}) {
      for (const Tier tier : tiers) {
        const Result first = first_of(
            kernel_of(end.activation, type, tier), end.side, 0,
            [&](const Result& r) { return r.got == end.limit && std::isfinite(r.x); }, false);
        parts.push_back(part(fmt::format("|x| from which {}, {} {}", end.text, name(type), name(tier)), condition,
                             std::abs(first.x), Relation::equals, none));
      }
    }
  }
  return parts;
}

Parts r2(Evidence& e) {
  return {part("inf leaky_relu", essential, e.properties("leaky_relu").least.value, Relation::at_least, 0),
          information("leaky_relu(−1)", exact("leaky_relu", "forward", -1, {0.01}))};
}

Parts r3(Evidence& e) {
  const auto& p = e.properties("softplus");
  Parts parts{part("inf softplus", essential, p.least.value, Relation::equals, 0),
              part("sup softplus", essential, p.greatest.value, Relation::equals, infinity),
              part("exact values: whether 0 is taken on", condition, p.least.attained, Relation::equals, 0)};
  for (const Tier tier : tiers) {
    const Kernel& kernel = kernel_of("softplus", Type::f32, tier);
    const auto zero = [](const Result& r) { return r.got == 0 && std::isfinite(r.x); };
    const Result first = first_of(kernel, -1, 0, zero, false);
    parts.push_back(part(fmt::format("|x| from which f32 {} gives 0", name(tier)), condition, std::abs(first.x),
                         Relation::equals, none));
    if (std::isinf(first.x)) continue;
    const double before = -value_of(Type::f32, pattern_of(Type::f32, -first.x) - 1);
    parts.push_back(
        information(fmt::format("least positive result, f32 {}", name(tier)), results(kernel, {&before, 1})[0].got));
  }
  return parts;
}

Parts r4(Evidence& e) {
  const auto& p = e.properties("mish");
  return {part("min mish", essential, p.least.value, Relation::equals, -0.31, 0.005),
          part("the minimum is taken on", essential, p.least.attained, Relation::equals, 1),
          part("sup mish", essential, p.greatest.value, Relation::equals, infinity), information("at x", p.least.at)};
}

Parts r5(Evidence& e) {
  const auto& p = e.properties("relu6");
  return {part("inf relu6", essential, p.least.value, Relation::at_least, 0),
          part("sup relu6", essential, p.greatest.value, Relation::at_most, 6)};
}

Parts r6(Evidence& e) {
  const auto& p = e.properties("gelu");
  return {part("inf gelu", essential, p.least.value, Relation::equals, -infinity),
          part("sup gelu", essential, p.greatest.value, Relation::equals, infinity), information("at x", p.least.at)};
}

Parts r7(Evidence& e) {
  // By type, length and tier the worst of all backends.
  std::map<std::tuple<Type, std::size_t, Tier>, double> worst;
  for (const RowResult& result : e.rows()) {
    const Kernel& k = *result.kernel;
    if (!sums_to_one(k) || std::string_view(k.activation->name) != "softmax") continue;
    for (const auto& [key, cell] : result.cells) {
      double& off = worst[{k.type, std::get<0>(key), k.tier}];
      off = std::max(off, cell.sum_deviation);
    }
  }
  Parts parts;
  for (const auto& [key, off] : worst) {
    const auto& [type, length, tier] = key;
    parts.push_back(part(fmt::format("worst |Σ − 1| in ε, {} {}, rows of {}", name(type), name(tier), length),
                         condition, off, Relation::at_most, 1));
  }
  if (parts.empty()) parts.push_back(missing("worst |Σ − 1| in ε", condition, Relation::at_most, 1));
  return parts;
}

// ---- Derivatives
// ----------------------------------------------------------------------------------------------------

Parts slope_between(const char* activation, const char* text, double reach, double low, double high) {
  const auto [least, greatest] = slope_range(activation, -reach, reach);
  return {
      part(fmt::format("min {} on [−{:g}, {:g}]", text, reach, reach), essential, least, Relation::at_least, low),
      part(fmt::format("max {} on [−{:g}, {:g}]", text, reach, reach), essential, greatest, Relation::at_most, high)};
}

Parts d1(Evidence&) { return slope_between("sigmoid", "σ′", 3, 0.1, 0.25); }
Parts d2(Evidence&) { return slope_between("tanh", "tanh′", 1, 0.5, 1); }
Parts d3(Evidence&) { return slope_between("sigmoid", "σ′", 1, 0.195, 0.255); }
Parts d4(Evidence&) { return slope_between("gelu", "GELU′", 3, 0.2, 0.8); }

Parts d5(Evidence& e) {
  const auto sup = [&](const char* activation) { return e.properties(activation).steepest.value; };
  Parts parts{part("sup |tanh′|", condition, sup("tanh"), Relation::equals, 1),
              part("sup |σ′|", condition, sup("sigmoid"), Relation::equals, 0.25),
              part("sup |ReLU′|", condition, sup("relu"), Relation::equals, infinity),
              part("sup |identity′|", condition, sup("identity"), Relation::equals, infinity)};
  for (const Properties& p : e.all_properties())
    parts.push_back(information(fmt::format("sup |f′|, {}", p.activation->name), p.steepest.value));
  return parts;
}

Parts d6(Evidence& e) {
  Parts parts;
  for (const char* activation : {"relu", "gelu", "swish", "mish"}) {
    const auto& p = e.properties(activation);
    for (const int side : {0, 1}) {
      parts.push_back(part(fmt::format("|f′| of {} towards {}", activation, side == 0 ? "−∞" : "+∞"), condition,
                           std::abs(p.slope_limit[side]), Relation::above, 0));
    }
  }
  for (const Properties& p : e.all_properties()) {
    for (const int side : {0, 1})
      parts.push_back(information(fmt::format("f′ towards {}, {}", side == 0 ? "−∞" : "+∞", p.activation->name),
                                  p.slope_limit[side]));
  }
  return parts;
}

Parts d7(Evidence& e) {
  Parts parts;
  const auto distance = [](const Place& place) { return place ? std::abs(*place) : none; };
  for (const auto& [activation, text] : {std::pair("sigmoid", "σ′"), std::pair("tanh", "tanh′")}) {
    for (const int side : {0, 1}) {
      const Saturation& s = e.properties(activation).saturation[side];
      const char* sign = side == 0 ? "x < 0" : "x > 0";
      parts.push_back(part(fmt::format("|x| from which {} < 0.01, {}", text, sign), essential, distance(s.hundredth),
                           Relation::below, none));
      for (std::size_t t = 0; t < type_count; ++t) {
        const char* type = name(every_type[t]);
        parts.push_back(
            information(fmt::format("|x| from which {} < ε, {}, {}", text, type, sign), distance(s.epsilon[t])));
        parts.push_back(part(fmt::format("|x| from which {} rounds to 0, {}, {}", text, type, sign), essential,
                             distance(s.zero[t]), Relation::below, none));
      }
    }
  }
  return parts;
}

Parts d8(Evidence& e) {
  Parts parts;
  const auto& hard = e.properties("hard_swish");
  parts.push_back(
      part("kinks of hard_swish", essential, static_cast<double>(hard.breaks.size()), Relation::at_least, 1));
  for (const auto& b : hard.breaks) {
    const double left = b.left[1].middle(), right = b.right[1].middle();
    parts.push_back(information(fmt::format("left derivative at {:g}", b.at), left));
    parts.push_back(information(fmt::format("right derivative at {:g}", b.at), right));
    parts.push_back(part(fmt::format("its jump at {:g}", b.at), essential, std::abs(right - left), Relation::above, 0));
  }
  for (const char* activation : {"softplus", "gelu", "silu", "mish"}) {
    parts.push_back(part(fmt::format("places where {} is not smooth", activation), essential,
                         static_cast<double>(e.properties(activation).breaks.size()), Relation::equals, 0));
  }
  return parts;
}

Parts d9(Evidence& e) {
  const double sup = e.properties("sigmoid").steepest.value;
  double worst = 0;
  for (const Properties& p : e.all_properties()) {
    if (p.steepest.value <= 1) worst = std::max(worst, std::pow(p.steepest.value, 100));
  }
  Parts parts{part("sup |σ′|", essential, sup, Relation::at_most, 0.25),
              part("most that 100 layers with sup |f′| ≤ 1 leave", essential, worst, Relation::at_most, 1)};
  for (const int layers : {1, 10, 50, 100})
    parts.push_back(information(fmt::format("sup |σ′|^{}", layers), std::pow(sup, layers)));
  for (const Type type : {Type::f32, Type::f16, Type::bf16})
    parts.push_back(information(fmt::format("layers until it rounds to 0, {}", name(type)),
                                vanishing_depth(sup, type).value_or(none)));
  return parts;
}

// ---- Under N(0, 1)
// --------------------------------------------------------------------------------------------------

Part bounded(std::string label, Role role, const Bracket& v, Relation relation, double bound, double tolerance = 0) {
  Part p = part(std::move(label), role, v.middle(), relation, bound, tolerance);
  p.low = v.low;
  p.high = v.high;
  return p;
}

Parts z1(Evidence& e) {
  Parts parts{bounded("E tanh Z", essential, e.properties("tanh").mean, Relation::equals, 0, 1e-12),
              bounded("E σ(Z)", essential, e.properties("sigmoid").mean, Relation::equals, 0.5, 1e-12)};
  for (const Properties& p : e.all_properties())
    parts.push_back(information(fmt::format("E f(Z), {}", p.activation->name), p.mean.middle()));
  return parts;
}

Parts z2(Evidence& e) {
  const auto share = [](const Properties& p) { return std::abs(p.mean.middle()) / std::sqrt(p.mean_square.middle()); };
  const auto &gelu = e.properties("gelu"), &relu = e.properties("relu");
  return {part("|E f(Z)| over √E f(Z)², GELU", essential, share(gelu), Relation::at_most, 0.1),
          information("the same, ReLU", share(relu)), information("E GELU(Z)", gelu.mean.middle()),
          information("E ReLU(Z)", relu.mean.middle())};
}

Parts z3(Evidence& e) {
  const auto chance = [&](const char* activation) { return e.properties(activation).zero_probability; };
  Parts parts{part("P(f(Z) = 0), ReLU: a half", condition, chance("relu"), Relation::equals, 0.5, 1e-15),
              part("P(f(Z) = 0), leaky ReLU: in part", condition, chance("leaky_relu"), Relation::above, 0),
              part("P(f(Z) = 0), sigmoid: never", condition, chance("sigmoid"), Relation::equals, 0),
              part("P(f(Z) = 0), tanh: never", condition, chance("tanh"), Relation::equals, 0)};
  for (const Properties& p : e.all_properties())
    parts.push_back(information(fmt::format("P(f(Z) = 0), {}", p.activation->name), p.zero_probability));
  return parts;
}

// ---- Overflow
// -------------------------------------------------------------------------------------------------------

Parts o1(Evidence&) {
  Parts parts;
  for (const Type type : every_type) {
    const Kernel& kernel = kernel_of("sigmoid", type, Tier::naive);
    const double overflow = exponential_overflow(type);
    const Result beyond = worst_of(kernel, -1, overflow);
    parts.push_back(part(fmt::format("worst ULP of the naive σ where e^−x overflows, {}", name(type)), condition,
                         beyond.ulp, Relation::above, 1));
    parts.push_back(information(fmt::format("−x from which e^−x overflows, {}", name(type)), overflow));
    parts.push_back(information(fmt::format("result at the worst, {}", name(type)), beyond.got));
    parts.push_back(information(fmt::format("right there, {}", name(type)), beyond.expected));
  }
  return parts;
}

Parts o2(Evidence&) {
  Parts parts;
  for (const Tier tier : tiers) {
    for (const Type type : every_type) {
      const double overflow = exponential_overflow(type);
      const Result first = first_of(
          kernel_of("softplus", type, tier), 1, 1,
          [](const Result& r) { return !std::isfinite(r.got) && std::isfinite(r.expected) && std::isfinite(r.x); },
          false);
      parts.push_back(
          part(fmt::format("x from which {} softplus overflows, {}; e^x from {:.6g}", name(tier), name(type), overflow),
               condition, first.x, Relation::above, overflow));
    }
  }
  return parts;
}

Parts o3(Evidence&) {
  Parts parts;
  for (const Type type : every_type) {
    const auto broken = [](const Result& r) { return std::isnan(r.got) || (r.got == 0 && r.expected != 0); };
    const Kernel& kernel = kernel_of("tanh", type, Tier::naive);
    const Result first = first_of(kernel, 1, 0x1p-6, broken, false);
    parts.push_back(part(fmt::format("|x| from which the quotient gives NaN or 0, {}", name(type)), condition,
                         std::abs(first.x), Relation::equals, none));
    parts.push_back(information(fmt::format("result there, {}", name(type)), first.got));
  }
  return parts;
}

// ---- GELU's forms
// ---------------------------------------------------------------------------------------------------

/// The worst |g/GELU - 1| over a sample of [-5, 5].
double relative_gap(const char* form, const char* direction) {
  double worst = 0;
  for (int i = 0; i <= 4000; ++i) {
    const double x = -5 + i * 0.0025;
    const Precise g = precise(form, direction, x), right = precise("gelu", direction, x);
    if (std::abs(right.value) > 1e-9L)
      worst = std::max(worst, static_cast<double>(std::abs(g.value / right.value - 1)));
  }
  return worst;
}

Parts g1(Evidence&) {
  Parts parts;
  const auto compare = [&](const char* what, double a, double b) {
    parts.push_back(part(fmt::format("{}: 0.0356774 over 0.044715", what), condition, b / a, Relation::below, 1));
    parts.push_back(information(fmt::format("{}, 0.044715", what), a));
    parts.push_back(information(fmt::format("{}, 0.0356774", what), b));
  };
  for (const char* direction : {"forward", "derivative"}) {
    const char* of = std::string_view(direction) == "forward" ? "value" : "derivative";
    const Curve usual = difference("gelu_tanh", "gelu", direction), changed = difference("new_gelu", "gelu", direction);
    const auto largest = [](const Curve& gap) { return reference::analyse(gap).largest.middle(); };
    const auto root_mean_square = [](const Curve& gap) {
      return std::sqrt(reference::normal_moments(gap).square.middle());
    };
    compare(fmt::format("max gap, {}", of).c_str(), largest(usual), largest(changed));
    compare(fmt::format("RMS gap under N(0, 1), {}", of).c_str(), root_mean_square(usual), root_mean_square(changed));
    compare(fmt::format("worst relative gap on [−5, 5], {}", of).c_str(), relative_gap("gelu_tanh", direction),
            relative_gap("new_gelu", direction));
  }
  return parts;
}

double operations(const char* activation, double x = 1.25) {
  const std::vector<double> defaults = [&] {
    std::vector<double> p;
    for (const Activation* a : every_activation()) {
      if (std::string_view(a->name) != activation) continue;
      for (std::size_t i = 0; i < a->parameter_count; ++i) p.push_back(a->parameters[i].default_value);
    }
    return p;
  }();
  return static_cast<double>(reference::operation_count(activation, defaults, x));
}

Parts g2(Evidence& e) {
  const double usual = operations("gelu_tanh"), changed = operations("new_gelu");
  Parts parts{
      part("operations of its definition over the usual form's", essential, changed / usual, Relation::below, 1),
      information("operations, 0.044715", usual), information("operations, 0.0356774", changed)};
  if (e.times() != nullptr) {
    add_time_ratios(parts, e, "new_gelu", "gelu_tanh", condition, Relation::below, 1);
  }
  return parts;
}

Parts g3(Evidence&) {
  const Curve gap = difference("gelu", "relu", "forward");
  constexpr double end = std::numeric_limits<double>::max();
  const reference::Analysis all = reference::analyse(gap);
  const double far =
      std::max(reference::analyse(gap, 3, end).largest.middle(), reference::analyse(gap, -end, -3).largest.middle());
  return {part("sup gap to ReLU, all x", condition, all.largest.middle(), Relation::at_most, 0.01),
          part("sup gap to ReLU, |x| ≥ 3", condition, far, Relation::at_most, 0.01),
          information("largest at ±x", std::abs(all.peaks.front().at.middle()))};
}

// ---- Speed
// ----------------------------------------------------------------------------------------------------------

Parts p1(Evidence& e) {
  Parts parts;
  add_time_ratios(parts, e, "sigmoid", "relu", condition, Relation::between, 5, 10);
  return parts;
}

Parts p2(Evidence& e) {
  Parts parts;
  constexpr std::pair<const char*, const char*> order[] = {
      {"relu6", "relu"},    {"hard_swish", "relu6"}, {"leaky_relu", "relu"}, {"tanh", "leaky_relu"},
      {"softplus", "tanh"}, {"gelu", "softplus"},    {"mish", "softplus"}};
  for (const auto& [slow, fast] : order) add_time_ratios(parts, e, slow, fast, condition, Relation::above, 1);
  return parts;
}

Parts p3(Evidence& e) {
  Parts parts;
  add_time_ratios(parts, e, "elu", "relu", condition, Relation::above, 1);
  return parts;
}

/// Clock cycles a second: what a chain of dependent additions takes, one cycle each.
double cycles_per_second() {
  double best = 0;
  for (int run = 0; run < 5; ++run) {
    constexpr int count = 4'000'000;
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t sum = 1;
    for (int i = 0; i < count; ++i) {
      sum += sum ^ 1;
#if defined(__GNUC__)
      asm volatile("" : "+r"(sum));
#endif
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, 2 * count / seconds);  // an exclusive or and an addition
  }
  return best;
}

/// A feed-forward block of a transformer for one token: two products of a vector with matrices, d × 4d and 4d × d, and
/// 4d activations between.
Parts p4(Evidence& e) {
  constexpr double d = 4096, elements = 4 * d;
  constexpr double matrix_operations = 2 * 2 * d * 4 * d;
  constexpr double weight_bytes = 4 * 2 * d * 4 * d, activation_bytes = 8 * elements;
  constexpr const char* activations[] = {"relu", "sigmoid", "tanh", "silu", "gelu", "mish"};
  Parts parts;
  for (const char* activation : activations) {
    const double arithmetic = operations(activation) * elements;
    parts.push_back(part(fmt::format("share of the arithmetic, {}", activation), condition,
                         arithmetic / (arithmetic + matrix_operations), Relation::between, 0.3, 0.6));
  }
  parts.push_back(part("share of the bytes, one token", condition, activation_bytes / (activation_bytes + weight_bytes),
                       Relation::between, 0.3, 0.6));
  if (e.times() == nullptr) return parts;
  // Two fused multiply-adds a cycle on the widest registers is the most that current cores do.
  Backend widest = Backend::scalar;
  for (const Backend backend : timed_backends)
    if (runs_here(backend)) widest = backend;
  const double lanes = widest == Backend::avx512 ? 16 : widest == Backend::avx2 ? 8 : 1;
  const double peak = cycles_per_second() * 2 * 2 * lanes;
  parts.push_back(information("peak operations a second of one core, f32", peak));
  double copy = 0;
  for (const timing::BenchRow& row : e.times()->rows) {
    if (row.kernel == nullptr && row.size.name == "memory") copy = std::max(copy, row.gb_per_second);
  }
  parts.push_back(information("copying in memory, GB/s", copy));
  for (const char* activation : activations) {
    for (const Tier tier : tiers) {
      const timing::BenchRow* row =
          row_of(*e.times(), fmt::format("{}/forward/f32/{}/{}", activation, name(tier), name(widest)), "l1");
      if (row == nullptr) continue;
      const double own = row->ns_per_element.median * 1e-9 * elements;
      const double many = matrix_operations / peak, one = std::max(many, weight_bytes / (copy * 1e9));
      parts.push_back(part(fmt::format("share of the time at peak, many tokens, {} {}", activation, name(tier)),
                           condition, own / (own + many), Relation::between, 0.3, 0.6));
      parts.push_back(
          part(fmt::format("share of the time, one token, weights from memory, {} {}", activation, name(tier)),
               condition, own / (own + one), Relation::between, 0.3, 0.6));
    }
  }
  return parts;
}

constexpr Claim list[] = {
    {"V1", "T2", "tanh inside GELU at x = 1 is 0.683675, so GELU(1) ≈ 0.8418375",
     "that tanh, the tanh form and the exact value at 1", Timed::no, v1},
    {"V2", "T1, T2", "σ′(0) = 0.25, and that is its maximum", "σ′(0) and sup σ′", Timed::no, v2},
    {"V3", "T2", "tanh(x) = 2σ(2x) − 1", "the difference, exactly and in f32 arithmetic", Timed::no, v3},
    {"V4", "T2", "tanh′(0) = 1; the derivative is always below 1", "tanh′(0) and sup tanh′", Timed::no, v4},
    {"V5", "T2", "softplus′(x) = σ(x), softplus′(0) = 0.5", "the difference, and the value at 0", Timed::no, v5},
    {"V6", "T2", "SiLU(x) = x/(1 + e^−x) for every x", "the difference, exactly and of the naive f32 kernel", Timed::no,
     v6},
    {"V7", "T2", "swish with β = 0 is a linear function; as β → ∞ it tends to ReLU",
     "the gap to x/2 and the largest to ReLU", Timed::no, v7},
    {"V8", "T1, T2", "leaky_relu(x) = max(αx, x)", "the largest difference for four α", Timed::no, v8},
    {"R1", "T1, T2", "sigmoid's outputs lie in (0, 1), tanh's in (−1, 1)",
     "ranges, and from which inputs kernels give 0 or ±1", Timed::no, r1},
    {"R2", "T1", "leaky ReLU's output is never negative", "its infimum", Timed::no, r2},
    {"R3", "T2", "softplus's range is (0, ∞)", "its range, and from which input kernels give 0", Timed::no, r3},
    {"R4", "T2", "Mish's range is [−0.31, ∞)", "its minimum", Timed::no, r4},
    {"R5", "T2", "ReLU6 lies in [0, 6]", "its range", Timed::no, r5},
    {"R6", "T2", "GELU's range is (−∞, ∞)", "its minimum", Timed::no, r6},
    {"R7", "T2", "softmax outputs sum to 1", "the sum's distance from 1 in ε", Timed::no, r7},
    {"D1", "T2", "σ′ lies between 0.1 and 0.25 on [−3, 3]", "its least and greatest there", Timed::no, d1},
    {"D2", "T2", "tanh′ lies between 0.5 and 1 on [−1, 1]", "its least and greatest there", Timed::no, d2},
    {"D3", "T2", "σ′ is about 0.2 to 0.25 on [−1, 1]", "its least and greatest there, to two digits", Timed::no, d3},
    {"D4", "T2", "GELU′ stays within 0.2 to 0.8 on [−3, 3]", "its least and greatest there", Timed::no, d4},
    {"D5", "T2", "sup |f′|: tanh 1, sigmoid 0.25; ReLU's and the identity's derivative is unbounded", "sup |f′|",
     Timed::no, d5},
    {"D6", "T2", "ReLU, GELU, Swish and Mish do not saturate: f′ does not go to 0 at ±∞", "both limits of f′",
     Timed::no, d6},
    {"D7", "T2", "σ and tanh saturate: far from 0 their derivatives are near 0",
     "where they fall under 0.01 and ε, and round to 0", Timed::no, d7},
    {"D8", "T2",
     "hard_swish is not differentiable at isolated points; softplus, gelu, silu and mish are smooth everywhere",
     "one-sided derivatives where pieces meet", Timed::no, d8},
    {"D9", "T2", "a chain of L sigmoids shrinks the gradient at least by 0.25^L; with sup |f′| ≤ 1 it cannot grow",
     "sup |f′|^L", Timed::no, d9},
    {"Z1", "T2", "tanh's outputs have zero mean, sigmoid's have mean 0.5", "E f(Z), Z ~ N(0, 1)", Timed::no, z1},
    {"Z2", "T2", "GELU is approximately zero-mean", "|E f(Z)| against √E f(Z)², up to 0.1 being approximately zero",
     Timed::no, z2},
    {"Z3", "T2",
     "about half of a ReLU layer's outputs are 0; leaky ReLU's are sparse in part; sigmoid's and tanh's never",
     "P(f(Z) = 0)", Timed::no, z3},
    {"O1", "T2", "e^−x overflows for very negative x and breaks the sigmoid's stability",
     "the naive kernel's worst error where e^−x overflows", Timed::no, o1},
    {"O2", "T2", "softplus is safer than e^x, which may overflow", "from where softplus kernels overflow, and e^x",
     Timed::no, o2},
    {"O3", "T1", "tanh by its quotient of exponentials works for every x", "from where the naive kernel gives NaN or 0",
     Timed::no, o3},
    {"G1", "T2", "NewGELU (0.0356774) is an improvement over the usual tanh form", "gaps of both to the exact GELU",
     Timed::no, g1},
    {"G2", "T2", "the changed coefficient reduces the computation", "operations and time of both forms", Timed::partly,
     g2},
    {"G3", "T2", "GELU is close to 0 below 0 and close to linear above",
     "the largest gap to ReLU, up to 0.01 being close", Timed::no, g3},
    {"P1", "T1, T2", "ReLU costs far less than sigmoid: five to ten times", "ratio of times", Timed::wholly, p1},
    {"P2", "T2",
     "cost: ReLU < ReLU6 < Hard-Swish; ReLU < LeakyReLU < Tanh; Softplus costs more; GELU's and Mish's are the highest",
     "ratios of times", Timed::wholly, p2},
    {"P3", "T1, T2", "ELU costs more than ReLU because of its exponential", "ratio of times", Timed::wholly, p3},
    {"P4", "T2", "the activation's share of a model's computation is 30 to 60 %",
     "a feed-forward block, d = 4096: arithmetic, bytes, and, timed, a roofline", Timed::partly, p4},
};

}  // namespace

std::span<const Claim> claims() { return list; }

std::vector<const Kernel*> timed_kernels() {
  constexpr const char* activations[] = {"relu", "relu6",    "leaky_relu", "hard_swish", "elu",      "sigmoid", "tanh",
                                         "silu", "softplus", "gelu",       "gelu_tanh",  "new_gelu", "mish"};
  std::vector<const Kernel*> found;
  for (const Kernel& kernel : kernels()) {
    if (kernel.direction != Direction::forward || kernel.type != Type::f32) continue;
    if (kernel.backend == Backend::cuda || unrunnable_reason(kernel) != nullptr) continue;
    if (std::any_of(std::begin(activations), std::end(activations),
                    [&](const char* a) { return std::string_view(a) == kernel.activation->name; }))
      found.push_back(&kernel);
  }
  return found;
}

}  // namespace actbench::bench
