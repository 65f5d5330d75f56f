// SPDX-License-Identifier: Apache-2.0
#include "bench/report/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/selection/functions.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/sweep/accuracy_table.hpp"
#include "bench/sweep/sweep.hpp"
#include "kernels/registry/foreign.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {

void add_table(reports::Folder& folder, const std::string& stem, const std::string& heading,
               std::span<const reports::Table> for_people, std::span<const reports::Table> for_machines,
               const std::string& pictures, const std::string& below) {
  const std::string head = fmt::format("# {}\n\n{}", heading, pictures);
  const std::string tables = reports::markdown_within({for_people.begin(), for_people.end()},
                                                      most_markdown - head.size() - below.size(), stem + ".csv");
  folder.add(stem + ".md", head + tables + below);
  folder.add(stem + ".csv", reports::write(for_machines, reports::Format::csv));
}

std::string picture(const std::string& file, const std::string& title) {
  return fmt::format("![{}]({})\n\n", reports::markdown_cell(title), file);
}

reports::Table accuracy_for_people(std::vector<SweepRow> rows, std::uint64_t seed) {
  // Broken promises; then kernels without one; then those that come closest to theirs. Of all the largest error first.
  const auto badness = [](const SweepRow& row) {
    const double promised = row.subject.promised_ulp();
    const int kind = !keeps_promise(row) ? 2 : std::isfinite(promised) ? 0 : 1;
    return std::tuple(kind, kind == 0 ? row.max_ulp / promised : row.max_ulp, row.tally.above_one_ulp);
  };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const SweepRow& a, const SweepRow& b) { return badness(a) > badness(b); });
  return with_backends_joined(accuracy_table(rows, seed));
}

bool has_elementwise(const Report& report) { return !report.kernels.empty(); }

std::vector<const Kernel*> all_kernels(const Report& report) {
  std::vector<const Kernel*> all = report.kernels;
  all.insert(all.end(), report.rows.kernels.begin(), report.rows.kernels.end());
  return all;
}

Variant variant_of(const Kernel& kernel) { return {kernel.direction, kernel.type}; }

std::string text_of(const Variant& variant) { return fmt::format("{} {}", name(variant.second), name(variant.first)); }

std::set<Variant> variants(const Report& report) {
  std::set<Variant> all;
  for (const Kernel* k : report.kernels) all.insert(variant_of(*k));
  return all;
}

Variant leading(const Report& report) { return *variants(report).begin(); }

std::vector<const Kernel*> most_telling(std::span<const Kernel* const> all) {
  std::map<FunctionKey, const Kernel*> best;
  std::vector<const Kernel*> foreign;  // about each of which a user wants to know
  for (const Kernel* k : all) {
    if (is_foreign(k->backend)) {
      foreign.push_back(k);
      continue;
    }
    const Kernel*& place = best[function_key(*k)];
    if (place == nullptr || std::tuple(k->tier, k->backend) > std::tuple(place->tier, place->backend)) place = k;
  }
  std::vector<const Kernel*> kernels;
  for (const auto& [function, kernel] : best) kernels.push_back(kernel);
  kernels.insert(kernels.end(), foreign.begin(), foreign.end());
  return kernels;
}

bool in_depth(const Report& report) {
  constexpr std::size_t few = 250;
  return report.options.full || report.kernels.size() <= few;
}

bool in_depth(const Report& report, const Kernel& kernel) {
  return in_depth(report) || variant_of(kernel) == leading(report);
}

std::uint64_t inputs_of(const Report& report, const Kernel& kernel) {
  if (in_depth(report, kernel) || report.options.inputs) return report.inputs;
  return report.inputs / (kernel.type == Type::f64 ? 16 : 4);
}

}  // namespace actbench::bench
