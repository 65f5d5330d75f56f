// SPDX-License-Identifier: Apache-2.0
//
// A kernel asked for the result of one input alone. U holds a pattern.
#pragma once

#include <cstddef>
#include <cstdint>

#include "bench/device/call.hpp"
#include "bench/faults/layout.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/sweep/sweep.hpp"

namespace actbench::bench::faults {

template <class U>
class Probe {
 public:
  explicit Probe(const Subject& kernel_and_parameters)
      : subject(kernel_and_parameters),
        kernel(*subject.kernel),
        layout(kernel.type),
        one(static_cast<U>(pattern_of(kernel.type, 1.0))) {}

  const Subject& subject;
  const Kernel& kernel;
  const Layout layout;
  const U one;

  void call(const InputArrays& in, void* y, std::size_t n) const {
    device::run(kernel, taken(multipliers_of(kernel), in), y, n, subject.parameters);
  }

  std::uint64_t alone(const Point& input) const {
    const U x = static_cast<U>(input.x), dy = static_cast<U>(input.dy), a = static_cast<U>(input.a);
    U out = 0;
    call({&x, &dy, &a}, &out, 1);
    return layout.canonical(out);
  }
  std::uint64_t alone(std::uint64_t x) const { return alone({x, one, one}); }
};

}  // namespace actbench::bench::faults
