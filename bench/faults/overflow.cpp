// SPDX-License-Identifier: Apache-2.0
//
// Function by function. First the function itself, from the reference over a sample: its extrema, and between them its
// slope; the numbers at which results change in kind, by bisection, which is right because between extrema the rounded
// results are monotone; its range and its symmetry. Numbers around every place so found join the sample. Then every
// kernel over the sample, or over all inputs: what differs from the right result is looked at closely, what is equal to
// it is free of every fault, since the right results are. At last each kernel by itself: thresholds are refined between
// the inputs that the sample left apart, and results computed alone are compared with those in arrays.
#include "bench/faults/overflow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <span>

#include "bench/device/call.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {
namespace {

constexpr std::size_t block_size = 4096;  // inputs of one sign
constexpr std::size_t run_length = 64;    // consecutive numbers of a sample

/// A type's numbers as patterns.
struct Layout {
  std::uint64_t sign, infinity, smallest_normal;

  explicit Layout(Type type)
      : sign(std::uint64_t{1} << (bits_of(type) - 1)),
        infinity(((std::uint64_t{1} << exponent_bits(type)) - 1) << fraction_bits(type)),
        smallest_normal(std::uint64_t{1} << fraction_bits(type)) {}

  std::uint64_t magnitude(std::uint64_t p) const { return p & ~sign; }
  bool is_nan(std::uint64_t p) const { return magnitude(p) > infinity; }
  std::uint64_t quiet_nan() const { return infinity | smallest_normal >> 1; }
  std::uint64_t canonical(std::uint64_t p) const { return is_nan(p) ? quiet_nan() : p; }
  /// Numbers in their order; both zeros are 0.
  std::int64_t order(std::uint64_t p) const {
    const auto size = static_cast<std::int64_t>(magnitude(p));
    return (p & sign) != 0 ? -size : size;
  }
  Kind kind(std::uint64_t p) const {
    const std::uint64_t m = magnitude(p);
    if (m > infinity) return Kind::nan;
    const int size = m == 0 ? 0 : m < smallest_normal ? 1 : m < infinity ? 2 : 3;
    return static_cast<Kind>((p & sign) != 0 ? -size : size);
  }
};

/// Inputs in the order of numbers, -0 before 0.
std::int64_t place(std::uint64_t input, std::uint64_t sign) {
  const auto size = static_cast<std::int64_t>(input & ~sign);
  return (input & sign) != 0 ? -size - 1 : size;
}

template <class U>
void narrow(Type type, const double* values, U* patterns, std::size_t n) {
  if constexpr (sizeof(U) == 4) {
    for (std::size_t i = 0; i < n; ++i) patterns[i] = std::bit_cast<U>(static_cast<float>(values[i]));
  } else {
    for (std::size_t i = 0; i < n; ++i) patterns[i] = static_cast<U>(pattern_of(type, values[i]));
  }
}

/// One thread's way to the right results of a function, multipliers being 1.
class Truth {
 public:
  explicit Truth(const Subject& subject)
      : kernel_(*subject.kernel),
        parameters_(subject.parameters),
        function_(reference::find(kernel_.activation->name, name(kernel_.direction))),
        format_(&format_of(kernel_.type)) {
    if (function_ == nullptr) {
      throw MissingError(
          fmt::format("the reference has no {} of {}", name(kernel_.direction), kernel_.activation->name));
    }
    const double x = 0.75;
    reference::Quick q{};
    reference::quick(*function_, *format_, with_ones(&x), &q, 1, parameters_);
    quick_ = std::isfinite(q.error);
  }

  /// Whether most results need no evaluation at high precision.
  bool is_quick() const { return quick_; }

  /// Correctly rounded results, with the sign that the conventions give a zero. NaNs are quiet and positive.
  template <class U>
  void right(const U* x, U* y, std::size_t n) {
    for (std::size_t first = 0; first < n; first += block_size) {
      const std::size_t count = std::min(block_size, n - first);
      widen(kernel_.type, x + first, x_.data(), count);
      reference::quick(*function_, *format_, with_ones(x_.data()), quicks_.data(), count, parameters_);
      // The quick value rounded is nearly always right, and judging what is right is cheap.
      for (std::size_t i = 0; i < count; ++i) {
        const double value = quicks_[i].hi + quicks_[i].lo;
        guess_[i] = rounded<U>(quicks_[i].scale == 0 ? value : std::ldexp(value, quicks_[i].scale));
      }
      reference::judge(*function_, *format_, with_ones(x_.data()), quicks_.data(), guess_.data(), judgements_.data(),
                       count, parameters_);
      for (std::size_t i = 0; i < count; ++i) {
        const double v = judgements_[i].expected;
        guess_[i] = v != v ? std::numeric_limits<double>::quiet_NaN() : v;
      }
      narrow(kernel_.type, guess_.data(), y + first, count);
    }
  }

  reference::Exact exact(const Point& input) const { return exact_at(kernel_, input, parameters_); }

 private:
  reference::InputArrays with_ones(const double* x) const {
    return reference_arrays(multipliers_of(kernel_), x, ones_.data(), ones_.data());
  }

  template <class U>
  double rounded(double v) const {
    if constexpr (sizeof(U) == 4) return static_cast<double>(static_cast<float>(v));
    return round_to(kernel_.type, v);
  }

  const Kernel& kernel_;
  const std::vector<double>& parameters_;
  const reference::Function* function_;
  const reference::Format* format_;
  bool quick_;
  std::vector<double> ones_ = std::vector<double>(block_size, 1.0), x_ = ones_, guess_ = ones_;
  std::vector<reference::Quick> quicks_ = std::vector<reference::Quick>(block_size);
  std::vector<reference::Judgement> judgements_ = std::vector<reference::Judgement>(block_size);
};

// ---- What the function is like
// ---------------------------------------------------------------------------------------

/// How results change from number to number, away from zero, within a stretch between extrema.
enum class Slope : signed char { down = -1, flat, up, any };  ///< any: around an extremum

struct Stretch {
  std::uint64_t from;  ///< magnitude
  Slope slope;
};

/// Magnitudes in ascending order, and the right results at them: [0] with positive, [1] with negative sign.
template <class U>
struct Sample {
  std::vector<U> magnitudes;
  std::array<std::vector<U>, 2> right;
};

template <class U>
struct Shape {
  Sample<U> sample;
  std::array<std::vector<Stretch>, 2> stretches;
  FunctionTruth truth;
};

/// Whether so many inputs are all that the type has.
bool every_number(Type type, std::uint64_t inputs) { return bits_of(type) < 64 && inputs >> bits_of(type) != 0; }

std::uint64_t wanted_inputs(const Subject& subject, const SweepOptions& options) {
  return subject.inputs != 0 ? subject.inputs : options.inputs;
}

/// Magnitudes to look at: special ones, NaNs, and for every exponent so many runs of consecutive numbers, one from each
/// of as many parts of it.
std::vector<std::uint64_t> sample_magnitudes(const Subject& subject, std::uint64_t inputs, std::uint64_t seed) {
  const Type type = subject.kernel->type;
  const Layout layout(type);
  std::vector<std::uint64_t> magnitudes;
  if (every_number(type, inputs)) {
    magnitudes.resize(layout.sign);
    for (std::uint64_t m = 0; m < layout.sign; ++m) magnitudes[m] = m;
    return magnitudes;
  }
  for (std::uint64_t p : special_inputs(type, subject.parameters)) magnitudes.push_back(layout.magnitude(p));
  const std::uint64_t exponents = std::uint64_t{1} << exponent_bits(type), numbers = layout.smallest_normal;
  const std::uint64_t share = std::min(inputs / 2 / exponents, numbers);
  const std::uint64_t length = std::min<std::uint64_t>(share, run_length);
  std::mt19937_64 random(seed);
  for (std::uint64_t e = 0; e < exponents && length > 0; ++e) {
    const std::uint64_t part = numbers / (share / length);
    for (std::uint64_t i = 0; i < share / length; ++i) {
      const std::uint64_t start = (e << fraction_bits(type)) + i * part + random() % (part - length + 1);
      for (std::uint64_t j = 0; j < length; ++j) magnitudes.push_back(start + j);
    }
  }
  std::sort(magnitudes.begin(), magnitudes.end());
  magnitudes.erase(std::unique(magnitudes.begin(), magnitudes.end()), magnitudes.end());
  return magnitudes;
}

template <class U>
class Surveyor {
 public:
  Surveyor(const Subject& subject, const SweepOptions& options)
      : subject_(subject), options_(options), layout_(subject.kernel->type), truth_(subject) {}

  /// inputs: about how many the sample has.
  Shape<U> survey(std::uint64_t inputs, const std::function<void(double)>& progress) {
    std::vector<U> magnitudes;
    for (std::uint64_t m : sample_magnitudes(subject_, inputs, options_.seed)) magnitudes.push_back(static_cast<U>(m));
    add(magnitudes, progress);
    std::vector<U> found;
    for (const bool negative : {false, true}) find_stretches(negative, found);
    add(found, {});
    found.clear();
    for (const bool negative : {false, true}) find_thresholds(negative, found);
    find_symmetry_and_range();
    add_specials();
    add(found, {});
    return std::move(shape_);
  }

 private:
  /// Puts further magnitudes, and the right results there, into the sample.
  void add(std::vector<U> more, const std::function<void(double)>& progress) {
    std::sort(more.begin(), more.end());
    more.erase(std::unique(more.begin(), more.end()), more.end());
    Sample<U>& old = shape_.sample;
    std::erase_if(more, [&](U m) { return std::binary_search(old.magnitudes.begin(), old.magnitudes.end(), m); });
    Sample<U> fresh;
    fresh.magnitudes = std::move(more);
    const std::size_t n = fresh.magnitudes.size();
    std::vector<U> x[2];
    for (const std::size_t s : {0u, 1u}) {
      fresh.right[s].resize(n);
      for (U m : fresh.magnitudes) x[s].push_back(static_cast<U>(m | (s == 1 ? layout_.sign : 0)));
    }
    const std::size_t piece = truth_.is_quick() ? block_size : 64, pieces = (n + piece - 1) / piece;
    const unsigned threads = thread_count(options_.threads, pieces);
    std::vector<std::unique_ptr<Truth>> truths(threads);
    parallel(2 * pieces, threads, options_.stop, progress, [&](unsigned thread, std::uint64_t item) {
      if (truths[thread] == nullptr) truths[thread] = std::make_unique<Truth>(subject_);
      const std::size_t s = item % 2, first = item / 2 * piece;
      truths[thread]->right(x[s].data() + first, fresh.right[s].data() + first, std::min(piece, n - first));
    });
    Sample<U> all;
    for (std::size_t i = 0, j = 0; i < old.magnitudes.size() || j < n;) {
      const bool take_old = j == n || (i < old.magnitudes.size() && old.magnitudes[i] < fresh.magnitudes[j]);
      const Sample<U>& from = take_old ? old : fresh;
      const std::size_t k = take_old ? i++ : j++;
      all.magnitudes.push_back(from.magnitudes[k]);
      for (const std::size_t s : {0u, 1u}) all.right[s].push_back(from.right[s][k]);
    }
    old = std::move(all);
  }

  /// Of the sample, how many magnitudes are no NaNs.
  std::size_t numbers() const {
    const auto& m = shape_.sample.magnitudes;
    return static_cast<std::size_t>(std::upper_bound(m.begin(), m.end(), static_cast<U>(layout_.infinity)) - m.begin());
  }

  std::uint64_t right_at(bool negative, std::uint64_t magnitude) {
    const U x = static_cast<U>(magnitude | (negative ? layout_.sign : 0));
    U y;
    truth_.right(&x, &y, 1);
    return y;
  }

  /// The extrema of a half-axis, from the plateaus of equal results: one that lies above both its neighbours, or below
  /// both, holds an extremum or is next to one.
  void find_stretches(bool negative, std::vector<U>& found) {
    const auto& m = shape_.sample.magnitudes;
    const auto& right = shape_.sample.right[negative];
    struct Plateau {
      std::size_t first, last;
      std::int64_t height;
    };
    std::vector<Plateau> plateaus;
    for (std::size_t i = 0; i < numbers(); ++i) {
      const std::int64_t height = layout_.order(right[i]);
      if (plateaus.empty() || plateaus.back().height != height) plateaus.push_back({i, i, height});
      plateaus.back().last = i;
    }
    const auto slope = [&](std::size_t k) {
      return plateaus[k].height > plateaus[k - 1].height ? Slope::up : Slope::down;
    };
    auto& stretches = shape_.stretches[negative];
    stretches = {{0, plateaus.size() > 1 ? slope(1) : Slope::flat}};
    for (std::size_t k = 2; k < plateaus.size(); ++k) {
      if (slope(k) == slope(k - 1)) continue;
      const auto [from, to] = extremum(negative, m[plateaus[k - 2].last], m[plateaus[k].first], slope(k - 1));
      if (from < to) stretches.push_back({from, Slope::any});
      stretches.push_back({to, slope(k)});
      for (std::uint64_t end : {from, to}) found.push_back(static_cast<U>(end));
      shape_.truth.turning_points.push_back((from + (to - from) / 2) | (negative ? layout_.sign : 0));
    }
  }

  /// The numbers between which the results are the greatest (slope up before it) or the least, of an interval that
  /// holds one extremum. Points of the interval are compared, and again between the neighbours of the best of them,
  /// until all numbers were; where most of the points share the best result, it is taken for that of the extremum.
  std::pair<std::uint64_t, std::uint64_t> extremum(bool negative, std::uint64_t low, std::uint64_t high, Slope before) {
    const std::uint64_t points = truth_.is_quick() ? 1 << 16 : 64;
    while (true) {
      const std::uint64_t width = high - low, count = std::min(width + 1, points);
      std::vector<U> at, x, y(count);
      for (std::uint64_t i = 0; i < count; ++i) {
        at.push_back(static_cast<U>(low + static_cast<std::uint64_t>(static_cast<unsigned __int128>(width) * i /
                                                                     std::max<std::uint64_t>(1, count - 1))));
        x.push_back(static_cast<U>(at.back() | (negative ? layout_.sign : 0)));
      }
      truth_.right(x.data(), y.data(), count);
      const auto height = [&](std::size_t i) {
        return before == Slope::up ? layout_.order(y[i]) : -layout_.order(y[i]);
      };
      std::size_t best = 0, last = 0;
      for (std::size_t i = 1; i < count; ++i) {
        if (height(i) > height(best)) best = i;
        if (height(i) == height(best)) last = i;
      }
      if (count == width + 1) return {at[best], at[last]};
      const std::uint64_t next_low = best > 0 ? at[best - 1] : low, next_high = last + 1 < count ? at[last + 1] : high;
      if (next_high - next_low > width / 2) {
        const U result = y[best];
        const auto reached = [&](std::uint64_t magnitude) { return right_at(negative, magnitude) == result; };
        return {
            best > 0 ? first_where(at[best - 1], at[best], reached) : at[best],
            last + 1 < count ? first_where(at[last], at[last + 1], [&](auto p) { return !reached(p); }) - 1 : at[last]};
      }
      low = next_low;
      high = next_high;
    }
  }

  /// The first magnitude above low, where the condition does not hold, at which it does, as it does at high.
  template <class Condition>
  static std::uint64_t first_where(std::uint64_t low, std::uint64_t high, Condition condition) {
    while (high - low > 1) {
      const std::uint64_t middle = low + (high - low) / 2;
      (condition(middle) ? high : low) = middle;
    }
    return high;
  }

  void find_thresholds(bool negative, std::vector<U>& found) {
    const auto& m = shape_.sample.magnitudes;
    const auto& right = shape_.sample.right[negative];
    const std::size_t n = numbers();
    const U limit = right[n - 1];
    std::vector<Threshold> thresholds;
    const auto change = [&](std::uint64_t first, Kind before, Kind kind) {
      std::uint64_t search_from = 0;
      for (const Threshold& t : thresholds) {
        if (t.before == kind) search_from = t.first;
      }
      thresholds.push_back({negative, false, before, kind, limit, first, search_from});
    };
    // Halving an interval until its ends are neighbours or of the same kind. Extrema are in the sample, so that between
    // its numbers the results are monotone, and what lies between two of the same kind is of that kind.
    const auto changes = [&](auto& self, std::uint64_t low, Kind at_low, std::uint64_t high, Kind at_high) -> void {
      if (at_low == at_high) return;
      if (high - low == 1) return change(high, at_low, at_high);
      const std::uint64_t middle = low + (high - low) / 2;
      const Kind at_middle = layout_.kind(right_at(negative, middle));
      self(self, low, at_low, middle, at_middle);
      self(self, middle, at_middle, high, at_high);
    };
    for (std::size_t i = 1; i < n; ++i)
      changes(changes, m[i - 1], layout_.kind(right[i - 1]), m[i], layout_.kind(right[i]));

    const Kind at_infinity = layout_.kind(limit);
    if (at_infinity != Kind::zero && at_infinity != Kind::infinity && at_infinity != Kind::minus_infinity) {
      std::size_t i = n - 1;
      while (i > 0 && right[i - 1] == limit) --i;
      if (i > 0) {
        const std::uint64_t first =
            first_where(m[i - 1], m[i], [&](std::uint64_t p) { return right_at(negative, p) == limit; });
        thresholds.push_back(
            {negative, true, layout_.kind(right_at(negative, first - 1)), at_infinity, limit, first, 0});
      }
    }
    constexpr std::uint64_t reach = 4;
    for (const Threshold& t : thresholds) {
      for (std::uint64_t p = t.first - std::min(t.first, reach); p <= std::min(t.first + reach, layout_.infinity);
           ++p) {
        found.push_back(static_cast<U>(p));
      }
      shape_.truth.thresholds.push_back(t);
    }
  }

  void find_symmetry_and_range() {
    FunctionTruth& truth = shape_.truth;
    const auto& right = shape_.sample.right;
    truth.odd = truth.even = true;
    truth.least = truth.greatest = right[0][0];
    for (std::size_t i = 0; i < numbers(); ++i) {
      const std::int64_t plus = layout_.order(right[0][i]), minus = layout_.order(right[1][i]);
      truth.odd = truth.odd && plus == -minus;
      truth.even = truth.even && plus == minus;
      for (const auto& side : right) {
        if (layout_.order(side[i]) < layout_.order(truth.least)) truth.least = side[i];
        if (layout_.order(side[i]) > layout_.order(truth.greatest)) truth.greatest = side[i];
      }
    }
    // Outwards on the one side is inwards on the other.
    const auto &up = shape_.stretches[0], &down = shape_.stretches[1];
    const int sum = static_cast<int>(up[0].slope) + static_cast<int>(down[0].slope);
    truth.monotone = up.size() == 1 && down.size() == 1 &&
                     (sum == 0 || up[0].slope == Slope::flat || down[0].slope == Slope::flat) &&
                     consistent_at_zero(up[0].slope, down[0].slope);
    // Of an odd function one of the halves says it all, of an even one it is the same twice.
    if (truth.odd && truth.even) truth.odd = false;
  }

  /// Where there is a jump at zero, it has the direction of the rest.
  bool consistent_at_zero(Slope up, Slope down) const {
    const std::int64_t jump = layout_.order(shape_.sample.right[0][0]) - layout_.order(shape_.sample.right[1][0]);
    const int outer = up != Slope::flat ? static_cast<int>(up) : -static_cast<int>(down);
    return jump == 0 || outer == 0 || (jump > 0) == (outer > 0);
  }

  void add_specials() {
    const std::uint64_t quiet = layout_.quiet_nan(), signalling = layout_.infinity | 1;
    const std::uint64_t one = pattern_of(subject_.kernel->type, 1.0);
    const std::pair<const char*, std::uint64_t> sizes[] = {{"zero", 0},
                                                           {"smallest subnormal", 1},
                                                           {"largest subnormal", layout_.smallest_normal - 1},
                                                           {"smallest normal", layout_.smallest_normal},
                                                           {"largest", layout_.infinity - 1},
                                                           {"infinity", layout_.infinity},
                                                           {"quiet NaN", quiet},
                                                           {"signalling NaN", signalling}};
    auto& specials = shape_.truth.specials;
    for (const auto& [text, m] : sizes) {
      for (const std::uint64_t s : {std::uint64_t{0}, layout_.sign}) specials.push_back({text, {m | s, one, one}, 0});
    }
    // An infinite gradient through a slope that vanishes, the largest through one that nearly does; the same of a.
    const Multipliers multipliers = multipliers_of(*subject_.kernel);
    for (const bool is_a : {false, true}) {
      if (!(is_a ? multipliers.a : multipliers.dy)) continue;
      for (const auto& [text, m] : {sizes[0], sizes[1], sizes[4], sizes[5], sizes[6]}) {
        for (const std::uint64_t s : {std::uint64_t{0}, layout_.sign}) {
          for (const std::uint64_t x : {one, layout_.infinity - 1}) {
            for (const std::uint64_t x_sign : {std::uint64_t{0}, layout_.sign}) {
              const Point input = is_a ? Point{x | x_sign, one, m | s} : Point{x | x_sign, m | s, one};
              specials.push_back({fmt::format("{} {}", is_a ? "a" : "dy", text), input, 0});
            }
          }
        }
      }
    }
    for (SpecialInput& special : specials) {
      special.expected = pattern_of(subject_.kernel->type, truth_.exact(special.input).rounded());
      special.expected = layout_.canonical(special.expected);
    }
  }

  const Subject& subject_;
  const SweepOptions& options_;
  Layout layout_;
  Truth truth_;
  Shape<U> shape_;
};

// ---- Every kernel over many inputs
// -----------------------------------------------------------------------------------

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

/// What one kernel did over a part of the inputs.
struct Seen {
  std::array<Faults, fault_count> faults{};
  /// Of each threshold, the index of the first magnitude from which on it was crossed; of a saturation, one beyond the
  /// last at which the result was not yet the limit.
  std::vector<std::uint64_t> crossed;

  Faults& operator[](Fault f) { return faults[static_cast<std::size_t>(f)]; }
};

template <class U>
class Scan {
 public:
  Scan(std::span<const Subject> subjects, const Shape<U>& shape, bool exhaustive, const SweepOptions& options)
      : subjects_(subjects), shape_(shape), exhaustive_(exhaustive), options_(options), layout_(type()) {
    for (std::size_t k = 0; k < subjects.size(); ++k) {
      std::size_t first = 0;
      while (subjects[first].kernel->tier != subjects[k].kernel->tier) ++first;
      first_of_tier_.push_back(first);
    }
  }

  std::uint64_t magnitudes() const { return exhaustive_ ? layout_.sign : shape_.sample.magnitudes.size(); }
  std::uint64_t magnitude(std::uint64_t index) const {
    return exhaustive_ ? index : shape_.sample.magnitudes[static_cast<std::size_t>(index)];
  }

  /// One outcome a kernel; steps of the right results against the slope are added to surprises.
  std::vector<Seen> run(const std::function<void(double)>& progress, std::uint64_t& surprises) {
    const std::uint64_t chunk = block_size * (exhaustive_ ? 64 : 4), chunks = (magnitudes() + chunk - 1) / chunk;
    const unsigned threads = thread_count(options_.threads, chunks);
    std::vector<std::unique_ptr<Worker>> workers(threads);
    parallel(chunks, threads, options_.stop, progress, [&](unsigned thread, std::uint64_t item) {
      if (workers[thread] == nullptr) workers[thread] = std::make_unique<Worker>(*this);
      const std::uint64_t end = std::min(magnitudes(), (item + 1) * chunk);
      for (std::uint64_t first = item * chunk; first < end; first += block_size) {
        if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) return;
        workers[thread]->block(first, static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - first)));
      }
    });
    std::vector<Seen> total(subjects_.size(), Seen{{}, nothing_crossed()});
    for (const auto& worker : workers) {
      if (worker == nullptr) continue;
      surprises += worker->surprises;
      for (std::size_t k = 0; k < total.size(); ++k) {
        for (std::size_t f = 0; f < fault_count; ++f) total[k].faults[f].merge(worker->seen[k].faults[f], layout_.sign);
        for (std::size_t t = 0; t < total[k].crossed.size(); ++t) {
          std::uint64_t &sum = total[k].crossed[t], part = worker->seen[k].crossed[t];
          sum = thresholds()[t].saturation ? std::max(sum, part) : std::min(sum, part);
        }
      }
    }
    return total;
  }

 private:
  Type type() const { return subjects_[0].kernel->type; }
  const std::vector<Threshold>& thresholds() const { return shape_.truth.thresholds; }
  std::vector<std::uint64_t> nothing_crossed() const {
    std::vector<std::uint64_t> crossed;
    for (const Threshold& t : thresholds()) crossed.push_back(t.saturation ? 0 : never);
    return crossed;
  }

  /// One thread's workplace.
  class Worker {
   public:
    explicit Worker(const Scan& scan)
        : seen(scan.subjects_.size(), Seen{{}, scan.nothing_crossed()}),
          scan_(scan),
          layout_(scan.layout_),
          truth_(scan.subjects_[0]) {
      for (auto* arrays : {&x_, &right_}) {
        for (auto& array : *arrays) array.resize(block_size + 1);
      }
      magnitudes_.resize(block_size + 1);
      outputs_.resize(scan.subjects_.size());
      for (auto& output : outputs_) {
        for (auto& array : output) array.resize(block_size + 1);
      }
      ones_.assign(block_size + 1, static_cast<U>(pattern_of(scan.type(), 1.0)));
    }

    std::vector<Seen> seen;
    std::uint64_t surprises = 0;

    void block(std::uint64_t first, std::size_t n) {
      // One more than its own, for the steps between blocks.
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(n + 1, scan_.magnitudes() - first));
      for (std::size_t i = 0; i < count; ++i) magnitudes_[i] = static_cast<U>(scan_.magnitude(first + i));
      for (const std::size_t s : {0u, 1u}) {
        for (std::size_t i = 0; i < count; ++i) x_[s][i] = static_cast<U>(magnitudes_[i] | (s == 1 ? layout_.sign : 0));
        if (scan_.exhaustive_) {
          truth_.right(x_[s].data(), right_[s].data(), count);
        } else {
          std::copy_n(scan_.shape_.sample.right[s].begin() + static_cast<std::ptrdiff_t>(first), count,
                      right_[s].begin());
        }
        find_slopes(s, count);
      }
      for (std::size_t k = 0; k < scan_.subjects_.size(); ++k) kernel(k, first, n, count);
    }

   private:
    void find_slopes(std::size_t s, std::size_t count) {
      const auto& stretches = scan_.shape_.stretches[s];
      slopes_[s].assign(count, Slope::any);
      std::size_t at = 0;
      for (std::size_t i = 0; i + 1 < count && magnitudes_[i + 1] <= layout_.infinity; ++i) {
        while (at + 1 < stretches.size() && stretches[at + 1].from <= magnitudes_[i]) ++at;
        if (at + 1 < stretches.size() && stretches[at + 1].from < magnitudes_[i + 1]) continue;
        slopes_[s][i] = stretches[at].slope;
        if (scan_.exhaustive_ && against(slopes_[s][i], right_[s][i], right_[s][i + 1])) {
          ++surprises;
          slopes_[s][i] = Slope::any;
        }
      }
    }

    bool against(Slope slope, std::uint64_t here, std::uint64_t next) const {
      if (slope == Slope::any || layout_.is_nan(here) || layout_.is_nan(next)) return false;
      const std::int64_t step = layout_.order(next) - layout_.order(here);
      switch (slope) {
        case Slope::up:
          return step < 0;
        case Slope::down:
          return step > 0;
        default:
          return step != 0;
      }
    }

    void kernel(std::size_t k, std::uint64_t first, std::size_t n, std::size_t count) {
      const Subject& subject = scan_.subjects_[k];
      const bool promises = std::isfinite(subject.promised_ulp());
      auto& output = outputs_[k];
      bool equal[2];
      for (const std::size_t s : {0u, 1u}) {
        device::run(*subject.kernel, taken(multipliers_of(*subject.kernel), {x_[s].data(), ones_.data(), ones_.data()}),
                    output[s].data(), count, subject.parameters);
        canonicalise(output[s].data(), count);
        equal[s] = std::memcmp(output[s].data(), right_[s].data(), count * sizeof(U)) == 0;
        cross(k, s, first, n, equal[s]);
        if (equal[s]) continue;
        for (std::size_t i = 0; i < n; ++i) {
          if (output[s][i] != right_[s][i]) differ(k, subject, x_[s][i], output[s][i], right_[s][i]);
        }
        for (std::size_t i = 0; i + 1 < count; ++i) {
          if (against(slopes_[s][i], output[s][i], output[s][i + 1])) {
            add(k, Fault::monotonicity, x_[s][i + 1], output[s][i + 1], output[s][i], correct_rounding(subject));
          }
        }
      }
      if ((scan_.shape_.truth.odd || scan_.shape_.truth.even) && !(equal[0] && equal[1])) {
        for (std::size_t i = 0; i < n; ++i) {
          std::uint64_t mirrored = output[1][i];
          if (scan_.shape_.truth.odd && !layout_.is_nan(mirrored)) mirrored ^= layout_.sign;
          const bool zeros = layout_.magnitude(mirrored) == 0 && layout_.magnitude(output[0][i]) == 0;
          if (mirrored != output[0][i] && !zeros) {
            add(k, Fault::symmetry, x_[0][i], output[0][i], mirrored, correct_rounding(subject));
          }
        }
      }
      const std::size_t twin = scan_.first_of_tier_[k];
      for (std::size_t s = 0; s < 2 && twin != k; ++s) {
        if (std::memcmp(output[s].data(), outputs_[twin][s].data(), n * sizeof(U)) == 0) continue;
        for (std::size_t i = 0; i < n; ++i) {
          if (output[s][i] == outputs_[twin][s][i]) continue;
          add(k, Fault::backends, x_[s][i], output[s][i], outputs_[twin][s][i],
              promises && subject.kernel->tier == Tier::accurate);
        }
      }
    }

    void canonicalise(U* results, std::size_t n) const {
      const auto sizes = static_cast<U>(~layout_.sign), infinity = static_cast<U>(layout_.infinity),
                 nan = static_cast<U>(layout_.quiet_nan());
      for (std::size_t i = 0; i < n; ++i) results[i] = (results[i] & sizes) > infinity ? nan : results[i];
    }

    static bool correct_rounding(const Subject& subject) { return subject.promised_ulp() <= 0.5; }

    void add(std::size_t k, Fault f, std::uint64_t x, std::uint64_t got, std::uint64_t expected, bool breaks) {
      seen[k][f].add(x, layout_.sign, got, expected, breaks);
    }

    /// What is wrong with a result that is not the right one.
    void differ(std::size_t k, const Subject& subject, std::uint64_t x, std::uint64_t got, std::uint64_t right) {
      const std::uint64_t g = layout_.magnitude(got), r = layout_.magnitude(right);
      Fault kinds[2];
      std::size_t n = 0;
      if (layout_.is_nan(got)) {
        kinds[n++] = Fault::nan;
      } else if (layout_.is_nan(right)) {
        kinds[n++] = Fault::number_for_nan;
      } else {
        const bool signs = ((got ^ right) & layout_.sign) != 0;
        if (g == layout_.infinity && r != g) kinds[n++] = Fault::infinity;
        if (r == layout_.infinity && r != g) kinds[n++] = Fault::finite_for_infinity;
        if (g == 0 && r == 0) {
          add(k, Fault::zero_sign, x, got, right, false);
        } else if (g == 0) {
          kinds[n++] = r < layout_.smallest_normal ? Fault::zero_for_subnormal : Fault::zero_for_normal;
        } else if (r == 0) {
          kinds[n++] = Fault::number_for_zero;
        } else if (signs) {
          kinds[n++] = Fault::sign;
        }
        const FunctionTruth& truth = scan_.shape_.truth;
        if (layout_.order(got) < layout_.order(truth.least) || layout_.order(got) > layout_.order(truth.greatest)) {
          add(k, Fault::range, x, got, right, correct_rounding(subject));
        }
      }
      for (std::size_t i = 0; i < n; ++i) add(k, kinds[i], x, got, right, excluded(subject, x, got));
    }

    /// Whether the promise excludes a result that has the wrong sign, or is a zero, an infinity or a NaN where another
    /// kind is right, or the reverse.
    bool excluded(const Subject& subject, std::uint64_t x, std::uint64_t got) const {
      const Kernel& kernel = *subject.kernel;
      const double promised = subject.promised_ulp();
      if (promised <= 0.5 || !std::isfinite(promised)) return promised <= 0.5;
      return truth_.exact({x, ones_[0], ones_[0]}).ulp_error(value_of(kernel.type, got)) > promised;
    }

    /// right: all of the results are.
    void cross(std::size_t k, std::size_t s, std::uint64_t first, std::size_t n, bool right) {
      const auto& output = outputs_[k][s];
      const std::uint64_t lowest = magnitudes_[0], highest = magnitudes_[n - 1];
      for (std::size_t t = 0; t < scan_.thresholds().size(); ++t) {
        const Threshold& threshold = scan_.thresholds()[t];
        std::uint64_t& crossed = seen[k].crossed[t];
        if (threshold.negative != (s == 1)) continue;
        if (threshold.saturation) {
          if (right && lowest >= threshold.first) continue;
          for (std::size_t i = n; i-- > 0 && first + i + 1 > crossed;) {
            if (magnitudes_[i] <= layout_.infinity && output[i] != threshold.limit) crossed = first + i + 1;
          }
          continue;
        }
        if (first >= crossed || highest < threshold.search_from || (right && highest < threshold.first)) continue;
        for (std::size_t i = 0; i < n && magnitudes_[i] <= layout_.infinity; ++i) {
          if (layout_.kind(output[i]) == threshold.kind && magnitudes_[i] >= threshold.search_from) {
            crossed = first + i;
            break;
          }
        }
      }
    }

    const Scan& scan_;
    Layout layout_;
    Truth truth_;
    std::vector<U> magnitudes_, ones_;
    std::array<std::vector<U>, 2> x_, right_;
    std::array<std::vector<Slope>, 2> slopes_;
    std::vector<std::array<std::vector<U>, 2>> outputs_;
  };

  std::span<const Subject> subjects_;
  const Shape<U>& shape_;
  bool exhaustive_;
  const SweepOptions& options_;
  Layout layout_;
  std::vector<std::size_t> first_of_tier_;
};

// ---- Each kernel by itself
// -------------------------------------------------------------------------------------------

template <class U>
class Inspector {
 public:
  Inspector(const Subject& subject, const Shape<U>& shape)
      : subject_(subject),
        kernel_(*subject.kernel),
        shape_(shape),
        layout_(kernel_.type),
        one_(static_cast<U>(pattern_of(kernel_.type, 1.0))) {}

  std::uint64_t alone(const Point& input) const {
    const U x = static_cast<U>(input.x), dy = static_cast<U>(input.dy), a = static_cast<U>(input.a);
    U out = 0;
    call({&x, &dy, &a}, &out, 1);
    return layout_.canonical(out);
  }
  std::uint64_t alone(std::uint64_t x) const { return alone({x, one_, one_}); }

  std::vector<SpecialResult> specials() const {
    const Truth truth(subject_);
    const double promised = subject_.promised_ulp(), allowed = std::isfinite(promised) ? promised : 1.0;
    std::vector<SpecialResult> results;
    for (const SpecialInput& special : shape_.truth.specials) {
      SpecialResult result{alone(special.input), SpecialVerdict::right};
      if (layout_.magnitude(result.got) == 0 && layout_.magnitude(special.expected) == 0) {
        if (result.got != special.expected) result.verdict = SpecialVerdict::zero_sign;
      } else if (result.got != special.expected) {
        const double got = value_of(kernel_.type, result.got);
        const bool wrong = allowed <= 0.5 || truth.exact(special.input).ulp_error(got) > allowed;
        if (wrong) result.verdict = SpecialVerdict::wrong;
      }
      results.push_back(result);
    }
    return results;
  }

  /// Where the kernel crosses each threshold, from what the scan saw of it. Between an input where it had not and the
  /// next that was looked at, where it had: by bisection.
  std::vector<std::optional<std::uint64_t>> thresholds(const Scan<U>& scan,
                                                       const std::vector<std::uint64_t>& crossed) const {
    std::vector<std::optional<std::uint64_t>> result;
    for (std::size_t t = 0; t < crossed.size(); ++t) {
      const Threshold& threshold = shape_.truth.thresholds[t];
      const std::uint64_t sign = threshold.negative ? layout_.sign : 0;
      if (crossed[t] == never || crossed[t] >= scan.magnitudes() || scan.magnitude(crossed[t]) > layout_.infinity) {
        result.emplace_back();
        continue;
      }
      std::uint64_t high = scan.magnitude(crossed[t]);
      if (high == threshold.search_from || crossed[t] == 0) {
        result.emplace_back(high);
        continue;
      }
      std::uint64_t low = scan.magnitude(crossed[t] - 1);
      if (!threshold.saturation && threshold.search_from > low) low = threshold.search_from - 1;
      while (high - low > 1) {
        const std::uint64_t middle = low + (high - low) / 2, got = alone(middle | sign);
        const bool reached = threshold.saturation ? got == threshold.limit : layout_.kind(got) == threshold.kind;
        (reached ? high : low) = middle;
      }
      result.emplace_back(high);
    }
    return result;
  }

  /// Results in arrays against the results of the same inputs alone.
  Faults positions(std::uint64_t seed) const {
    Faults faults;
    std::mt19937_64 random(seed);
    std::vector<U> x;
    for (const SpecialInput& special : shape_.truth.specials) x.push_back(static_cast<U>(special.input.x));
    const std::size_t telling = x.size();
    const auto& magnitudes = shape_.sample.magnitudes;
    for (std::size_t i = 0; i < 4000; ++i) {
      // Half of them from where activations are curved, 2^-8 to 2^8.
      const int exponent = static_cast<int>(random() % 16) - 8;
      const U curved = static_cast<U>(pattern_of(kernel_.type, std::ldexp(1.0, exponent)) +
                                      (random() & (layout_.smallest_normal - 1)));
      const U anywhere = magnitudes[random() % magnitudes.size()];
      x.push_back(static_cast<U>((i % 2 == 0 ? curved : anywhere) | (random() % 2 != 0 ? layout_.sign : 0)));
    }
    std::vector<U> expected;
    for (U v : x) expected.push_back(static_cast<U>(alone(v)));

    // An array of them all; and arrays of every length up to four of the widest registers and some, at any byte, the
    // result apart, over x and over dy.
    compare(faults, x, expected, 0, x.size(), 0, Result::apart);
    for (const Result result : {Result::apart, Result::over_x, Result::over_multiplier}) {
      if (result == Result::over_multiplier && multipliers_of(kernel_).count() == 0) continue;
      std::size_t shift = 0;
      for (std::size_t first = 0, length = 1; first < x.size(); first += length, length = length % most + 1) {
        compare(faults, x, expected, first, std::min(length, x.size() - first), shift, result);
        shift = (shift + 13) % 64;
      }
    }

    // Every telling input at every place of an array full of another, and some ordinary ones at some places.
    const std::uint64_t hostile[] = {layout_.quiet_nan(),
                                     layout_.infinity,
                                     layout_.infinity | layout_.sign,
                                     layout_.infinity - 1,
                                     (layout_.infinity - 1) | layout_.sign,
                                     1,
                                     layout_.infinity | 1,
                                     0,
                                     one_};
    constexpr std::size_t n = most;
    std::vector<U> in(n), multiplier(n), out(n);
    for (const std::uint64_t neighbour : hostile) {
      std::fill(in.begin(), in.end(), static_cast<U>(neighbour));
      std::fill(multiplier.begin(), multiplier.end(), static_cast<U>(neighbour));
      const auto try_at = [&](std::size_t i, std::size_t p) {
        in[p] = x[i];
        multiplier[p] = one_;
        call({in.data(), multiplier.data(), multiplier.data()}, out.data(), n);
        in[p] = multiplier[p] = static_cast<U>(neighbour);
        const std::uint64_t got = layout_.canonical(out[p]);
        if (got == expected[i]) return;
        add(faults, x[i], got, expected[i],
            [&] { return fmt::format("element {} of {}, all others {}", p, n, text(neighbour)); });
      };
      for (std::size_t i = 0; i < telling; ++i) {
        for (std::size_t p = 0; p < n; p += 1 + p % 3) try_at(i, p);
      }
      for (std::size_t i = telling; i < telling + 2 * n; ++i) try_at(i, i % n);
    }
    return faults;
  }

 private:
  enum class Result : unsigned char { apart, over_x, over_multiplier };
  static constexpr std::size_t most = 67;  // elements of a short array

  void call(const InputArrays& in, void* y, std::size_t n) const {
    device::run(kernel_, taken(multipliers_of(kernel_), in), y, n, subject_.parameters);
  }

  std::string text(std::uint64_t pattern) const {
    return layout_.is_nan(pattern) ? "NaN" : decimal(kernel_.type, value_of(kernel_.type, pattern));
  }

  template <class Where>
  void add(Faults& faults, std::uint64_t x, std::uint64_t got, std::uint64_t expected, Where where) const {
    Faults fault{1, std::isfinite(subject_.promised_ulp()), x, x, got, expected, {}};
    if (faults.count == 0 || place(x, layout_.sign) < place(faults.first, layout_.sign)) fault.where = where();
    faults.merge(fault, layout_.sign);
  }

  void compare(Faults& faults, const std::vector<U>& x, const std::vector<U>& expected, std::size_t first,
               std::size_t n, std::size_t shift, Result result) const {
    constexpr std::size_t alignment = 64;
    const std::size_t bytes = n * sizeof(U), room = bytes + 2 * alignment;
    std::vector<char> memory(3 * room + alignment);
    char* const base = memory.data() + (alignment - reinterpret_cast<std::uintptr_t>(memory.data()) % alignment);
    const std::size_t stride = room / alignment * alignment;
    char* const in = base + shift;
    char* const ones = base + stride + (shift * 3 + 2) % alignment;
    char* const out = result == Result::over_x            ? in
                      : result == Result::over_multiplier ? ones
                                                          : base + 2 * stride + (shift * 5 + 1) % alignment;
    std::memcpy(in, x.data() + first, bytes);
    for (std::size_t i = 0; i < n; ++i) std::memcpy(ones + i * sizeof(U), &one_, sizeof(U));
    call({in, ones, ones}, out, n);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t got = layout_.canonical(pattern_at(kernel_.type, out, i));
      if (got == expected[first + i]) continue;
      add(faults, x[first + i], got, expected[first + i], [&] {
        return fmt::format("element {} of {}{}", i, n,
                           result == Result::over_x            ? ", result over x"
                           : result == Result::over_multiplier ? ", result over its multiplier"
                                                               : "");
      });
    }
  }

  const Subject& subject_;
  const Kernel& kernel_;
  const Shape<U>& shape_;
  Layout layout_;
  U one_;
};

template <class U>
FunctionFindings examine_function(std::vector<Subject> subjects, const SweepOptions& options,
                                  const std::function<void(double)>& progress) {
  const Type type = subjects[0].kernel->type;
  const std::uint64_t wanted = wanted_inputs(subjects[0], options);
  const bool small = bits_of(type) <= 16;
  const bool exhaustive = small || options.all || every_number(type, wanted);
  // What a sample holds in memory, or numbers one block after another, each with its right result computed anew.
  const bool streamed = exhaustive && (options.all || !small);
  // A sample stays small enough to wait for: right results take longer in f64, and most where each takes an evaluation
  // at high precision.
  const std::uint64_t usual = std::uint64_t{1} << (!Truth(subjects[0]).is_quick() ? 14 : bits_of(type) > 32 ? 18 : 22);
  const std::uint64_t inputs = small ? std::uint64_t{1} << bits_of(type) : streamed || wanted == 0 ? usual : wanted;

  const auto part = [&](double from, double to) -> std::function<void(double)> {
    if (!progress) return {};
    return [&progress, from, to](double fraction) { progress(from + (to - from) * fraction); };
  };
  Shape<U> shape = Surveyor<U>(subjects[0], options).survey(inputs, part(0, streamed ? 0.01 : 0.4));
  Scan<U> scan(subjects, shape, streamed, options);
  const std::vector<Seen> seen = scan.run(part(streamed ? 0.01 : 0.4, 0.95), shape.truth.surprises);

  FunctionFindings result;
  result.inputs = 2 * scan.magnitudes();
  result.exhaustive = exhaustive;
  result.kernels.resize(subjects.size());
  parallel(subjects.size(), thread_count(options.threads, subjects.size()), options.stop, part(0.95, 1),
           [&](unsigned, std::uint64_t item) {
             const auto k = static_cast<std::size_t>(item);
             const Inspector<U> inspector(subjects[k], shape);
             KernelFindings& findings = result.kernels[k];
             findings.subject = subjects[k];
             findings.faults = seen[k].faults;
             findings.faults[static_cast<std::size_t>(Fault::position)] = inspector.positions(options.seed);
             findings.specials = inspector.specials();
             findings.thresholds = inspector.thresholds(scan, seen[k].crossed);
             findings.has_other_backends =
                 std::any_of(subjects.begin(), subjects.begin() + static_cast<std::ptrdiff_t>(k),
                             [&](const Subject& s) { return s.kernel->tier == subjects[k].kernel->tier; });
           });
  result.truth = std::move(shape.truth);
  return result;
}

}  // namespace

const char* name(Fault fault) noexcept {
  constexpr const char* names[fault_count] = {"nan",
                                              "number_for_nan",
                                              "infinity",
                                              "finite_for_infinity",
                                              "zero_for_normal",
                                              "zero_for_subnormal",
                                              "number_for_zero",
                                              "sign",
                                              "zero_sign",
                                              "range",
                                              "monotonicity",
                                              "symmetry",
                                              "backends",
                                              "position"};
  return names[static_cast<std::size_t>(fault)];
}

const char* description(Fault fault) noexcept {
  constexpr const char* texts[fault_count] = {"NaN for a number",
                                              "a number for NaN",
                                              "infinity for a finite number",
                                              "a finite number for infinity",
                                              "0 for a normal number",
                                              "0 for a subnormal number",
                                              "a number for 0",
                                              "wrong sign",
                                              "wrong sign of 0",
                                              "outside the function's range",
                                              "step against the slope",
                                              "symmetry broken",
                                              "differs from the first backend",
                                              "differs from the result alone"};
  return texts[static_cast<std::size_t>(fault)];
}

void Faults::add(std::uint64_t input, std::uint64_t sign, std::uint64_t result, std::uint64_t right, bool breaks) {
  merge({1, breaks, input, input, result, right, {}}, sign);
}

void Faults::merge(const Faults& other, std::uint64_t sign) {
  if (other.count == 0) return;
  if (count == 0 || place(other.first, sign) < place(first, sign)) {
    first = other.first;
    got = other.got;
    expected = other.expected;
    where = other.where;
  }
  if (count == 0 || place(other.last, sign) > place(last, sign)) last = other.last;
  count += other.count;
  broken += other.broken;
}

std::size_t KernelFindings::wrong_specials() const {
  return static_cast<std::size_t>(std::count_if(
      specials.begin(), specials.end(), [](const SpecialResult& r) { return r.verdict == SpecialVerdict::wrong; }));
}

std::size_t KernelFindings::wrong_thresholds(const FunctionTruth& truth) const {
  std::size_t wrong = 0;
  for (std::size_t t = 0; t < thresholds.size(); ++t) wrong += thresholds[t] != truth.thresholds[t].first;
  return wrong;
}

bool breaks_promise(const FunctionFindings& function, const KernelFindings& kernel) {
  const double promised = kernel.subject.promised_ulp();
  if (!std::isfinite(promised)) return false;
  const bool faulty =
      std::any_of(kernel.faults.begin(), kernel.faults.end(), [](const Faults& f) { return f.broken > 0; });
  return faulty || kernel.wrong_specials() > 0 || (promised <= 0.5 && kernel.wrong_thresholds(function.truth) > 0);
}

std::vector<FunctionFindings> examine(std::vector<Subject> subjects, const SweepOptions& options) {
  std::vector<std::vector<Subject>> functions;
  for (Subject& subject : subjects) {
    const Kernel& kernel = *subject.kernel;
    if (subject.parameters.empty()) subject.parameters = parameters_of(kernel, {});
    if (options.all && bits_of(kernel.type) > 32) {
      throw UsageError(fmt::format("{} has 2^{} inputs, too many for all of them; give a number", name(kernel.type),
                                   bits_of(kernel.type)));
    }
    const std::uint64_t wanted = wanted_inputs(subject, options);
    if (!options.all && wanted > largest_sample && bits_of(kernel.type) > 16 && !every_number(kernel.type, wanted)) {
      throw UsageError(fmt::format("{} inputs are more than a sample holds, 2^{}{}", wanted,
                                   std::bit_width(largest_sample) - 1,
                                   bits_of(kernel.type) > 32 ? "" : "; give fewer, or all"));
    }
    const auto same = [&](const std::vector<Subject>& function) {
      const Kernel& other = *function[0].kernel;
      return std::string_view(kernel.activation->name) == other.activation->name &&
             kernel.direction == other.direction && kernel.type == other.type;
    };
    const auto found = std::find_if(functions.begin(), functions.end(), same);
    if (found != functions.end()) {
      found->push_back(std::move(subject));
    } else {
      functions.push_back({std::move(subject)});
    }
  }
  std::vector<FunctionFindings> results;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    const auto progress = [&](double fraction) {
      options.progress((static_cast<double>(i) + fraction) / static_cast<double>(functions.size()));
    };
    const std::function<void(double)> report = options.progress ? progress : std::function<void(double)>();
    switch (size_of(functions[i][0].kernel->type)) {
      case 2:
        results.push_back(examine_function<std::uint16_t>(std::move(functions[i]), options, report));
        break;
      case 4:
        results.push_back(examine_function<std::uint32_t>(std::move(functions[i]), options, report));
        break;
      default:
        results.push_back(examine_function<std::uint64_t>(std::move(functions[i]), options, report));
    }
  }
  return results;
}

}  // namespace actbench::bench
