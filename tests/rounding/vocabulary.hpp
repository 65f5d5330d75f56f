// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace actbench::rounding {

struct Stored {
  bool sure;
  unsigned bits;
};

/// What is asked of each vocabulary.
struct Vocabulary {
  unsigned features;  ///< what it needs of a CPU
  Stored (*f16)(float value, unsigned steps);
  Stored (*bf16)(float value, unsigned steps);
  Stored (*f32)(double value, double error);
};

}  // namespace actbench::rounding
