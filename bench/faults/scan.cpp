// SPDX-License-Identifier: Apache-2.0
#include "bench/faults/scan.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <memory>

#include "bench/device/call.hpp"
#include "bench/faults/kinds.hpp"
#include "bench/faults/oracle.hpp"
#include "bench/support/parallel.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench::faults {
namespace {

/// For each subject the first of its tier; for a plug-in's kernel itself, as its promise is not one of bits.
std::vector<std::size_t> twins_of(std::span<const Subject> subjects) {
  std::vector<std::size_t> twins;
  for (const Subject& subject : subjects) {
    std::size_t first = 0;
    while (subjects[first].kernel->tier != subject.kernel->tier) ++first;
    twins.push_back(is_foreign(subject.kernel->backend) ? twins.size() : first);
  }
  return twins;
}

/// One thread's workplace.
template <class U>
class Worker {
 public:
  Worker(std::span<const Subject> subjects, const FunctionShape<U>& shape, const Magnitudes<U>& inputs)
      : seen(subjects.size(), Seen{{}, Crossings(shape.truth.thresholds)}),
        subjects_(subjects),
        twins_(twins_of(subjects)),
        shape_(shape),
        inputs_(inputs),
        layout_(subjects[0].kernel->type),
        oracle_(subjects[0]),
        magnitudes_(block_size + 1),
        ones_(block_size + 1, static_cast<U>(pattern_of(subjects[0].kernel->type, 1.0))),
        outputs_(subjects.size()) {
    for (auto* arrays : {&x_, &right_}) {
      for (auto& array : *arrays) array.resize(block_size + 1);
    }
    for (auto& output : outputs_) {
      for (auto& array : output) array.resize(block_size + 1);
    }
  }

  std::vector<Seen> seen;
  std::uint64_t surprises = 0;

  /// n magnitudes, the first of which has that index.
  void block(std::uint64_t first, std::size_t n) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(n + 1, inputs_.size() - first));
    for (std::size_t i = 0; i < count; ++i) magnitudes_[i] = static_cast<U>(inputs_[first + i]);
    for (const std::size_t s : {0u, 1u}) {
      for (std::size_t i = 0; i < count; ++i) x_[s][i] = static_cast<U>(magnitudes_[i] | (s == 1 ? layout_.sign : 0));
      if (inputs_.all()) {
        oracle_.right(x_[s].data(), right_[s].data(), count);
      } else {
        std::copy_n(shape_.sample.right[s].begin() + static_cast<std::ptrdiff_t>(first), count, right_[s].begin());
      }
      find_slopes(s, count);
    }
    for (std::size_t k = 0; k < subjects_.size(); ++k) judge(k, run(k, first, n, count));
  }

 private:
  /// The slope from each input to the next. No slope is assumed over a step that leads across an extremum, or against
  /// which the right results themselves go.
  void find_slopes(std::size_t s, std::size_t count) {
    const auto& stretches = shape_.stretches[s];
    slopes_[s].assign(count, Slope::any);
    std::size_t at = 0;
    for (std::size_t i = 0; i + 1 < count && magnitudes_[i + 1] <= layout_.infinity; ++i) {
      while (at + 1 < stretches.size() && stretches[at + 1].from <= magnitudes_[i]) ++at;
      if (at + 1 < stretches.size() && stretches[at + 1].from < magnitudes_[i + 1]) continue;
      slopes_[s][i] = stretches[at].slope;
      if (inputs_.all() && kinds::monotonicity::against(layout_, slopes_[s][i], right_[s][i], right_[s][i + 1])) {
        ++surprises;
        slopes_[s][i] = Slope::any;
      }
    }
  }

  Block<U> run(std::size_t k, std::uint64_t first, std::size_t n, std::size_t count) {
    const Kernel& kernel = *subjects_[k].kernel;
    Block<U> block{subjects_[k], layout_, shape_.truth, first, n, count, magnitudes_.data(), {}};
    for (const std::size_t s : {0u, 1u}) {
      U* const out = outputs_[k][s].data();
      device::run(kernel, taken(multipliers_of(kernel), {x_[s].data(), ones_.data(), ones_.data()}), out, count,
                  subjects_[k].parameters);
      canonicalise(out, count);
      const bool equal = std::memcmp(out, right_[s].data(), count * sizeof(U)) == 0;
      const U* const twin = twins_[k] == k ? nullptr : outputs_[twins_[k]][s].data();
      block.side[s] = {x_[s].data(), right_[s].data(), out, twin, slopes_[s].data(), equal};
    }
    return block;
  }

  void canonicalise(U* results, std::size_t n) const {
    const auto sizes = static_cast<U>(~layout_.sign), infinity = static_cast<U>(layout_.infinity),
               nan = static_cast<U>(layout_.quiet_nan());
    for (std::size_t i = 0; i < n; ++i) results[i] = (results[i] & sizes) > infinity ? nan : results[i];
  }

  void judge(std::size_t k, const Block<U>& block) {
    seen[k].crossings.take(block);
    for (const Side<U>& side : block.side) {
      if (side.equal) continue;
      for (std::size_t i = 0; i < block.n; ++i) {
        if (side.got[i] != side.right[i]) judge_result(k, side.x[i], side.got[i], side.right[i]);
      }
    }
    for_each_kind<U>([&]<class K>(Fault fault) {
      if constexpr (BlockKind<K, U>) K::in_block(block, seen[k].faults[static_cast<std::size_t>(fault)]);
    });
  }

  void judge_result(std::size_t k, U x, U got, U right) {
    const Difference difference{layout_, shape_.truth, got, right};
    for_each_kind<U>([&]<class K>(Fault fault) {
      if constexpr (ResultKind<K>) {
        if (!K::in_result(difference)) return;
        const bool breaks = excludes(subjects_[k], K::excluded, x, got);
        seen[k].faults[static_cast<std::size_t>(fault)].add(x, layout_.sign, got, right, breaks);
      }
    });
  }

  /// Whether the subject's promise excludes a result with a fault.
  bool excludes(const Subject& subject, Excluded excluded, U x, U got) const {
    const double promised = subject.promised_ulp();
    if (excluded == Excluded::never) return false;
    if (promised <= 0.5 || !std::isfinite(promised) || excluded == Excluded::by_correct_rounding)
      return promised <= 0.5;
    return oracle_.exact({x, ones_[0], ones_[0]}).ulp_error(value_of(subject.kernel->type, got)) > promised;
  }

  std::span<const Subject> subjects_;
  std::vector<std::size_t> twins_;
  const FunctionShape<U>& shape_;
  const Magnitudes<U>& inputs_;
  Layout layout_;
  Oracle oracle_;
  // A block's arrays have room for one more than its own, for the step to the next block.
  std::vector<U> magnitudes_, ones_;
  std::array<std::vector<U>, 2> x_, right_;
  std::array<std::vector<Slope>, 2> slopes_;
  std::vector<std::array<std::vector<U>, 2>> outputs_;  ///< for each subject
};

}  // namespace

template <class U>
ScanResult scan(std::span<const Subject> subjects, const FunctionShape<U>& shape, const Magnitudes<U>& inputs,
                const SweepOptions& options, const std::function<void(double)>& progress) {
  const std::uint64_t chunk = block_size * (inputs.all() ? 64 : 4), chunks = (inputs.size() + chunk - 1) / chunk;
  const unsigned threads = thread_count(options.threads, chunks);
  std::vector<std::unique_ptr<Worker<U>>> workers(threads);
  parallel(chunks, threads, options.stop, progress, [&](unsigned thread, std::uint64_t item) {
    if (workers[thread] == nullptr) workers[thread] = std::make_unique<Worker<U>>(subjects, shape, inputs);
    const std::uint64_t end = std::min(inputs.size(), (item + 1) * chunk);
    for (std::uint64_t first = item * chunk; first < end; first += block_size) {
      if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) return;
      workers[thread]->block(first, static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - first)));
    }
  });
  const std::uint64_t sign = Layout(subjects[0].kernel->type).sign;
  ScanResult total{std::vector<Seen>(subjects.size(), Seen{{}, Crossings(shape.truth.thresholds)})};
  for (const auto& worker : workers) {
    if (worker == nullptr) continue;
    total.surprises += worker->surprises;
    for (std::size_t k = 0; k < subjects.size(); ++k) {
      Seen& sum = total.kernels[k];
      for (std::size_t f = 0; f < fault_count; ++f) sum.faults[f].merge(worker->seen[k].faults[f], sign);
      sum.crossings.merge(worker->seen[k].crossings);
    }
  }
  return total;
}

#define ACTBENCH_INSTANTIATE(U)                                                                     \
  template ScanResult scan(std::span<const Subject>, const FunctionShape<U>&, const Magnitudes<U>&, \
                           const SweepOptions&, const std::function<void(double)>&);
ACTBENCH_INSTANTIATE(std::uint16_t)
ACTBENCH_INSTANTIATE(std::uint32_t)
ACTBENCH_INSTANTIATE(std::uint64_t)
#undef ACTBENCH_INSTANTIATE

}  // namespace actbench::bench::faults
