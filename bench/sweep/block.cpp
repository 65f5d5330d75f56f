// SPDX-License-Identifier: Apache-2.0
#include "bench/sweep/block.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "bench/device/call.hpp"
#include "bench/numbers/eight_bits.hpp"
#include "bench/numbers/settle.hpp"
#include "bench/numbers/types.hpp"
#include "bench/sweep/group.hpp"

namespace actbench::bench {

void merge_regions(std::vector<double>& all, std::span<const double> more) {
  if (all.empty()) all.assign(more.begin(), more.end());
  for (std::size_t i = 0; i < more.size(); ++i) all[i] = std::max(all[i], more[i]);
}

void Block::load(const Group& group, std::uint64_t first, std::size_t n) {
  truth_ = &group, inputs_ = &group.inputs, first_ = first, n_ = n;
  group.inputs.fill(first, n, x_patterns_.data(), dy_patterns_.data(), a_patterns_.data());
  evaluate();
}

void Block::load(const Group& group, std::uint64_t first, std::span<const Point> points) {
  truth_ = &group, inputs_ = &group.inputs, first_ = first, n_ = points.size();
  for (std::size_t i = 0; i < n_; ++i) {
    set_pattern(group.type, x_patterns_.data(), i, points[i].x);
    set_pattern(group.type, dy_patterns_.data(), i, points[i].dy);
    set_pattern(group.type, a_patterns_.data(), i, points[i].a);
  }
  evaluate();
}

void Block::load(const Truth& truth, std::uint64_t first, std::size_t n, const InputArrays& arrays) {
  truth_ = &truth, inputs_ = nullptr, first_ = first, n_ = n;
  const std::size_t bytes = n * size_of(truth.type);
  std::memcpy(x_patterns_.data(), arrays.x, bytes);
  if (truth.multipliers.dy) std::memcpy(dy_patterns_.data(), arrays.dy, bytes);
  if (truth.multipliers.a) std::memcpy(a_patterns_.data(), arrays.a, bytes);
  evaluate();
}

/// What does not depend on the kernel: values of the patterns, and quick values of the function.
void Block::evaluate() {
  const Truth& truth = *truth_;
  widen(truth.type, x_patterns_.data(), x_.data(), n_);
  if (truth.multipliers.dy) widen(truth.type, dy_patterns_.data(), dy_.data(), n_);
  if (truth.multipliers.a) widen(truth.type, a_patterns_.data(), a_.data(), n_);
  const reference::InputArrays in = reference_arrays(truth.multipliers, x_.data(), dy_.data(), a_.data());
  if (truth.type == Type::f64) {
    reference::quick(*truth.function, *truth.format, in, quick_.data(), n_, truth.parameters);
  } else {
    reference::quick(*truth.function, in, quick_arrays(), n_, truth.parameters);
  }
  distinct_ = 0;
}

const Outcome& Block::judge(const Subject& subject, double floor) {
  const Truth& truth = *truth_;
  if (distinct_ == outputs_.size()) outputs_.emplace_back(block_size), outcomes_.emplace_back();
  auto& output = outputs_[distinct_];
  device::run(*subject.kernel, taken(truth.multipliers, {x_patterns_.data(), dy_patterns_.data(), a_patterns_.data()}),
              output.data(), n_, subject.parameters);
  const std::size_t bytes = n_ * size_of(truth.type);
  std::size_t twin = 0;
  const auto is_twin = [&](std::size_t i) {
    return (!subject.by_region || !outcomes_[i].by_region.empty()) &&
           std::memcmp(outputs_[i].data(), output.data(), bytes) == 0;
  };
  while (twin < distinct_ && !is_twin(twin)) ++twin;
  if (twin < distinct_) return outcomes_[twin];
  Outcome& outcome = outcomes_[distinct_++];
  outcome.tally = tally_of(output.data(), floor);
  outcome.digest = {};
  outcome.by_region = subject.by_region ? errors_by_region() : std::vector<double>();
  if (inputs_->exhaustive()) outcome.digest.add(truth.type, output.data(), first_, n_, inputs_->count());
  return outcome;
}

std::vector<double> Block::errors_by_region() const {
  const int fraction = fraction_bits(truth_->type);
  std::vector<double> largest(std::size_t{1} << (bits_of(truth_->type) - fraction), -1);
  const auto take = [&]<class Pattern>(Pattern) {
    for (std::size_t i = 0; i < n_; ++i) {
      Pattern pattern;
      std::memcpy(&pattern, reinterpret_cast<const char*>(x_patterns_.data()) + i * sizeof pattern, sizeof pattern);
      double& of_region = largest[static_cast<std::size_t>(pattern >> fraction)];
      of_region = std::max(of_region, ulp_[i]);
    }
  };
  switch (size_of(truth_->type)) {
    case 2:
      take(std::uint16_t{});
      break;
    case 4:
      take(std::uint32_t{});
      break;
    default:
      take(std::uint64_t{});
  }
  return largest;
}

Tally Block::judge(const void* outputs, double floor) { return tally_of(outputs, floor); }

std::vector<Block::Wrong> Block::wrong() const {
  std::vector<Wrong> found;
  std::size_t open = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    if (open < open_count_ && open_[open] == i) {
      const reference::Judgement& j = judgements_[open++];
      const bool zero_sign = got_[i] == 0 && j.expected == 0 && std::signbit(got_[i]) != std::signbit(j.expected);
      if (!j.correctly_rounded || zero_sign) found.push_back({i, got_[i], j});
    } else if (settled_zero_signs_ && got_[i] == 0 && std::signbit(got_[i]) != std::signbit(hi_[i])) {
      found.push_back({i, got_[i], {std::copysign(0.0, hi_[i]), ulp_[i], true, false, ulp_[i]}});
    }
  }
  return found;
}

Tally Block::tally_of(const void* output, double floor) {
  Tally tally;
  tally.inputs = n_;
  widen(truth_->type, output, got_.data(), n_);
  Settled settled{.open = n_};
  if (truth_->type == Type::f64 || is_foreign(truth_->type)) {
    std::fill_n(ulp_.begin(), n_, -1.0);
  } else {
    settled = settle(truth_->type, measure_, quick_arrays(), got_.data(), n_, ulp_.data());
  }
  tally.error_sum = settled.error_sum;
  tally.zero_signs = settled.zero_signs;
  settled_zero_signs_ = settled.zero_signs > 0;
  open_count_ = 0;
  const double max = settled.open > 0 ? std::max(settled.max, judge_open(tally)) : settled.max;
  if (max > floor) take_worst(output, floor, max, tally);
  return tally;
}

/// Has the reference decide the outputs that are not settled. Returns the largest error among them.
double Block::judge_open(Tally& tally) {
  const Truth& truth = *truth_;
  std::size_t open = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    if (!(ulp_[i] < 0)) continue;
    open_x_[open] = x_[i];
    open_dy_[open] = dy_[i];
    open_a_[open] = a_[i];
    open_quick_[open] = truth.type == Type::f64 ? quick_[i] : reference::Quick{hi_[i], lo_[i], bound_[i]};
    open_got_[open] = got_[i];
    open_[open++] = static_cast<std::uint32_t>(i);
  }
  reference::judge(*truth.function, *truth.format,
                   reference_arrays(truth.multipliers, open_x_.data(), open_dy_.data(), open_a_.data()),
                   open_quick_.data(), open_got_.data(), judgements_.data(), open, truth.parameters, measure_);
  open_count_ = open;
  double max = 0;
  for (std::size_t j = 0; j < open; ++j) {
    take_overflow_for_nan(truth.type, open_got_[j], judgements_[j]);
    const double ulp = judgements_[j].measured;
    count(tally, open_got_[j], judgements_[j]);
    ulp_[open_[j]] = ulp;
    max = std::max(max, ulp);
    add_error(tally, ulp);
  }
  return max;
}

/// Lists the errors above floor; max is the largest of all.
void Block::take_worst(const void* output, double floor, double max, Tally& tally) const {
  const bool one_region = in_one_region();
  if (one_region) floor = std::nextafter(max, -1);  // only the first of the largest can have the region's place
  for (std::size_t i = 0; i < n_; ++i) {
    if (!(ulp_[i] > floor)) continue;
    tally.take({ulp_[i], first_ + i, point(i), pattern_at(truth_->type, output, i), region_of(i)});
    if (one_region) return;
    if (tally.worst.size() == Tally::worst_kept) floor = std::max(floor, tally.worst.back().ulp);
  }
}

double Block::floor_of(const Tally& tally) const {
  double floor = tally.worst.size() == Tally::worst_kept ? tally.worst.back().ulp : -1;
  if (!in_one_region()) return floor;
  for (const WorstCase& w : tally.worst) {
    if (w.region == region_of(0)) floor = std::max(floor, w.ulp);
  }
  return floor;
}

/// All inputs of a type come in order, so that the first and the last one tell.
bool Block::in_one_region() const {
  return inputs_ != nullptr && inputs_->exhaustive() && region_of(0) == region_of(n_ - 1);
}

std::uint32_t Block::region_of(std::size_t i) const {
  return static_cast<std::uint32_t>(pattern_at(truth_->type, x_patterns_.data(), i) >> fraction_bits(truth_->type));
}

Point Block::point(std::size_t i) const {
  const auto at = [&](const std::vector<std::uint64_t>& patterns) {
    return pattern_at(truth_->type, patterns.data(), i);
  };
  return {at(x_patterns_), truth_->multipliers.dy ? at(dy_patterns_) : 0, truth_->multipliers.a ? at(a_patterns_) : 0};
}

}  // namespace actbench::bench
