// SPDX-License-Identifier: Apache-2.0
//
// summary.md: the machine, the run, what every section says, and the list of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "bench/report/section.hpp"

namespace actbench::bench {

/// The fastest kernels of an activation, with arrays in the smallest cache: one that promises something, as far as is
/// known rightly, and one that does not.
struct Fastest {
  const timing::BenchRow *promised = nullptr, *naive = nullptr;
  double gain() const;  ///< how many times as fast as the textbook's; 0: not known
};
/// By activations of the leading variant, those that gain most first; at most so many.
std::vector<std::pair<std::string, Fastest>> fastest_kernels(const Report&, std::size_t most = SIZE_MAX);

std::string summary_text(const Report&, std::span<const std::unique_ptr<Section>>, std::span<const ReportFile>);

}  // namespace actbench::bench
