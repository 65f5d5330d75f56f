// SPDX-License-Identifier: Apache-2.0
//
// The sections of a report: their makers, declared from the list in sections.def.
#pragma once

#include <memory>
#include <vector>

#include "bench/report/section.hpp"

namespace actbench::bench {

#define ACTBENCH_SECTION(name) std::unique_ptr<Section> name##_section();
#include "bench/report/sections.def"
#undef ACTBENCH_SECTION

/// One of each, in the order of the report.
std::vector<std::unique_ptr<Section>> all_sections();

}  // namespace actbench::bench
