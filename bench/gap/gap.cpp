// SPDX-License-Identifier: Apache-2.0
#include "bench/gap/gap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <tuple>

#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "reference/approximations.hpp"
#include "reference/format.hpp"

namespace actbench::bench {
namespace {

using reference::Bracket;
using reference::Curve;
using reference::Term;

/// GELU, and its approximations that have names of their own.
constexpr const char* exact_name = "gelu";
constexpr const char* known_approximations[] = {"gelu_tanh", "new_gelu", "quick_gelu"};
/// The second of these may have the cubic coefficient of the first, multiplied by the factor √(2/π).
constexpr const char *factor_once = "gelu_tanh", *factor_twice = "new_gelu";

struct Sought {
  const char* name;
  const char* form;
  const char* free;
  bool derivative;
};
/// Forms whose coefficients are found here.
constexpr Sought sought[] = {
    {"best tanh, 1 coefficient", "tanh_form", "c", false},
    {"best tanh, 2 coefficients", "tanh_form", "ac", false},
    {"best sigmoid", "sigmoid_form", "b", false},
    {"best tanh for f', 1 coefficient", "tanh_form", "c", true},
    {"best tanh for f', 2 coefficients", "tanh_form", "ac", true},
    {"best sigmoid for f'", "sigmoid_form", "b", true},
};

/// f(x) to a double's precision: enough to find where the spacing of f32 numbers changes.
double value(const Term& term, double x) {
  reference::Quick q{};
  reference::quick(*term.function, reference::f64, {&x}, &q, 1, term.parameters);
  return std::ldexp(q.hi + q.lo, q.scale);
}

/// The spacing of f32 numbers at v.
double f32_spacing(double v) {
  return std::ldexp(1.0, reference::spacing_exponent(reference::f32, v == 0 ? -149 : std::ilogb(v)));
}

void look_at_line(const Contender& contender, const Contender& exact, std::size_t direction, LineGap& line) {
  const Curve gap = reference::difference(contender.terms[direction], exact.terms[direction]);
  try {
    line.analysis = reference::analyse(gap);
    const reference::Analysis& found = *line.analysis;
    if (!found.peaks.empty() && !found.at_end) {
      const double x = found.peaks.back().at.middle();
      line.ulp = found.largest.middle() / f32_spacing(value(exact.terms[direction], x));
    }
    line.moments = reference::normal_moments(gap);
  } catch (const reference::Undecided& e) {
    line.undecided = e.what();
  }
}

/// The largest |h|/ulp(g) over [from, to]. Between the extrema of h and the places where the spacing at g changes, h is
/// monotone and the spacing constant. So the largest ratio is at one of these places, or at an end.
void look_for_ulp(const Contender& contender, const Contender& exact, const reference::Analysis& line,
                  const reference::Analysis& exact_line, RangeGap& range) {
  const Term &f = contender.terms[0], &g = exact.terms[0];
  const Curve gap = reference::difference(f, g);
  const auto consider = [&](double x, double spacing) {
    const Bracket h = reference::value_at(gap, x);
    const double ulp = std::max(std::abs(h.low), std::abs(h.high)) / spacing;
    if (ulp > range.ulp) range.ulp = ulp, range.ulp_at = x;
  };
  std::vector<double> places{range.from, range.to};
  for (const reference::Extremum& e : line.extrema) places.push_back(e.at.middle());
  for (const reference::Extremum& e : exact_line.extrema) places.push_back(e.at.middle());
  std::sort(places.begin(), places.end());
  std::erase_if(places, [&](double x) { return x < range.from || x > range.to; });
  for (std::size_t i = 0; i < places.size(); ++i) {
    consider(places[i], f32_spacing(value(g, places[i])));
    if (i + 1 == places.size()) break;
    // g is monotone up to the next place. Where its size passes a power of two, the smaller spacing holds beside it.
    double a = places[i], b = places[i + 1];
    const double at_a = std::abs(value(g, a)), at_b = std::abs(value(g, b));
    const auto exponent = [](double v) { return v == 0 ? -150 : std::max(-150, std::ilogb(v)); };
    for (int e = std::min(exponent(at_a), exponent(at_b)) + 1; e <= std::max(exponent(at_a), exponent(at_b)); ++e) {
      const double power = std::ldexp(1.0, e);
      double low = a, high = b;
      while (true) {
        const double middle = low + (high - low) / 2;
        if (!(middle > low && middle < high)) break;
        ((std::abs(value(g, middle)) < power) == (at_a < power) ? low : high) = middle;
      }
      consider(low, f32_spacing(power / 2));
    }
  }
}

/// From here to 0 the relative gap is bounded by itself: a quotient of intervals that hold 0 has no bound.
constexpr double beside_zero = 0x1p-10;

RangeGap range_gap(const Contender& contender, const Contender& exact, const reference::Analysis& line,
                   const reference::Analysis& exact_line, double from, double to) {
  const Term &f = contender.terms[0], &g = exact.terms[0];
  RangeGap range{from == 0 ? beside_zero : from, to == 0 ? -beside_zero : to, {}, 0, 0, 0};
  for (int i = 0; i <= 8; ++i) {
    if (value(g, range.from + i * (range.to - range.from) / 8) == 0) return range;  // there is nothing to divide by
  }
  try {
    const reference::Analysis found = reference::analyse(reference::relative(f, g), range.from, range.to, 2000);
    range.relative = found.largest;
    if (!found.peaks.empty()) range.relative_at = found.peaks.back().at.middle();
    const bool reaches_zero = from == 0 || to == 0;
    if (reaches_zero && value(f, 0) == 0 && value(g, 0) == 0) {
      const Bracket rest =
          reference::relative_beside_zero(f, g, from == 0 ? 0 : -beside_zero, from == 0 ? beside_zero : 0);
      range.relative->high = std::max({range.relative->high, std::abs(rest.low), std::abs(rest.high)});
      range.from = from;
      range.to = to;
    }
  } catch (const reference::Undecided&) {
    range.relative.reset();
  }
  look_for_ulp(contender, exact, line, exact_line, range);
  return range;
}

void look_at_ranges(const Contender& contender, const Contender& exact, const reference::Analysis& line,
                    const reference::Analysis& exact_line, ContenderGap& out) {
  constexpr double ends[] = {-10, -5, -3, -1, 0, 1, 3, 5, 10};
  for (std::size_t i = 0; i + 1 < std::size(ends); ++i) {
    out.ranges.push_back(range_gap(contender, exact, line, exact_line, ends[i], ends[i + 1]));
  }
  const Term &f = contender.terms[0], &g = exact.terms[0];
  for (const double x : {-3.0, -5.0, -10.0, -20.0, -100.0}) {
    TailRatio tail{x, {}};
    if (value(g, -1) != 0) tail.ratio = reference::ratio_at(f, g, x, 6);
    out.tail.push_back(tail);
  }
}

std::int64_t rank_of(Type type, std::uint64_t pattern) {
  const std::uint64_t sign = std::uint64_t{1} << (bits_of(type) - 1);
  return (pattern & sign) != 0 ? -static_cast<std::int64_t>(pattern - sign) : static_cast<std::int64_t>(pattern);
}

/// The correctly rounded results for all numbers of a half type.
std::vector<double> rounded_results(const Contender& contender, Type type, std::size_t direction,
                                    std::span<const double> x) {
  Term term = contender.terms[direction];
  if (contender.activation != nullptr) {
    for (double& parameter : term.parameters) parameter = round_to(type, parameter);
  }
  const reference::Format& format = format_of(type);
  std::vector<reference::Quick> quick(x.size());
  std::vector<double> guess(x.size());
  std::vector<reference::Judgement> judged(x.size());
  reference::quick(*term.function, format, {x.data()}, quick.data(), x.size(), term.parameters);
  for (std::size_t i = 0; i < x.size(); ++i) guess[i] = reference::round_to(format, quick[i].hi + quick[i].lo);
  reference::judge(*term.function, format, {x.data()}, quick.data(), guess.data(), judged.data(), x.size(),
                   term.parameters);
  std::vector<double> results;
  for (const reference::Judgement& j : judged) results.push_back(j.expected);
  return results;
}

void count_half(const Contender& contender, const Contender& exact, HalfGap& out, std::size_t direction) {
  std::vector<double> x;
  for (std::uint64_t pattern = 0; pattern < 65536; ++pattern) {
    const double v = value_of(out.type, pattern);
    if (!std::isnan(v)) x.push_back(v);
  }
  const std::vector<double> ours = rounded_results(contender, out.type, direction, x);
  const std::vector<double> right = rounded_results(exact, out.type, direction, x);
  const auto meet = [](HalfGap::Zeros& zeros, double at) {
    if (zeros.count == 0 || std::abs(at) < std::abs(zeros.nearest)) zeros.nearest = at;
    if (zeros.count == 0 || std::abs(at) > std::abs(zeros.furthest)) zeros.furthest = at;
    ++zeros.count;
  };
  out.inputs = x.size();
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (ours[i] == right[i]) continue;
    ++out.different;
    const auto steps = static_cast<std::uint64_t>(
        std::abs(rank_of(out.type, pattern_of(out.type, ours[i])) - rank_of(out.type, pattern_of(out.type, right[i]))));
    if (steps > out.most_steps) out.most_steps = steps, out.most_steps_at = x[i];
    if (ours[i] == 0) meet(out.zero, x[i]);
    if (right[i] == 0) meet(out.not_zero, x[i]);
  }
}

void time_kernels(const GapOptions& options, GapFindings& findings, double from, double to) {
  timing::BenchOptions bench;
  bench.kernels = options.timed;
  bench.sizes = {timing::default_sizes(timing::read_machine()).front()};
  bench.time_budget_s = options.timing_s;
  bench.seed = options.seed;
  bench.stop = options.stop;
  if (const auto show = part_of(options.progress, from, to))
    bench.progress = [show](const timing::Progress& p) { show(p.fraction(), p.label); };
  const timing::BenchResult result = timing::run_benchmarks(bench);
  findings.time_size = bench.sizes[0].name;
  std::map<std::tuple<Direction, Type, Tier, Backend>, const timing::BenchRow*> of_exact;
  for (const timing::BenchRow& row : result.rows) {
    if (row.kernel != nullptr && findings.exact.activation == row.kernel->activation) {
      of_exact[{row.kernel->direction, row.kernel->type, row.kernel->tier, row.kernel->backend}] = &row;
    }
  }
  for (const timing::BenchRow& row : result.rows) {
    if (row.kernel == nullptr) continue;
    const Kernel& k = *row.kernel;
    const auto found = of_exact.find({k.direction, k.type, k.tier, k.backend});
    if (found == of_exact.end()) continue;
    const auto& mine = row.samples_ns;
    const auto& base = found->second->samples_ns;
    std::vector<double> ratios;  // of the same round
    for (std::size_t i = 0; i < std::min(mine.size(), base.size()); ++i) ratios.push_back(mine[i] / base[i]);
    findings.times.push_back({&k, row.ns_per_element.median, timing::median_interval(ratios)});
  }
}

}  // namespace

Contender with_coefficients(const std::string& name, const std::string& form, const std::vector<double>& parameters) {
  Contender contender{name, form == "tanh_form" ? "x/2·(1 + tanh(a√(2/π)(x + c·x³)))" : "x·σ(b·x)", {}, nullptr, {}};
  for (std::size_t d = 0; d < gap_directions.size(); ++d) {
    contender.terms[d] = {reference::find_approximation(form, actbench::name(gap_directions[d])), parameters};
  }
  return contender;
}

DoubleFactor double_factor(const Contender& once, const Contender& twice, const Contender& exact) {
  DoubleFactor factor{once.name, twice.name, reference::root_two_over_pi_bracket(), {}, {}, {}, 0, false, 0, 0, 0};
  factor.once_c = reference::cubic_coefficient(once.terms[0]);
  factor.twice_c = reference::cubic_coefficient(twice.terms[0]);
  // All factors are positive; the product of doubles is off by half a unit at most.
  factor.product = {std::nextafter(factor.once_c.low * factor.root.low, 0.0),
                    std::nextafter(factor.once_c.high * factor.root.high, 1.0)};
  // The fewest decimals that give the coefficient.
  const double c = factor.twice_c.middle();
  const auto to_decimals = [&](double v) { return fmt::format("{:.{}f}", v, factor.decimals); };
  while (factor.decimals < 15 && std::abs(std::stod(to_decimals(c)) - c) > 1e-15) ++factor.decimals;
  factor.confirmed =
      to_decimals(factor.product.low) == to_decimals(c) && to_decimals(factor.product.high) == to_decimals(c);
  const auto largest = [&](const Contender& contender) {
    return reference::analyse(reference::difference(contender.terms[0], exact.terms[0])).largest.middle();
  };
  factor.gap_once = largest(once);
  factor.gap_twice = largest(twice);
  factor.gap_as_meant = largest(with_coefficients("", "tanh_form", {1, c / factor.root.middle()}));
  return factor;
}

const Activation* find_activation(const std::string& name) {
  for (const Kernel& kernel : kernels()) {
    if (name == kernel.activation->name) return kernel.activation;
  }
  return nullptr;
}

Contender contender_of(const Activation& activation, const std::vector<double>& parameters) {
  Contender contender{activation.name, activation.formula, {}, &activation, parameters};
  for (std::size_t d = 0; d < gap_directions.size(); ++d) {
    contender.terms[d] = {reference::find(activation.name, name(gap_directions[d])), parameters};
    if (contender.terms[d].function == nullptr) {
      throw MissingError(fmt::format("the reference has no {} of {}", name(gap_directions[d]), activation.name));
    }
  }
  return contender;
}

std::vector<std::string> gelu_forms() {
  std::vector<std::string> names{exact_name};
  for (const char* known : known_approximations) names.emplace_back(known);
  return names;
}

namespace {

/// GELU with its approximations: those with names, the one with the Taylor series' coefficient, and the best of each
/// form.
void take_gelu_forms(const GapOptions& options, GapFindings& findings) {
  const auto named = [](const char* name) { return contender_of(*find_activation(name), {}); };
  findings.exact = named(exact_name);
  const auto add = [&](Contender contender) { findings.contenders.push_back({std::move(contender), {}, {}, {}, {}}); };
  for (const char* known : known_approximations) add(named(known));
  const double taylor = reference::cubic_coefficient(findings.exact.terms[0]).middle();
  add(with_coefficients("tanh, Taylor", "tanh_form", {1, taylor}));
  for (const Sought& s : sought) {
    if (options.quick && s.derivative) continue;
    findings.best.push_back(reference::best_coefficients(s.form, s.free, s.derivative));
    add(with_coefficients(s.name, s.form, findings.best.back().term.parameters));
    check_interrupted();
  }
}

void take_given(const GapOptions& options, GapFindings& findings) {
  findings.exact = options.contenders[0];
  for (std::size_t i = 1; i < options.contenders.size(); ++i) {
    findings.contenders.push_back({options.contenders[i], {}, {}, {}, {}});
  }
}

/// Pieces of work that do not depend on one another.
using Work = std::vector<std::function<void()>>;

/// The real line and the half types. The longest pieces of work come first.
Work first_work(GapFindings& findings, std::optional<reference::Analysis>& exact_line) {
  Work work;
  const Contender& exact = findings.exact;
  for (ContenderGap& gap : findings.contenders) {
    for (std::size_t d = 0; d < gap_directions.size(); ++d) {
      work.emplace_back([&gap, &exact, d] { look_at_line(gap.contender, exact, d, gap.line[d]); });
    }
  }
  work.emplace_back([&exact_line, &exact] { exact_line = reference::analyse(reference::single(exact.terms[0])); });
  for (ContenderGap& gap : findings.contenders) {
    for (const Type type : {Type::f16, Type::bf16}) {
      for (const Direction direction : gap_directions) {
        HalfGap half;
        half.type = type;
        half.direction = direction;
        gap.halves.push_back(half);
      }
    }
    for (std::size_t h = 0; h < gap.halves.size(); ++h) {
      work.emplace_back(
          [&gap, &exact, h] { count_half(gap.contender, exact, gap.halves[h], h % gap_directions.size()); });
    }
  }
  return work;
}

/// What follows from the analyses of the real line, and for GELU the factor.
Work second_work(GapFindings& findings, const reference::Analysis& exact_line, bool of_gelu) {
  Work work;
  for (ContenderGap& gap : findings.contenders) {
    if (!gap.line[0].analysis) continue;
    work.emplace_back([&gap, &findings, &exact_line] {
      look_at_ranges(gap.contender, findings.exact, *gap.line[0].analysis, exact_line, gap);
    });
  }
  if (!of_gelu) return work;
  const auto named = [&](const char* name) {
    return &std::find_if(findings.contenders.begin(), findings.contenders.end(), [&](const ContenderGap& gap) {
              return gap.contender.name == name;
            })->contender;
  };
  work.emplace_back([&findings, once = named(factor_once), twice = named(factor_twice)] {
    findings.factor = double_factor(*once, *twice, findings.exact);
  });
  return work;
}

/// Does the work on several threads, and reports progress from one share of the whole to another.
void do_work(const Work& work, const GapOptions& options, double from, double to) {
  const auto show = part_of(options.progress, from, to);
  parallel(
      work.size(), thread_count(options.threads, work.size()), options.stop,
      [&](double fraction) {
        if (show) show(fraction, {});
      },
      [&](unsigned, std::uint64_t item) { work[item](); });
}

}  // namespace

GapFindings find_gaps(const GapOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const bool of_gelu = options.contenders.empty();
  GapFindings findings;
  if (of_gelu) {
    take_gelu_forms(options, findings);
  } else {
    take_given(options, findings);
  }
  const double proofs = 15 / (options.timing_s + 15);  // share of the time
  std::optional<reference::Analysis> exact_line;
  do_work(first_work(findings, exact_line), options, 0, 0.6 * proofs);
  do_work(second_work(findings, *exact_line, of_gelu), options, 0.6 * proofs, proofs);
  if (options.timing_s > 0 && !options.timed.empty()) time_kernels(options, findings, proofs, 1);
  findings.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return findings;
}

}  // namespace actbench::bench
