// SPDX-License-Identifier: Apache-2.0
#include "bench/report/summary.hpp"

#include <fmt/format.h>

#include <set>

#include "bench/performance/performance.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

/// ", L1 32 KiB, L2 1 MiB"
std::string cache_text(const timing::Machine& machine) {
  std::string text;
  for (const timing::Cache& cache : machine.caches) {
    if (cache.type == "instruction") continue;
    const double kib = static_cast<double>(cache.bytes) / 1024;
    text += fmt::format(", L{} {}", cache.level,
                        kib < 1024 ? fmt::format("{:.0f} KiB", kib) : fmt::format("{:.3g} MiB", kib / 1024));
  }
  return text;
}

std::string machine_line(const timing::Machine& m) {
  const auto known = [](const std::string& text) { return !text.empty() && text != "unknown"; };
  std::string conditions;
  if (known(m.governor)) conditions += fmt::format(", governor {}", m.governor);
  if (known(m.hypervisor)) conditions += fmt::format(", virtual ({})", m.hypervisor);
  return fmt::format("- **Machine**: {}{}; {}{}\n", reports::markdown_cell(machine_text(m)), cache_text(m),
                     reports::markdown_cell(m.os), reports::markdown_cell(conditions));
}

std::string build_line(const BuildInfo& build) {
  return fmt::format("- **Build**: actbench {}, revision {}{}, {}, {}\n", build.version, build.revision.substr(0, 12),
                     build.modified ? " (modified)" : "", build.compiler, build.build_type);
}

/// The names of what the kernels have, each once: "f32, f64".
template <class Get>
std::string names_of(std::span<const Kernel* const> kernels, Get get) {
  std::set<decltype(get(*kernels[0]))> values;
  for (const Kernel* k : kernels) values.insert(get(*k));
  std::string text;
  for (const auto value : values) text += fmt::format("{}{}", text.empty() ? "" : ", ", name(value));
  return text;
}

std::string run_line(const Report& report) {
  const std::vector<const Kernel*> kernels = all_kernels(report);
  std::set<std::string> activations;
  for (const Kernel* k : kernels) activations.insert(k->activation->name);
  return fmt::format("- **Run**: {}, {} mode: {} of {} ({}; {}; {}), {} inputs each, seed {}, {}\n", report.started,
                     report.options.full ? "full" : "quick", reports::counted(kernels.size(), "kernel"),
                     reports::counted(activations.size(), "activation"),
                     names_of(kernels, [](const Kernel& k) { return k.type; }),
                     names_of(kernels, [](const Kernel& k) { return k.tier; }),
                     names_of(kernels, [](const Kernel& k) { return k.backend; }),
                     reports::compact_count(report.inputs), report.options.seed, reports::duration(report.seconds));
}

/// What a quick report on many kernels does less of.
std::string quick_line(const Report& report) {
  Tier best{};
  for (const Kernel* k : all_kernels(report)) best = std::max(best, k->tier);
  return fmt::format(
      "- **Quick**: only {} is looked at in depth. The other types and directions are swept over a quarter as many "
      "inputs (f64: a sixteenth), and over fewer for thresholds and signs; of each of their functions only the {} "
      "kernel of the widest backend is timed, in the L1 cache alone. `--full`, or a filter that leaves fewer kernels, "
      "covers all alike.\n",
      text_of(leading(report)), name(best));
}

std::string file_line(const ReportFile& file) {
  std::string text = "- ";
  for (const std::string& name : file.names)
    text += fmt::format("{}[{}]({})", &name == &file.names[0] ? "" : ", ", name, name);
  return fmt::format("{}: {}\n", text, file.what);
}

}  // namespace

std::string summary_text(const Report& report, std::span<const std::unique_ptr<Section>> sections,
                         std::span<const ReportFile> files) {
  std::string text = "# Activation functions: how fast, how right\n\n";
  text += machine_line(report.machine) + build_line(report.build) + run_line(report);
  if (!in_depth(report)) text += quick_line(report);
  for (const std::string& sentence : report.left_out) text += fmt::format("- {}\n", reports::markdown_cell(sentence));
  for (const auto& section : sections) {
    const std::string part = section->summary(report);
    if (!part.empty()) text += "\n" + part;
  }
  text += "\n## Files\n\n";
  for (const ReportFile& file : files) text += file_line(file);
  return text;
}

}  // namespace actbench::bench
