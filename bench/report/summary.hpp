// SPDX-License-Identifier: Apache-2.0
//
// summary.md: the machine, the run, what every section says, and the list of files.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "bench/report/section.hpp"

namespace actbench::bench {

std::string summary_text(const Report&, std::span<const std::unique_ptr<Section>>, std::span<const ReportFile>);

}  // namespace actbench::bench
