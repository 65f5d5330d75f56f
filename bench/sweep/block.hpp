// SPDX-License-Identifier: Apache-2.0
//
// The workplace of one thread: one block of inputs at a time, and what kernels make of it.
//
// The reference's quick values of a block are computed once for all kernels of the function. Vectorised code settles
// most outputs with them (settle.hpp); reference::judge decides the others. A kernel whose outputs have the same bits
// as those of an earlier one takes over its outcome.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "bench/numbers/digest.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/sweep/tally.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

struct Group;
struct Subject;
struct Truth;

inline constexpr std::size_t block_size = 4096;

/// What one kernel made of a set of inputs. The digest is empty unless the inputs are all of the type, and by_region
/// unless the subject asks for it (SweepRow::by_region).
struct Outcome {
  Tally tally;
  Digest digest;
  std::vector<double> by_region{};
};
/// Adds the largest errors of more inputs.
void merge_regions(std::vector<double>& all, std::span<const double> more);

class Block {
 public:
  explicit Block(reference::Ulp measure) : measure_(measure) {}

  /// Loads the inputs first … first + n - 1 of the group; n is at most block_size. The group must outlive the block.
  void load(const Group&, std::uint64_t first, std::size_t n);
  /// Loads these points, at most block_size, and numbers them from `first` on.
  void load(const Group&, std::uint64_t first, std::span<const Point>);
  /// Loads the first n elements of these arrays, at most block_size, and numbers them from `first` on. The truth must
  /// outlive the block.
  void load(const Truth&, std::uint64_t first, std::size_t n, const InputArrays&);

  /// What a subject of the group makes of the inputs. Errors up to `floor` need no place among the worst. The result is
  /// valid until the next call.
  const Outcome& judge(const Subject&, double floor);
  /// What outputs at hand, as many as there are inputs, are worth.
  Tally judge(const void* outputs, double floor);

  /// Of the outputs judged last, by the measure; at most 0.5 where right.
  std::span<const double> errors() const { return {ulp_.data(), n_}; }
  /// An output judged last that is not the right one, in its value or in the sign of a zero.
  struct Wrong {
    std::size_t at;  ///< in the block
    double got;
    reference::Judgement judgement;
  };
  std::vector<Wrong> wrong() const;

  /// Errors of these inputs up to this one would not change the tally's list of the worst.
  double floor_of(const Tally&) const;

 private:
  void evaluate();
  Tally tally_of(const void* output, double floor);
  double judge_open(Tally&);
  void take_worst(const void* output, double floor, double max, Tally&) const;
  bool in_one_region() const;
  std::uint32_t region_of(std::size_t i) const;
  std::vector<double> errors_by_region() const;
  Point point(std::size_t i) const;
  reference::QuickArrays quick_arrays() { return {hi_.data(), lo_.data(), bound_.data()}; }

  reference::Ulp measure_;
  const Truth* truth_ = nullptr;
  const Inputs* inputs_ = nullptr;  ///< null where they are no group's
  std::uint64_t first_ = 0;
  std::size_t n_ = 0;

  // Bit patterns, with room for the widest type.
  std::vector<std::uint64_t> x_patterns_ = std::vector<std::uint64_t>(block_size), dy_patterns_ = x_patterns_,
                             a_patterns_ = x_patterns_;
  // The outputs that differ, and what each is worth. The first distinct_ are of this block.
  std::vector<std::vector<std::uint64_t>> outputs_;
  std::vector<Outcome> outcomes_;
  std::size_t distinct_ = 0;
  // Values, the exact results as far as the quick reference knows them, and errors.
  std::vector<double> x_ = std::vector<double>(block_size), dy_ = x_, a_ = x_, hi_ = x_, lo_ = x_, bound_ = x_,
                      got_ = x_, ulp_ = x_;
  std::vector<reference::Quick> quick_ = std::vector<reference::Quick>(block_size);
  // The inputs that are not settled, and whether a settled output is a zero of the other sign.
  std::size_t open_count_ = 0;
  bool settled_zero_signs_ = false;
  std::vector<std::uint32_t> open_ = std::vector<std::uint32_t>(block_size);
  std::vector<double> open_x_ = x_, open_dy_ = x_, open_a_ = x_, open_got_ = x_;
  std::vector<reference::Quick> open_quick_ = quick_;
  std::vector<reference::Judgement> judgements_ = std::vector<reference::Judgement>(block_size);
};

}  // namespace actbench::bench
