// SPDX-License-Identifier: Apache-2.0
//
// What is recorded of a kernel's outputs is believed only if it does not contradict itself, nor what the program knows
// of the kernel. Certificates, samples and checkpoints are read through these.
#pragma once

#include <cstdint>
#include <string>

#include "actbench/kernels.hpp"

namespace actbench::bench {

/// Counts of a kernel's outputs, and the largest error in Goldberg's ulp.
struct Recorded {
  std::uint64_t inputs = 0, not_correctly_rounded = 0, above_one_ulp = 0;
  double max_ulp = 0, promised_ulp = 0;  ///< either may be infinite
};

/// Which of the counts cannot be beside which, and what would be right: '"above_1_ulp" is 7, more than the 5 of
/// "not_correctly_rounded"'. Empty where all agree.
std::string contradiction_of(const Recorded&);

/// The same of all inputs of a kernel with these parameters ("alpha=0.01"), or of so many of them.
std::string contradiction_of(const Recorded&, const Kernel&, const std::string& parameters);
std::string contradiction_of(const Recorded&, const Kernel&, const std::string& parameters, std::uint64_t inputs);

/// A kernel of that name without the backend, "gelu/forward/f32/accurate"; null where the program has none.
const Kernel* kernel_without_backend(const std::string& name);

/// What is wrong with a list of backends, such as "avx2 avx512"; empty where nothing is.
std::string wrong_backends(const std::string& backends);

}  // namespace actbench::bench
