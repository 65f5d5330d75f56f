// SPDX-License-Identifier: Apache-2.0
#include "bench/rows/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <mutex>
#include <numbers>
#include <numeric>

#include "actbench/rows.hpp"
#include "bench/numbers/mix.hpp"
#include "bench/numbers/random.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double normal(Random& random) {  // Box and Muller
  return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(2 * std::numbers::pi * random.uniform());
}

/// Both signs, log-uniform in size between 2^-span·most and most.
double log_uniform(Random& random, double most, double span) {
  const double size = most * std::exp2(-span * random.uniform());
  return random.next() >> 63 ? -size : size;
}

constexpr const char* forward_generators[] = {"normal", "wide", "masked", "dominated", "equal"};
constexpr const char* gradient_generators[] = {"normal:normal",    "normal:wide", "normal:constant",   "normal:one_hot",
                                               "normal:matching",  "wide:normal", "dominated:one_hot", "equal:normal",
                                               "dominated:normal", "masked:wide", "dominated:constant"};

std::vector<double> draw_logits(const std::string& generator, Random& random, std::size_t n, double scale, Type type) {
  std::vector<double> x(n);
  const double middle = scale * (2 * random.uniform() - 1);
  const double apart = random.uniform() < 0.5 ? 20 * random.uniform() : 2 * scale * random.uniform();
  const std::size_t chosen = random.next() % n;
  for (std::size_t i = 0; i < n; ++i) {
    if (generator == "normal") {
      x[i] = scale * normal(random);
    } else if (generator == "wide") {
      x[i] = log_uniform(random, scale, type == Type::f64 ? 1000 : 120);
    } else if (generator == "masked") {
      x[i] = random.uniform() < 1.0 / 3 ? -infinity : scale * normal(random);
    } else if (generator == "dominated") {
      x[i] = middle + (i == chosen ? apart : log_uniform(random, scale, 60));
    } else if (generator == "equal") {
      x[i] = random.next() >> 63 ? middle : middle - apart;
    } else {
      throw UsageError(fmt::format("there is no generator of rows '{}'", generator));
    }
    x[i] = round_to(type, x[i]);
  }
  return x;
}

std::vector<double> draw_gradients(const std::string& generator, Random& random, std::span<const double> y, Type type,
                                   bool logarithm) {
  std::vector<double> dy(y.size());
  const double constant = normal(random);
  const std::size_t chosen = random.next() % y.size();
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (generator == "normal") {
      dy[i] = normal(random);
    } else if (generator == "wide") {
      dy[i] = log_uniform(random, 1, 60);
    } else if (generator == "constant") {
      dy[i] = constant;
    } else if (generator == "one_hot") {
      dy[i] = i == chosen ? 1 : 0;
    } else if (generator == "matching") {
      // For the logarithm dy is nearly proportional to e^y, for softmax nearly constant.
      const double off = 1 + std::exp2(-8 - 40 * random.uniform()) * normal(random);
      dy[i] = constant * off * (logarithm ? std::exp(y[i]) : 1);
    } else {
      throw UsageError(fmt::format("there is no generator of gradients '{}'", generator));
    }
    dy[i] = round_to(type, dy[i]);
  }
  return dy;
}

bool is_logarithm(const Kernel& kernel) { return std::string_view(kernel.activation->name) == "log_softmax"; }
bool is_negated(const Kernel& kernel) { return std::string_view(kernel.activation->name) == "softmin"; }

std::uint64_t seed_of(const RowSpec& spec, std::uint64_t number) {
  std::uint64_t seed = mix(spec.seed + 0x9e3779b97f4a7c15u * number);
  for (const char c : spec.generator) seed = mix(seed ^ static_cast<unsigned char>(c));
  return mix(seed ^ (spec.length << 20) ^ static_cast<std::uint64_t>(std::lround(spec.scale * 16)));
}

void widen_into(Type type, const std::vector<char>& bytes, std::vector<double>& values) {
  widen(type, bytes.data(), values.data(), values.size());
}
std::vector<char> narrow(Type type, std::span<const double> values) {
  std::vector<char> bytes(values.size() * size_of(type));
  for (std::size_t i = 0; i < values.size(); ++i) set_pattern(type, bytes.data(), i, pattern_of(type, values[i]));
  return bytes;
}

}  // namespace

bool sums_to_one(const Kernel& kernel) { return kernel.direction == Direction::forward && !is_logarithm(kernel); }

std::span<const char* const> row_generators(Direction direction) {
  if (direction == Direction::forward) return forward_generators;
  return gradient_generators;
}

RowInputs draw_row(const RowSpec& spec, const Kernel& kernel) {
  const std::size_t colon = spec.generator.find(':');
  Random random(seed_of(spec, static_cast<std::uint64_t>(kernel.type)));
  RowInputs row;
  row.x = draw_logits(spec.generator.substr(0, colon), random, spec.length, spec.scale, kernel.type);
  if (kernel.direction == Direction::forward) {
    if (is_negated(kernel)) {
      for (double& x : row.x) x = -x;
    }
    return row;
  }
  if (colon == std::string::npos) throw UsageError(fmt::format("'{}' names no generator of dy", spec.generator));
  // Nearly the result of forward: another rounding of it is as good a row.
  const double m = *std::max_element(row.x.begin(), row.x.end());
  double sum = 0;
  for (const double x : row.x) sum += std::exp(x - m);
  for (double& x : row.x) {
    const double d = x - m;
    x = round_to(kernel.type, is_logarithm(kernel) ? d - std::log(sum) : std::exp(d) / sum);
  }
  if (!std::isfinite(m)) std::fill(row.x.begin(), row.x.end(), is_logarithm(kernel) ? -infinity : 0.0);
  row.dy = draw_gradients(spec.generator.substr(colon + 1), random, row.x, kernel.type, is_logarithm(kernel));
  return row;
}

std::vector<double> run_row(const Kernel& kernel, const RowInputs& row) {
  const std::vector<char> x = narrow(kernel.type, row.x), dy = narrow(kernel.type, row.dy);
  std::vector<char> y(x.size());
  apply_rows(kernel, x.data(), row.dy.empty() ? nullptr : dy.data(), y.data(), 1, row.x.size());
  std::vector<double> values(row.x.size());
  widen_into(kernel.type, y, values);
  return values;
}

std::vector<std::size_t> parse_lengths(const std::string& text) {
  std::vector<std::size_t> lengths;
  for (const std::string_view part : reports::split(text, ',')) {
    const std::uint64_t length = parse_count(part, "--rows");
    if (length > std::uint64_t{1} << 20)
      throw UsageError(fmt::format("--rows {}: rows have at most 2^20 elements", length));
    lengths.push_back(length);
  }
  return lengths;
}

void RowTally::merge(const RowTally& other) {
  rows += other.rows;
  elements.merge(other.elements);
  const auto place = [](const BadElement& bad) { return std::tuple(-bad.ulp, bad.row.seed, bad.position); };
  if (place(other.worst) < place(worst)) worst = other.worst;
  worst_goldberg = std::max(worst_goldberg, other.worst_goldberg);
  sum_deviation = std::max(sum_deviation, other.sum_deviation);
  out_of_order += other.out_of_order;
}

namespace {

bool is_nan(double v) { return std::isnan(v); }

/// The tally of one row.
RowTally judged(const Kernel& kernel, const RowSpec& spec, const RowInputs& row, const std::vector<double>& got,
                const std::vector<reference::Judgement>& judgements) {
  RowTally tally;
  tally.rows = 1;
  Tally& t = tally.elements;
  double sum = 0, lost = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const reference::Judgement& j = judgements[i];
    ++t.inputs;
    count(t, got[i], j);
    if (std::isinf(j.measured)) {
      ++t.unmeasurable;
    } else {
      t.error_sum += static_cast<unsigned __int128>(std::min(j.measured, 0x1p60) * 0x1p32);
    }
    tally.worst_goldberg = std::max(tally.worst_goldberg, j.ulp);
    if (j.measured > tally.worst.ulp)
      tally.worst = {j.measured, spec, i, row.x[i], row.dy.empty() ? 0.0 : row.dy[i], got[i], j.expected};
    const double next = sum + got[i], part = next - sum;
    lost += (sum - (next - part)) + (got[i] - part);
    sum = next;
  }
  if (kernel.direction == Direction::forward) {
    if (sums_to_one(kernel) && !is_nan(judgements[0].expected)) {
      const double off = std::abs((sum - 1) + lost) * std::exp2(fraction_bits(kernel.type));
      tally.sum_deviation = is_nan(off) ? infinity : off;
    }
    std::vector<std::size_t> order(got.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return row.x[a] < row.x[b]; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      const double before = got[order[i - 1]], after = got[order[i]];
      tally.out_of_order += is_negated(kernel) ? after > before : after < before;
    }
  }
  return tally;
}

struct Item {
  std::size_t first, end;  ///< kernels of one activation, direction and type
  RowSpec spec;
};

}  // namespace

RowTally judge_row(const Kernel& kernel, const RowSpec& spec, const RowInputs& row, const reference::ExactRow& exact,
                   reference::Ulp ulp) {
  const std::vector<double> got = run_row(kernel, row);
  std::vector<reference::Judgement> judgements(row.x.size());
  exact.judge(got.data(), judgements.data(), ulp);
  return judged(kernel, spec, row, got, judgements);
}

std::vector<RowResult> measure_rows(std::span<const Kernel* const> kernels, const RowOptions& options) {
  std::vector<RowResult> results;
  for (const Kernel* kernel : kernels) results.push_back({kernel, {}, {}});
  std::vector<Item> items;
  for (std::size_t first = 0, end; first < kernels.size(); first = end) {
    const Kernel& k = *kernels[first];
    end = group_end(kernels, first);
    const auto generators = row_generators(k.direction);
    const std::uint64_t cells = options.scales.size() * generators.size();
    for (const std::size_t length : options.lengths) {
      // Each length has as many elements. Where these make fewer rows than there are cells, some cells have none.
      const std::uint64_t most = std::max<std::uint64_t>(16 * cells, options.elements / options.lengths.size() / 8);
      const std::uint64_t rows = std::clamp<std::uint64_t>(options.elements / options.lengths.size() / length, 1, most);
      for (std::uint64_t row = 0; row < rows; ++row) {
        const std::uint64_t cell = rows < cells ? row * cells / rows : row % cells;
        items.push_back({first,
                         end,
                         {generators[cell % generators.size()], (options.seed << 20) + row / cells, length,
                          options.scales[cell / generators.size()]}});
      }
    }
  }
  std::mutex adding;
  const unsigned threads = thread_count(options.threads, items.size());
  parallel(items.size(), threads, options.stop, options.progress, [&](unsigned, std::uint64_t number) {
    const Item& item = items[number];
    const Kernel& any = *kernels[item.first];
    const RowInputs row = draw_row(item.spec, any);
    const reference::ExactRow exact(any.activation->name, name(any.direction), format_of(any.type), row.x, row.dy);
    for (std::size_t k = item.first; k < item.end; ++k) {
      const RowTally tally = judge_row(*kernels[k], item.spec, row, exact, options.ulp);
      const std::lock_guard lock(adding);
      RowTally& cell = results[k].cells[{item.spec.length, item.spec.scale, item.spec.generator}];
      cell.merge(tally);
    }
  });
  for (RowResult& result : results) {
    for (const auto& [key, cell] : result.cells) result.total.merge(cell);
  }
  return results;
}

}  // namespace actbench::bench
