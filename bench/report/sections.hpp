// SPDX-License-Identifier: Apache-2.0
//
// The sections of a report, from the list in sections.def.
#pragma once

#include <memory>
#include <vector>

#include "bench/report/section.hpp"

namespace actbench::bench {

/// One of each, in the order of the report.
std::vector<std::unique_ptr<Section>> all_sections();

}  // namespace actbench::bench
