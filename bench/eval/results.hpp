// SPDX-License-Identifier: Apache-2.0
//
// The second step of eval: the exact value of each input, and what each kernel makes of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/eval/cases.hpp"
#include "reference/reference.hpp"

namespace actbench::bench::eval {

/// One result for one element.
struct Result {
  const Kernel* kernel;  ///< null: the correctly rounded result
  std::uint64_t pattern;
  double error;  ///< in ULP
  bool correct;  ///< correctly rounded
};

struct Element {
  Point input;
  std::string exact;            ///< to 50 digits
  std::vector<Result> results;  ///< the correctly rounded one, then those of the kernels in their order
};

struct CaseResults {
  const Kernel* any;  ///< one of the kernels
  std::vector<double> parameters;
  std::vector<Element> elements;
};
struct Results {
  reference::Ulp ulp;
  std::vector<CaseResults> all;
  std::vector<std::string> notes;
};

Results results_of(const Cases&, reference::Ulp);

}  // namespace actbench::bench::eval
