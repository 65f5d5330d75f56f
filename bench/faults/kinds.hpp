// SPDX-License-Identifier: Apache-2.0
//
// What finds each kind of fault: for every line of kinds.def, the struct kinds::<name>. It has one of
//
//   static constexpr Excluded excluded; static bool in_result(const Difference&)
//       whether a result that is not the right one has the fault, and which promises exclude it;
//   template <class U> static void in_block(const Block<U>&, Faults&)
//       adds the faults of a block that show beside other results;
//   template <class U> static void in_kernel(const Probe<U>&, const FunctionShape<U>&, std::uint64_t seed, Faults&)
//       adds the faults that show when the kernel is called otherwise.
#pragma once

#include "bench/faults/block.hpp"
#include "bench/faults/kinds/backends.hpp"
#include "bench/faults/kinds/infinity.hpp"
#include "bench/faults/kinds/monotonicity.hpp"
#include "bench/faults/kinds/nan.hpp"
#include "bench/faults/kinds/position.hpp"
#include "bench/faults/kinds/range.hpp"
#include "bench/faults/kinds/sign.hpp"
#include "bench/faults/kinds/symmetry.hpp"
#include "bench/faults/kinds/zero.hpp"
#include "bench/faults/probe.hpp"

namespace actbench::bench::faults {

template <class K>
concept ResultKind = requires(const Difference& d) {
  K::in_result(d);
};
template <class K, class U>
concept BlockKind = requires(const Block<U>& block, Faults& faults) {
  K::in_block(block, faults);
};
template <class K, class U>
concept KernelKind = requires(const Probe<U>& probe, const FunctionShape<U>& shape, std::uint64_t seed,
                              Faults& faults) {
  K::in_kernel(probe, shape, seed, faults);
};

/// Calls visit.template operator()<Kind>(Fault) for every kind, in the order of kinds.def.
template <class U, class Visit>
void for_each_kind(Visit visit) {
#define ACTBENCH_FAULT(name, description, column)                                                      \
  static_assert(ResultKind<kinds::name> + BlockKind<kinds::name, U> + KernelKind<kinds::name, U> == 1, \
                "a kind of fault has one of in_result, in_block and in_kernel");                       \
  visit.template operator()<kinds::name>(Fault::name);
#include "bench/faults/kinds.def"
#undef ACTBENCH_FAULT
}

}  // namespace actbench::bench::faults
