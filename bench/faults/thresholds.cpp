// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/thresholds.hpp"

#include <algorithm>

namespace actbench::bench::faults {
namespace {

template <class U>
class ThresholdSearch {
 public:
  ThresholdSearch(const Sample<U>& sample, bool negative, const Layout& layout, Oracle& oracle)
      : magnitudes_(sample.magnitudes),
        right_(sample.right[negative]),
        numbers_(sample.numbers(layout)),
        negative_(negative),
        layout_(layout),
        oracle_(oracle),
        limit_(right_[numbers_ - 1]) {}

  std::vector<Threshold> run() {
    for (std::size_t i = 1; i < numbers_; ++i)
      find_changes(magnitudes_[i - 1], layout_.kind(right_[i - 1]), magnitudes_[i], layout_.kind(right_[i]));
    find_saturation();
    return std::move(found_);
  }

 private:
  std::uint64_t right_at(std::uint64_t magnitude) {
    const U x = static_cast<U>(magnitude | (negative_ ? layout_.sign : 0));
    U y;
    oracle_.right(&x, &y, 1);
    return y;
  }

  /// Halves the interval until its ends are neighbours, or of the same kind. Results are monotone in it, so what lies
  /// between two results of the same kind is of that kind.
  void find_changes(std::uint64_t low, Kind at_low, std::uint64_t high, Kind at_high) {
    if (at_low == at_high) return;
    if (high - low == 1) return add_change(high, at_low, at_high);
    const std::uint64_t middle = low + (high - low) / 2;
    const Kind at_middle = layout_.kind(right_at(middle));
    find_changes(low, at_low, middle, at_middle);
    find_changes(middle, at_middle, high, at_high);
  }

  void add_change(std::uint64_t first, Kind before, Kind kind) {
    std::uint64_t search_from = 0;
    for (const Threshold& t : found_) {
      if (t.before == kind) search_from = t.first;
    }
    found_.push_back({negative_, false, before, kind, limit_, first, search_from});
  }

  /// Where results stay at a limit that is neither zero nor infinite: those limits are changes in kind already.
  void find_saturation() {
    const Kind at_infinity = layout_.kind(limit_);
    if (at_infinity == Kind::zero || at_infinity == Kind::infinity || at_infinity == Kind::minus_infinity) return;
    std::size_t i = numbers_ - 1;
    while (i > 0 && right_[i - 1] == limit_) --i;
    if (i == 0) return;
    const std::uint64_t first =
        first_where(magnitudes_[i - 1], magnitudes_[i], [&](std::uint64_t p) { return right_at(p) == limit_; });
    found_.push_back({negative_, true, layout_.kind(right_at(first - 1)), at_infinity, limit_, first, 0});
  }

  const std::vector<U>&magnitudes_, &right_;
  std::size_t numbers_;
  bool negative_;
  const Layout& layout_;
  Oracle& oracle_;
  U limit_;  ///< the right result at infinity
  std::vector<Threshold> found_;
};

}  // namespace

template <class U>
std::vector<Threshold> right_thresholds(const Sample<U>& sample, bool negative, const Layout& layout, Oracle& oracle) {
  return ThresholdSearch<U>(sample, negative, layout, oracle).run();
}

Crossings::Crossings(const std::vector<Threshold>& thresholds) : thresholds_(thresholds) {
  for (const Threshold& t : thresholds) indices_.push_back(t.saturation ? 0 : never);
}

template <class U>
void Crossings::take(const Block<U>& block) {
  const std::uint64_t lowest = block.magnitudes[0], highest = block.magnitudes[block.n - 1];
  for (std::size_t t = 0; t < thresholds_.size(); ++t) {
    const Threshold& threshold = thresholds_[t];
    const Side<U>& side = block.side[threshold.negative];
    std::uint64_t& crossed = indices_[t];
    if (threshold.saturation) {
      if (side.equal && lowest >= threshold.first) continue;
      for (std::size_t i = block.n; i-- > 0 && block.first + i + 1 > crossed;) {
        if (block.magnitudes[i] <= block.layout.infinity && side.got[i] != threshold.limit)
          crossed = block.first + i + 1;
      }
      continue;
    }
    if (block.first >= crossed || highest < threshold.search_from || (side.equal && highest < threshold.first))
      continue;
    for (std::size_t i = 0; i < block.n && block.magnitudes[i] <= block.layout.infinity; ++i) {
      if (block.layout.kind(side.got[i]) == threshold.kind && block.magnitudes[i] >= threshold.search_from) {
        crossed = block.first + i;
        break;
      }
    }
  }
}

void Crossings::merge(const Crossings& other) {
  for (std::size_t t = 0; t < indices_.size(); ++t) {
    std::uint64_t& here = indices_[t];
    const std::uint64_t there = other.indices_[t];
    here = thresholds_[t].saturation ? std::max(here, there) : std::min(here, there);
  }
}

template <class U>
std::vector<std::optional<std::uint64_t>> kernel_thresholds(const Probe<U>& probe,
                                                            const std::vector<Threshold>& thresholds,
                                                            const Magnitudes<U>& magnitudes,
                                                            const Crossings& crossings) {
  const Layout& layout = probe.layout;
  std::vector<std::optional<std::uint64_t>> result;
  for (std::size_t t = 0; t < thresholds.size(); ++t) {
    const Threshold& threshold = thresholds[t];
    const std::uint64_t crossed = crossings.indices()[t];
    if (crossed == Crossings::never || crossed >= magnitudes.size() || magnitudes[crossed] > layout.infinity) {
      result.emplace_back();
      continue;
    }
    const std::uint64_t high = magnitudes[crossed];
    if (high == threshold.search_from || crossed == 0) {
      result.emplace_back(high);
      continue;
    }
    std::uint64_t low = magnitudes[crossed - 1];
    if (!threshold.saturation && threshold.search_from > low) low = threshold.search_from - 1;
    const std::uint64_t sign = threshold.negative ? layout.sign : 0;
    result.emplace_back(first_where(low, high, [&](std::uint64_t magnitude) {
      const std::uint64_t got = probe.alone(magnitude | sign);
      return threshold.saturation ? got == threshold.limit : layout.kind(got) == threshold.kind;
    }));
  }
  return result;
}

#define ACTBENCH_INSTANTIATE(U)                                                                                        \
  template std::vector<Threshold> right_thresholds(const Sample<U>&, bool, const Layout&, Oracle&);                    \
  template void Crossings::take(const Block<U>&);                                                                      \
  template std::vector<std::optional<std::uint64_t>> kernel_thresholds(const Probe<U>&, const std::vector<Threshold>&, \
                                                                       const Magnitudes<U>&, const Crossings&);
ACTBENCH_INSTANTIATE(std::uint16_t)
ACTBENCH_INSTANTIATE(std::uint32_t)
ACTBENCH_INSTANTIATE(std::uint64_t)
#undef ACTBENCH_INSTANTIATE

}  // namespace actbench::bench::faults
