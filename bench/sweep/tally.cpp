// SPDX-License-Identifier: Apache-2.0
#include "bench/sweep/tally.hpp"

#include <algorithm>
#include <cmath>

#include "bench/numbers/settle.hpp"

namespace actbench::bench {
namespace {

/// The largest error that a mean takes in: 2^32 of them fit the sum.
constexpr double largest_error = 0x1p60;

/// The larger error is worse; of equal errors the one at the first input is.
bool worse(const WorstCase& a, const WorstCase& b) { return a.ulp > b.ulp || (a.ulp == b.ulp && a.index < b.index); }

}  // namespace

void count(Tally& tally, double got, const reference::Judgement& judgement) {
  const double right = judgement.expected;
  tally.not_correctly_rounded += !judgement.correctly_rounded;
  tally.above_one_ulp += judgement.measured > 1;
  tally.max_goldberg = std::max(tally.max_goldberg, judgement.ulp);
  if (std::isnan(got) || std::isnan(right)) {
    tally.wrong_nans += std::isnan(got) != std::isnan(right);
  } else if (std::isinf(got) || std::isinf(right)) {
    tally.wrong_infinities += got != right;
  } else if ((got == 0) != (right == 0)) {
    tally.wrong_zeros += judgement.ulp > 0.5 + 0x1p-8;
  } else if (got == 0) {
    tally.zero_signs += std::signbit(got) != std::signbit(right);
  }
}

void add_error(Tally& tally, double ulp) {
  if (std::isinf(ulp)) {
    ++tally.unmeasurable;
  } else {
    tally.error_sum += static_cast<unsigned __int128>(std::min(ulp, largest_error) / error_unit + 0.5);
  }
}

double Tally::mean_ulp() const {
  const std::uint64_t measured = inputs - unmeasurable;
  return measured == 0 ? 0 : static_cast<double>(error_sum) * error_unit / static_cast<double>(measured);
}

void Tally::take(const WorstCase& candidate) {
  const auto same =
      std::find_if(worst.begin(), worst.end(), [&](const WorstCase& w) { return w.region == candidate.region; });
  if (same != worst.end()) {
    if (!worse(candidate, *same)) return;
    worst.erase(same);
  } else if (worst.size() == worst_kept) {
    if (!worse(candidate, worst.back())) return;
    worst.pop_back();
  }
  worst.insert(std::lower_bound(worst.begin(), worst.end(), candidate, worse), candidate);
}

void Tally::merge(const Tally& other) {
  inputs += other.inputs;
  not_correctly_rounded += other.not_correctly_rounded;
  above_one_ulp += other.above_one_ulp;
  wrong_zeros += other.wrong_zeros;
  wrong_infinities += other.wrong_infinities;
  wrong_nans += other.wrong_nans;
  zero_signs += other.zero_signs;
  unmeasurable += other.unmeasurable;
  error_sum += other.error_sum;
  max_goldberg = std::max(max_goldberg, other.max_goldberg);
  for (const WorstCase& w : other.worst) take(w);
}

}  // namespace actbench::bench
