// SPDX-License-Identifier: Apache-2.0
//
// A vocabulary's store_if_rounding_decided(), in its last lane: the other ones hold 1, which is settled.
#pragma once

#include "kernels/elementwise.hpp"
#include "tests/rounding/vocabulary.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <class V, class T, class Allowed>
rounding::Stored settle(typename V::Element value, Allowed allowed) {
  typename V::Element lanes[V::lanes];
  for (auto& lane : lanes) lane = 1;
  lanes[V::lanes - 1] = value;
  T stored[V::lanes];
  const bool sure = store_if_rounding_decided(stored, load(lanes), allowed);
  rounding::Stored result{sure, 0};
  __builtin_memcpy(&result.bits, &stored[V::lanes - 1], sizeof(T));
  return result;
}

}  // namespace

extern const rounding::Vocabulary vocabulary;
const rounding::Vocabulary vocabulary = {
    required_features,
    [](float value, unsigned steps) { return settle<F32, F16>(value, steps); },
    [](float value, unsigned steps) { return settle<F32, BF16>(value, steps); },
    [](double value, double error) { return settle<F64, float>(value, error); },
};

}  // namespace actbench::ACTBENCH_ISA
