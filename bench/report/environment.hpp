// SPDX-License-Identifier: Apache-2.0
//
// machine.json: the machine, the build and the options that explain the numbers of a report.
#pragma once

#include <string>

#include "bench/report/section.hpp"

namespace actbench::bench {

std::string environment_json(const Report&);

}  // namespace actbench::bench
