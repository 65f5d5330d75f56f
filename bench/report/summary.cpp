// SPDX-License-Identifier: Apache-2.0
#include "bench/report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/performance/performance.hpp"
#include "bench/sweep/sweep.hpp"
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

/// What had to go for the report to be ready in time, or that the least took longer.
std::string cut_line(const Report& report) {
  const double asked = report.options.within;
  if (asked <= 0) return {};
  std::string text;
  if (!report.cut.empty()) {
    text += fmt::format("- **Cut to {}**: {}. A larger `--within` has more.\n", reports::duration(asked),
                        reports::markdown_cell(fmt::format("{}", fmt::join(report.cut, "; "))));
  }
  if (report.seconds > 1.1 * asked) {
    text += fmt::format("- **Late**: the least that these kernels take is more than the {} asked for: {}.\n",
                        reports::duration(asked), reports::duration(report.seconds));
  }
  return text;
}

std::string file_line(const ReportFile& file) {
  std::string text = "- ";
  for (const std::string& name : file.names)
    text += fmt::format("{}[{}]({})", &name == &file.names[0] ? "" : ", ", name, name);
  return fmt::format("{}: {}\n", text, file.what);
}

// ---- The answer, in the first lines

std::string promises_line(const Report& report, std::span<const std::unique_ptr<Section>> sections) {
  std::string broken;
  for (const auto& section : sections) {
    if (!section->promises_kept(report)) broken += fmt::format("{}{}", broken.empty() ? "" : ", ", section->label());
  }
  const std::vector<const Kernel*> kernels = all_kernels(report);
  const auto promised = static_cast<std::uint64_t>(
      std::count_if(kernels.begin(), kernels.end(), [](const Kernel* k) { return std::isfinite(k->promised_ulp); }));
  if (promised == 0) return "- **Is everything as promised?** None of these kernels promises anything.\n";
  if (!broken.empty())
    return fmt::format("- **Is everything as promised? No.** Promises are broken: see below, under {}.\n", broken);
  return fmt::format("- **Is everything as promised? Yes.** {} every promise at the inputs that were tried{}.\n",
                     reports::counted(promised, "kernel keeps", "kernels keep"),
                     report.cut.empty() ? "" : "; \"Cut\" below says which were not");
}

std::string fastest_line(const Report& report) {
  const auto order = fastest_kernels(report);
  if (order.empty()) return {};
  constexpr std::size_t most = 3;
  std::string text = "- **Which is the fastest kernel that I may use here?**";
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) {
    const auto& [activation, fastest] = order[i];
    const timing::BenchRow& row = *fastest.promised;
    text += fmt::format("{} `{}`: {} ns an element, errors of at most {:g} ULP", i > 0 ? ";" : "",
                        identity(*row.kernel), ns_text(row.ns_per_element.median), row.kernel->promised_ulp);
    if (fastest.naive != nullptr)
      text += fmt::format(" (textbook: {} ns)", ns_text(fastest.naive->ns_per_element.median));
  }
  return fmt::format("{}. {}`actbench pick {} --max-ulp 4` says it for any function.\n", text,
                     order.size() > most ? fmt::format("\"Speed\" has the other {}; ", order.size() - most) : "",
                     order[0].first);
}

/// The kernels without a promise that are most often off by more than 1 ULP.
std::string textbook_line(const Report& report) {
  std::map<std::string, const SweepRow*> worst;
  for (const SweepRow& row : report.accuracy) {
    const Kernel& k = *row.subject.kernel;
    if (std::isfinite(k.promised_ulp) || variant_of(k) != leading(report)) continue;
    const SweepRow*& place = worst[k.activation->name];
    if (place == nullptr || row.tally.above_one_ulp > place->tally.above_one_ulp) place = &row;
  }
  std::vector<const SweepRow*> rows;
  for (const auto& [activation, row] : worst) {
    if (row->tally.above_one_ulp > 0) rows.push_back(row);
  }
  if (worst.empty()) return {};
  const std::string question = "- **What does the textbook formula get wrong?**";
  if (rows.empty()) return question + " Nothing that was found: no result is off by more than 1 ULP.\n";
  std::stable_sort(rows.begin(), rows.end(), [](const SweepRow* a, const SweepRow* b) {
    return a->tally.above_one_ulp > b->tally.above_one_ulp;
  });
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) {
    const SweepRow& row = *rows[i];
    const Kernel& k = *row.subject.kernel;
    text += fmt::format(
        "{} {} is off by more than 1 ULP for {:.2g} % of the inputs, and gives {} for {}, where {} is right",
        i > 0 ? ";" : "", k.activation->name,
        100 * static_cast<double>(row.tally.above_one_ulp) / static_cast<double>(row.tally.inputs),
        decimal(k.type, row.got), text_of(k, row.worst.input), decimal(k.type, row.expected));
  }
  return fmt::format("{} Of {}, {} {} such errors.{}.\n", question,
                     reports::counted(worst.size(), fmt::format("{} formula", text_of(leading(report)))), rows.size(),
                     rows.size() == 1 ? "has" : "have", reports::markdown_cell(text));
}

/// What a reader wants to know first.
std::string answer(const Report& report, std::span<const std::unique_ptr<Section>> sections) {
  return promises_line(report, sections) +
         (has_elementwise(report) ? fastest_line(report) + textbook_line(report) : "") +
         (report.earlier ? changes_line(*report.earlier, report.changes) : "") +
         "- **Where is the rest?** Each section below has its own files; the list at the end says what is in them.\n";
}

}  // namespace

double Fastest::gain() const {
  return promised == nullptr || naive == nullptr ? 0 : naive->ns_per_element.median / promised->ns_per_element.median;
}

std::vector<std::pair<std::string, Fastest>> fastest_kernels(const Report& report, std::size_t most) {
  std::set<const Kernel*> broken;
  for (const SweepRow& row : report.accuracy) {
    if (!keeps_promise(row)) broken.insert(row.subject.kernel);
  }
  std::map<std::string, Fastest> all;
  const auto& rows = report.performance.rows;
  for (const timing::BenchRow& row : rows) {
    if (row.kernel == nullptr || row.size.name != rows[0].size.name || variant_of(*row.kernel) != leading(report) ||
        broken.contains(row.kernel))
      continue;
    Fastest& of = all[row.kernel->activation->name];
    const timing::BenchRow*& place = std::isfinite(row.kernel->promised_ulp) ? of.promised : of.naive;
    if (place == nullptr || row.ns_per_element.median < place->ns_per_element.median) place = &row;
  }
  std::vector<std::pair<std::string, Fastest>> order(all.begin(), all.end());
  std::erase_if(order, [](const auto& entry) { return entry.second.promised == nullptr; });
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.second.gain() > b.second.gain(); });
  if (order.size() > most) order.erase(order.begin() + static_cast<std::ptrdiff_t>(most), order.end());
  return order;
}

std::string summary_text(const Report& report, std::span<const std::unique_ptr<Section>> sections,
                         std::span<const ReportFile> files) {
  std::string text = "# Activation functions: how fast, how right\n\n";
  text += answer(report, sections) + "\n";
  text += machine_line(report.machine) + build_line(report.build) + run_line(report);
  if (!in_depth(report)) text += quick_line(report);
  text += cut_line(report);
  for (const std::string& sentence : report.left_out) text += fmt::format("- {}\n", reports::markdown_cell(sentence));
  if (report.earlier) text += "\n" + changes_section(*report.earlier, report.changes);
  for (const auto& section : sections) {
    const std::string part = section->summary(report);
    if (!part.empty()) text += "\n" + part;
  }
  text += "\n## Files\n\n";
  for (const ReportFile& file : files) text += file_line(file);
  return text;
}

}  // namespace actbench::bench
