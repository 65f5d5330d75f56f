// SPDX-License-Identifier: Apache-2.0
//
// Tables on a terminal: columns in line, and below one another where it is too narrow for all.
#pragma once

#include <span>
#include <string>

#include "reports/table.hpp"
#include "reports/writers.hpp"

namespace actbench::reports {

/// The tables, in lines of at most the style's width, and of widest_on_terminal, as far as words and numbers can be
/// broken: no number is. They should have nothing in them that steers a terminal.
std::string terminal(std::span<const Table>, const Style&);

}  // namespace actbench::reports
