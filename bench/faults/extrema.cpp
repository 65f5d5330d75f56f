// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/extrema.hpp"

#include <algorithm>
#include <utility>

namespace actbench::bench::faults {
namespace {

template <class U>
class ExtremumSearch {
 public:
  ExtremumSearch(bool negative, const Layout& layout, Oracle& oracle)
      : sign_(negative ? layout.sign : 0), layout_(layout), oracle_(oracle) {}

  /// The first and the last number at which the results are the greatest (where the slope before them is up) or the
  /// least. The interval from low to high holds one extremum. Points of it are compared, then points between the
  /// neighbours of the best, until every number has been compared. Where most of the points share the best result, it
  /// is taken for that of the extremum.
  std::pair<std::uint64_t, std::uint64_t> between(std::uint64_t low, std::uint64_t high, Slope before) {
    while (true) {
      const std::uint64_t width = high - low;
      const std::vector<U> at = points(low, width);
      const std::size_t count = at.size();
      const std::vector<U> y = right(at);
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
      if (next_high - next_low > width / 2) return ends_of_plateau(at, best, last, y[best]);
      low = next_low;
      high = next_high;
    }
  }

 private:
  /// Magnitudes from low to low + width, evenly apart; every one where there are few.
  std::vector<U> points(std::uint64_t low, std::uint64_t width) const {
    const std::uint64_t most = oracle_.is_quick() ? 1 << 16 : 64, count = std::min(width + 1, most);
    std::vector<U> at;
    for (std::uint64_t i = 0; i < count; ++i) {
      at.push_back(static_cast<U>(low + static_cast<std::uint64_t>(static_cast<unsigned __int128>(width) * i /
                                                                   std::max<std::uint64_t>(1, count - 1))));
    }
    return at;
  }

  std::vector<U> right(const std::vector<U>& magnitudes) {
    std::vector<U> x, y(magnitudes.size());
    for (U m : magnitudes) x.push_back(static_cast<U>(m | sign_));
    oracle_.right(x.data(), y.data(), x.size());
    return y;
  }

  std::pair<std::uint64_t, std::uint64_t> ends_of_plateau(const std::vector<U>& at, std::size_t best, std::size_t last,
                                                          U result) {
    const auto reached = [&](std::uint64_t magnitude) { return right({static_cast<U>(magnitude)})[0] == result; };
    const auto left = [&](std::uint64_t magnitude) { return !reached(magnitude); };
    return {best > 0 ? first_where(at[best - 1], at[best], reached) : at[best],
            last + 1 < at.size() ? first_where(at[last], at[last + 1], left) - 1 : at[last]};
  }

  std::uint64_t sign_;
  const Layout& layout_;
  Oracle& oracle_;
};

/// Neighbouring inputs of the sample with equal results.
struct Plateau {
  std::size_t first, last;
  std::int64_t height;
};

template <class U>
std::vector<Plateau> plateaus_of(const Sample<U>& sample, bool negative, const Layout& layout) {
  std::vector<Plateau> plateaus;
  for (std::size_t i = 0; i < sample.numbers(layout); ++i) {
    const std::int64_t height = layout.order(sample.right[negative][i]);
    if (plateaus.empty() || plateaus.back().height != height) plateaus.push_back({i, i, height});
    plateaus.back().last = i;
  }
  return plateaus;
}

}  // namespace

template <class U>
Turns<U> find_turns(const Sample<U>& sample, bool negative, const Layout& layout, Oracle& oracle) {
  const auto& m = sample.magnitudes;
  const std::vector<Plateau> plateaus = plateaus_of(sample, negative, layout);
  const auto slope = [&](std::size_t k) {
    return plateaus[k].height > plateaus[k - 1].height ? Slope::up : Slope::down;
  };
  ExtremumSearch<U> search(negative, layout, oracle);
  Turns<U> turns;
  turns.stretches = {{0, plateaus.size() > 1 ? slope(1) : Slope::flat}};
  for (std::size_t k = 2; k < plateaus.size(); ++k) {
    if (slope(k) == slope(k - 1)) continue;
    const auto [from, to] = search.between(m[plateaus[k - 2].last], m[plateaus[k].first], slope(k - 1));
    if (from < to) turns.stretches.push_back({from, Slope::any});
    turns.stretches.push_back({to, slope(k)});
    for (std::uint64_t end : {from, to}) turns.ends.push_back(static_cast<U>(end));
    turns.turning_points.push_back((from + (to - from) / 2) | (negative ? layout.sign : 0));
  }
  return turns;
}

template Turns<std::uint16_t> find_turns(const Sample<std::uint16_t>&, bool, const Layout&, Oracle&);
template Turns<std::uint32_t> find_turns(const Sample<std::uint32_t>&, bool, const Layout&, Oracle&);
template Turns<std::uint64_t> find_turns(const Sample<std::uint64_t>&, bool, const Layout&, Oracle&);

}  // namespace actbench::bench::faults
