// SPDX-License-Identifier: Apache-2.0
#include "bench/identify/identify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "bench/numbers/inputs.hpp"
#include "bench/numbers/mix.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "bench/support/progress.hpp"

namespace actbench::bench::identify {
namespace {

constexpr std::size_t sample_size = 8192, piece = 8192;

/// Inputs and outputs as numbers.
struct Numbers {
  std::vector<double> x, dy, a, y;

  Data data(Type type) const {
    return {type, x.data(), dy.empty() ? nullptr : dy.data(), a.empty() ? nullptr : a.data(), x.size()};
  }
};

double number(Type type, const void* array, std::uint64_t i) {
  return value_of(type, pattern_at(type, array, static_cast<std::size_t>(i)));
}

/// Outputs at which formulas differ make up three quarters of the sample, as far as there are any: for tiny inputs all
/// give about x/2, x or 0, for huge ones x or a limit. The rest is spread evenly.
Numbers sample_of(Type type, const score::Arrays& all) {
  const std::uint64_t looked_at = std::min<std::uint64_t>(all.n, std::uint64_t{1} << 20);
  std::vector<std::uint64_t> telling, chosen;
  for (std::uint64_t k = 0; k < looked_at; ++k) {
    const auto i = static_cast<std::uint64_t>(static_cast<unsigned __int128>(all.n) * k / looked_at);
    const double size = std::abs(number(type, all.x, i));
    if (size > 0x1p-6 && size < 64) telling.push_back(i);
  }
  const std::size_t wanted = std::min(telling.size(), sample_size * 3 / 4);
  for (std::size_t k = 0; k < wanted; ++k) chosen.push_back(telling[telling.size() * k / wanted]);
  const std::uint64_t rest = std::min<std::uint64_t>(all.n, sample_size - wanted);
  for (std::uint64_t k = 0; k < rest; ++k)
    chosen.push_back(static_cast<std::uint64_t>(static_cast<unsigned __int128>(all.n) * k / rest));
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  Numbers sample;
  for (const std::uint64_t i : chosen) {
    sample.x.push_back(number(type, all.x, i));
    sample.y.push_back(number(type, all.y, i));
    if (all.dy != nullptr) sample.dy.push_back(number(type, all.dy, i));
    if (all.a != nullptr) sample.a.push_back(number(type, all.a, i));
  }
  return sample;
}

/// A formula that is worth a look at all outputs.
struct Candidate {
  const Formula* formula;
  Fit fit;
};

/// Less is better: the mean of log2(1 + error in ULP), to which an exact output adds nothing. A count of exact outputs
/// would be misled by defects: relu has more zeros in common with a gelu that vanishes from -5.5 on than gelu has. A
/// fitted parameter has to be worth a quarter of a bit, and of two that are equal the simpler comes first.
double rank(const Distance& d, std::size_t fitted, std::size_t parameters, std::uint64_t n) {
  // Sums depend on the number of threads in their last digits.
  const double mean = std::round(d.log_sum / static_cast<double>(n) * 1e9) * 1e-9;
  return mean + 0.25 * static_cast<double>(fitted) + 0.01 * static_cast<double>(parameters);
}

std::vector<Candidate> best_on_sample(const std::vector<Formula>& all, const std::vector<Fit>& fits, std::size_t n,
                                      std::size_t most) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (fits[i].valid) candidates.push_back({&all[i], fits[i]});
  }
  std::stable_sort(candidates.begin(), candidates.end(), [n](const Candidate& a, const Candidate& b) {
    const auto of = [n](const Fit& f) { return rank(f.distance, f.fitted, f.parameters.size(), n); };
    return of(a.fit) < of(b.fit);
  });
  candidates.resize(std::min(candidates.size(), most));
  return candidates;
}

/// Sums of this over all outputs are equal where all values are.
std::uint64_t value_term(double value, std::uint64_t index) {
  const double canonical = std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value == 0 ? 0.0 : value;
  return mix(std::bit_cast<std::uint64_t>(canonical) + mix(index + 1));
}

/// What the candidates are worth over all outputs.
std::vector<Match> measured(Type type, const score::Arrays& all, const std::vector<Candidate>& candidates,
                            const Options& options, const std::function<void(double)>& progress) {
  const std::uint64_t pieces = (all.n + piece - 1) / piece;
  const unsigned threads = thread_count(options.threads, pieces);
  std::vector<std::vector<Match>> sums(threads, std::vector<Match>(candidates.size()));
  parallel(pieces, threads, options.stop, progress, [&](unsigned thread, std::uint64_t item) {
    const std::uint64_t first = item * piece;
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(piece, all.n - first));
    Numbers numbers;
    for (const auto& [array, values] :
         {std::pair(all.x, &numbers.x), {all.y, &numbers.y}, {all.dy, &numbers.dy}, {all.a, &numbers.a}}) {
      if (array == nullptr) continue;
      values->resize(n);
      widen(type, static_cast<const char*>(array) + first * size_of(type), values->data(), n);
    }
    std::vector<double> values(n);
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      candidates[c].formula->evaluate(numbers.data(type), candidates[c].fit.parameters.data(), values.data());
      Match& sum = sums[thread][c];
      sum.distance.merge(distance(type, values.data(), numbers.y.data(), n, first));
      for (std::size_t i = 0; i < n; ++i) sum.digest += value_term(rounded(type, values[i]), first + i);
    }
  });
  std::vector<Match> matches(candidates.size());
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    const Formula& formula = *candidates[c].formula;
    Match& match = matches[c];
    match.name = formula.name;
    match.text = formula.text;
    match.fitted = candidates[c].fit.fitted;
    for (std::size_t k = 0; k < formula.parameters.size(); ++k)
      match.parameters.emplace_back(formula.parameters[k].name, candidates[c].fit.parameters[k]);
    for (const std::vector<Match>& sum : sums) {
      match.distance.merge(sum[c].distance);
      match.digest += sum[c].digest;
    }
  }
  return matches;
}

/// Inputs to tell two formulas apart with: every number of a small type that is not huge; else of each size some.
Numbers trial_inputs(Type type, bool dy, bool a) {
  Numbers trial;
  const auto add = [&](double x, double gate) {
    trial.x.push_back(x);
    if (dy) trial.dy.push_back(1);
    if (a) trial.a.push_back(gate);
  };
  for (const double gate : {1.0, -9.5, 12.0}) {
    if (bits_of(type) <= 16) {
      for (std::uint64_t p = 0; p >> bits_of(type) == 0; ++p) {
        if (const double x = value_of(type, p); std::abs(x) <= 200) add(x, gate);
      }
    } else {
      for (int k = -256 * 20; k <= 256 * 7; ++k) {
        const double size = rounded(type, std::exp2(k / 256.0));
        add(size, gate);
        add(-size, gate);
      }
    }
    if (!a) break;
  }
  return trial;
}

std::optional<Telling> tell_apart(Type type, const Candidate& first, const Candidate& second, bool dy, bool a) {
  const Numbers trial = trial_inputs(type, dy, a);
  const Data data = trial.data(type);
  std::vector<double> values[2] = {std::vector<double>(data.n), std::vector<double>(data.n)};
  first.formula->evaluate(data, first.fit.parameters.data(), values[0].data());
  second.formula->evaluate(data, second.fit.parameters.data(), values[1].data());
  // Of inputs that tell clearly the smallest. Values of equal functions that are computed in different ways may differ
  // in the last place.
  constexpr double clearly = 4;
  std::optional<Telling> found;
  for (std::size_t i = 0; i < data.n; ++i) {
    const double u = rounded(type, values[0][i]), v = rounded(type, values[1][i]);
    if (!std::isfinite(u) || !std::isfinite(v)) continue;
    if (!(distance(type, &u, &v, 1).max_ulp > clearly)) continue;
    if (found && std::abs(found->x) <= std::abs(trial.x[i])) continue;
    found = Telling{trial.x[i], a ? trial.a[i] : 1, 1, u, v};
  }
  return found;
}

void check(Type type, Direction direction, const score::Arrays& arrays, const std::vector<Formula>& all) {
  if (arrays.n == 0) throw UsageError("there is no output to identify: the arrays are empty");
  if (takes_dy(direction) != (arrays.dy != nullptr))
    throw UsageError(fmt::format("{} takes {}dy", name(direction), takes_dy(direction) ? "" : "no "));
  if (all.empty())
    throw UsageError(fmt::format("no formula has {} in {} {} a", name(direction), name(type),
                                 arrays.a != nullptr ? "with" : "without"));
}

}  // namespace

Identity identify(Type type, Direction direction, const score::Arrays& arrays, const Options& options) {
  const std::vector<Formula> all = formulas(direction, type, arrays.a != nullptr);
  check(type, direction, arrays, all);
  const Numbers sample = sample_of(type, arrays);
  std::vector<Fit> fits(all.size());
  parallel(all.size(), thread_count(options.threads, all.size()), options.stop, part_of(options.progress, 0, 0.5),
           [&](unsigned, std::uint64_t i) { fits[i] = fit(all[i], sample.data(type), sample.y); });
  // Values of f64 take a microsecond each.
  const std::size_t most = type == Type::f64 ? std::min<std::size_t>(options.most, 5) : options.most + 4;
  const std::vector<Candidate> candidates = best_on_sample(all, fits, sample.x.size(), most);
  const std::vector<Match> matches = measured(type, arrays, candidates, options, part_of(options.progress, 0.5, 1));

  std::vector<std::size_t> order;
  for (std::size_t c = 0; c < matches.size(); ++c) order.push_back(c);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    const Match &a = matches[i], &b = matches[j];
    const auto of = [&](const Match& m) { return rank(m.distance, m.fitted, m.parameters.size(), arrays.n); };
    return of(a) < of(b);
  });
  order.resize(std::min(order.size(), options.most));

  Identity result{.type = type, .direction = direction, .outputs = arrays.n, .sample = sample.x.size()};
  result.formulas = all.size();
  for (const std::size_t c : order) result.matches.push_back(matches[c]);
  const Match& best = result.matches[0];
  result.explained = static_cast<double>(best.distance.near) >= 0.9 * static_cast<double>(arrays.n);
  for (std::size_t k = 1; k < order.size(); ++k) {
    if (result.matches[k].digest != best.digest) continue;
    result.twins.push_back(
        {k, tell_apart(type, candidates[order[0]], candidates[order[k]], arrays.dy != nullptr, arrays.a != nullptr)});
  }
  return result;
}

}  // namespace actbench::bench::identify
