// SPDX-License-Identifier: Apache-2.0
//
// Outputs of what goes element by element: blocks of inputs are evaluated once, and every array of outputs is judged.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "bench/faults/layout.hpp"
#include "bench/numbers/types.hpp"
#include "bench/score/part.hpp"
#include "bench/sweep/block.hpp"

namespace actbench::bench::score {
namespace {

const void* offset(const void* array, std::uint64_t elements, Type type) {
  return array == nullptr ? nullptr : static_cast<const char*>(array) + elements * size_of(type);
}

/// One thread's workplace.
class Judge {
 public:
  Judge(const Work& work, const Truth& truth)
      : work_(work), truth_(truth), type_(truth.type), layout_(type_), block_(work.options.ulp) {}

  void judge(std::uint64_t first, std::uint64_t end, Part& part) {
    for (std::uint64_t at = first; at < end; at += block_size) {
      if (work_.options.stop != nullptr && work_.options.stop->load(std::memory_order_relaxed)) return;
      judge_block(at, static_cast<std::size_t>(std::min<std::uint64_t>(block_size, end - at)), part);
    }
  }

 private:
  void judge_block(std::uint64_t first, std::size_t n, Part& part) {
    const Arrays& all = work_.arrays;
    const InputArrays in{offset(all.x, first, type_), offset(all.dy, first, type_), offset(all.a, first, type_)};
    const void* const y = offset(all.y, first, type_);
    block_.load(truth_, first, n, in);
    part.tally.merge(block_.judge(y, block_.floor_of(part.tally)));
    for (const double error : block_.errors()) ++part.histogram[histogram_part(error)];
    if (part.counts_up) part.counts_up = counts_up(in.x, first, n);
    const std::vector<Block::Wrong> wrong = block_.wrong();
    for (const Block::Wrong& w : wrong) {
      take_fault(work_.subject, work_.nature.truth(),
                 {pattern_at(type_, in.x, w.at), pattern_at(type_, y, w.at), w.judgement.expected, w.judgement.ulp},
                 part.faults);
    }
    find_flushed_inputs(in, wrong, part.faults);
    if (all.other != nullptr) compare_block(first, n, part);
  }

  bool counts_up(const void* x, std::uint64_t first, std::size_t n) const {
    if (bits_of(type_) > 32) return false;
    for (std::size_t i = 0; i < n; ++i) {
      if (pattern_at(type_, x, i) != first + i) return false;
    }
    return true;
  }

  bool is_subnormal(std::uint64_t pattern) const {
    const std::uint64_t m = layout_.magnitude(pattern);
    return m != 0 && m < layout_.smallest_normal;
  }

  /// Wrong outputs that are right where subnormal inputs are taken for zeros. A zero for a subnormal number says no
  /// more than that the output was flushed.
  void find_flushed_inputs(const InputArrays& in, const std::vector<Block::Wrong>& wrong, FaultFindings& found) {
    std::vector<double> inputs[3], got;
    std::vector<const Block::Wrong*> of;
    for (const Block::Wrong& w : wrong) {
      const bool flushed_output = w.got == 0 && w.judgement.ulp < std::ldexp(1.0, fraction_bits(type_));
      if (w.judgement.correctly_rounded || flushed_output) continue;
      std::uint64_t patterns[] = {pattern_at(type_, in.x, w.at),
                                  truth_.multipliers.dy ? pattern_at(type_, in.dy, w.at) : 0,
                                  truth_.multipliers.a ? pattern_at(type_, in.a, w.at) : 0};
      if (std::none_of(std::begin(patterns), std::end(patterns), [&](std::uint64_t p) { return is_subnormal(p); }))
        continue;
      for (std::size_t k = 0; k < 3; ++k) {
        if (is_subnormal(patterns[k])) patterns[k] &= layout_.sign;
        inputs[k].push_back(value_of(type_, patterns[k]));
      }
      got.push_back(w.got);
      of.push_back(&w);
    }
    if (of.empty()) return;
    const std::size_t n = of.size();
    const reference::InputArrays arrays =
        reference_arrays(truth_.multipliers, inputs[0].data(), inputs[1].data(), inputs[2].data());
    std::vector<reference::Quick> quick(n);
    std::vector<reference::Judgement> judged(n);
    reference::quick(*truth_.function, *truth_.format, arrays, quick.data(), n, truth_.parameters);
    reference::judge(*truth_.function, *truth_.format, arrays, quick.data(), got.data(), judged.data(), n,
                     truth_.parameters);
    for (std::size_t i = 0; i < n; ++i) {
      if (!judged[i].correctly_rounded) continue;
      found.flushed_inputs.add(pattern_at(type_, in.x, of[i]->at), layout_.sign, pattern_of(type_, got[i]),
                               pattern_of(type_, of[i]->judgement.expected),
                               of[i]->judgement.ulp > work_.subject.promised_ulp());
    }
  }

  void compare_block(std::uint64_t first, std::size_t n, Part& part) {
    const void* const y = offset(work_.arrays.y, first, type_);
    const void* const other = offset(work_.arrays.other, first, type_);
    errors_.assign(block_.errors().begin(), block_.errors().end());
    const Tally of_other = block_.judge(other, HUGE_VAL);
    part.against.other_misrounded += of_other.not_correctly_rounded;
    const std::span<const double> errors = block_.errors();
    for (std::size_t i = 0; i < n; ++i)
      compare(part.against, type_, first + i, pattern_at(type_, y, i), pattern_at(type_, other, i), errors_[i],
              errors[i]);
  }

  const Work& work_;
  const Truth& truth_;
  Type type_;
  Layout layout_;
  Block block_;
  std::vector<double> errors_;
};

}  // namespace

Part judge_elements(const Work& work) {
  const Kernel& kernel = *work.subject.kernel;
  const Truth truth{reference::find(kernel.activation->name, name(kernel.direction)), &format_of(kernel.type),
                    kernel.type, multipliers_of(kernel), work.subject.parameters};
  std::vector<Judge> judges(threads_for(work, block_size), Judge(work, truth));
  return in_parts(work, block_size, [&](unsigned thread, std::uint64_t first, std::uint64_t end, Part& part) {
    judges[thread].judge(first, end, part);
  });
}

}  // namespace actbench::bench::score
