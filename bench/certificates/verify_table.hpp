// SPDX-License-Identifier: Apache-2.0
//
// Checked certificates as a table.
#pragma once

#include <span>

#include "bench/certificates/verify.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

struct Checked {
  const Kernel* kernel;
  const Certificate* certificate;
  Verification verification;
};

reports::Table verify_table(std::span<const Checked>);

}  // namespace actbench::bench
