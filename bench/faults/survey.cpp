// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/survey.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "bench/faults/extrema.hpp"
#include "bench/faults/oracle.hpp"
#include "bench/faults/sample.hpp"
#include "bench/faults/special_values.hpp"
#include "bench/faults/thresholds.hpp"
#include "bench/support/parallel.hpp"

namespace actbench::bench::faults {
namespace {

template <class U>
class Surveyor {
 public:
  Surveyor(const Subject& subject, const SweepOptions& options)
      : subject_(subject), options_(options), layout_(subject.kernel->type), oracle_(subject) {}

  FunctionShape<U> survey(std::uint64_t inputs, const std::function<void(double)>& progress) {
    std::vector<U> magnitudes;
    for (std::uint64_t m : sample_magnitudes(subject_, inputs, options_.seed)) magnitudes.push_back(static_cast<U>(m));
    add(std::move(magnitudes), progress);
    add(find_turns(), {});
    std::vector<U> near_thresholds = find_thresholds();
    find_symmetry_and_range();
    shape_.truth.specials = special_values(subject_, oracle_);
    add(std::move(near_thresholds), {});
    return std::move(shape_);
  }

 private:
  /// Puts further magnitudes, and the right results there, into the sample.
  void add(std::vector<U> more, const std::function<void(double)>& progress) {
    std::sort(more.begin(), more.end());
    more.erase(std::unique(more.begin(), more.end()), more.end());
    Sample<U>& old = shape_.sample;
    std::erase_if(more, [&](U m) { return std::binary_search(old.magnitudes.begin(), old.magnitudes.end(), m); });
    old = merged(old, computed(std::move(more), progress));
  }

  /// The right results at these magnitudes.
  Sample<U> computed(std::vector<U> magnitudes, const std::function<void(double)>& progress) const {
    Sample<U> sample;
    sample.magnitudes = std::move(magnitudes);
    const std::size_t n = sample.magnitudes.size();
    std::vector<U> x[2];
    for (const std::size_t s : {0u, 1u}) {
      sample.right[s].resize(n);
      for (U m : sample.magnitudes) x[s].push_back(static_cast<U>(m | (s == 1 ? layout_.sign : 0)));
    }
    const std::size_t piece = oracle_.is_quick() ? block_size : 64, pieces = (n + piece - 1) / piece;
    const unsigned threads = thread_count(options_.threads, pieces);
    std::vector<std::unique_ptr<Oracle>> oracles(threads);
    parallel(2 * pieces, threads, options_.stop, progress, [&](unsigned thread, std::uint64_t item) {
      if (oracles[thread] == nullptr) oracles[thread] = std::make_unique<Oracle>(subject_);
      const std::size_t s = item % 2, first = item / 2 * piece;
      oracles[thread]->right(x[s].data() + first, sample.right[s].data() + first, std::min(piece, n - first));
    });
    return sample;
  }

  static Sample<U> merged(const Sample<U>& a, const Sample<U>& b) {
    Sample<U> all;
    for (std::size_t i = 0, j = 0; i < a.magnitudes.size() || j < b.magnitudes.size();) {
      const bool take_a = j == b.magnitudes.size() || (i < a.magnitudes.size() && a.magnitudes[i] < b.magnitudes[j]);
      const Sample<U>& from = take_a ? a : b;
      const std::size_t k = take_a ? i++ : j++;
      all.magnitudes.push_back(from.magnitudes[k]);
      for (const std::size_t s : {0u, 1u}) all.right[s].push_back(from.right[s][k]);
    }
    return all;
  }

  /// Returns magnitudes at the ends of extrema.
  std::vector<U> find_turns() {
    std::vector<U> ends;
    for (const bool negative : {false, true}) {
      Turns<U> turns = faults::find_turns(shape_.sample, negative, layout_, oracle_);
      shape_.stretches[negative] = std::move(turns.stretches);
      auto& points = shape_.truth.turning_points;
      points.insert(points.end(), turns.turning_points.begin(), turns.turning_points.end());
      ends.insert(ends.end(), turns.ends.begin(), turns.ends.end());
    }
    return ends;
  }

  /// Returns magnitudes around every threshold.
  std::vector<U> find_thresholds() {
    constexpr std::uint64_t reach = 4;
    std::vector<U> around;
    for (const bool negative : {false, true}) {
      for (const Threshold& t : right_thresholds(shape_.sample, negative, layout_, oracle_)) {
        const std::uint64_t last = std::min(t.first + reach, layout_.infinity);
        for (std::uint64_t p = t.first - std::min(t.first, reach); p <= last; ++p) around.push_back(static_cast<U>(p));
        shape_.truth.thresholds.push_back(t);
      }
    }
    return around;
  }

  void find_symmetry_and_range() {
    FunctionTruth& truth = shape_.truth;
    const auto& right = shape_.sample.right;
    truth.odd = truth.even = true;
    truth.least = truth.greatest = right[0][0];
    for (std::size_t i = 0; i < shape_.sample.numbers(layout_); ++i) {
      const std::int64_t plus = layout_.order(right[0][i]), minus = layout_.order(right[1][i]);
      truth.odd = truth.odd && plus == -minus;
      truth.even = truth.even && plus == minus;
      for (const auto& side : right) {
        if (layout_.order(side[i]) < layout_.order(truth.least)) truth.least = side[i];
        if (layout_.order(side[i]) > layout_.order(truth.greatest)) truth.greatest = side[i];
      }
    }
    // Outwards on one side is inwards on the other.
    const auto &up = shape_.stretches[0], &down = shape_.stretches[1];
    const int sum = static_cast<int>(up[0].slope) + static_cast<int>(down[0].slope);
    truth.monotone = up.size() == 1 && down.size() == 1 &&
                     (sum == 0 || up[0].slope == Slope::flat || down[0].slope == Slope::flat) &&
                     consistent_at_zero(up[0].slope, down[0].slope);
    // A function that is both is zero everywhere; it counts as even.
    if (truth.odd && truth.even) truth.odd = false;
  }

  /// Whether a jump at zero, if there is one, has the direction of the rest.
  bool consistent_at_zero(Slope up, Slope down) const {
    const std::int64_t jump = layout_.order(shape_.sample.right[0][0]) - layout_.order(shape_.sample.right[1][0]);
    const int outer = up != Slope::flat ? static_cast<int>(up) : -static_cast<int>(down);
    return jump == 0 || outer == 0 || (jump > 0) == (outer > 0);
  }

  const Subject& subject_;
  const SweepOptions& options_;
  Layout layout_;
  Oracle oracle_;
  FunctionShape<U> shape_;
};

}  // namespace

template <class U>
FunctionShape<U> survey(const Subject& subject, const SweepOptions& options, std::uint64_t inputs,
                        const std::function<void(double)>& progress) {
  return Surveyor<U>(subject, options).survey(inputs, progress);
}

template FunctionShape<std::uint16_t> survey(const Subject&, const SweepOptions&, std::uint64_t,
                                             const std::function<void(double)>&);
template FunctionShape<std::uint32_t> survey(const Subject&, const SweepOptions&, std::uint64_t,
                                             const std::function<void(double)>&);
template FunctionShape<std::uint64_t> survey(const Subject&, const SweepOptions&, std::uint64_t,
                                             const std::function<void(double)>&);

}  // namespace actbench::bench::faults
