// SPDX-License-Identifier: Apache-2.0
//
// How far the approximations of gelu are from it.
#include "bench/gap/gap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "bench/report/section.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

/// Whether gelu and one of its approximations are there.
bool has_forms(const Report& report) {
  const std::vector<std::string> forms = gelu_forms();
  std::set<std::string> there;
  for (const Kernel* kernel : report.kernels) {
    if (std::find(forms.begin(), forms.end(), kernel->activation->name) != forms.end())
      there.insert(kernel->activation->name);
  }
  return there.size() > 1 && there.count(forms.front()) != 0;
}

GapFindings gaps_of(const Report& report, Watch& watch, const ShowProgress& progress) {
  const std::vector<std::string> forms = gelu_forms();
  std::vector<const Kernel*> timed;
  for (const Kernel* kernel : report.kernels) {
    if (std::find(forms.begin(), forms.end(), kernel->activation->name) != forms.end() &&
        variant_of(*kernel) == leading(report))
      timed.push_back(kernel);
  }
  GapOptions options;
  options.quick = !report.options.full;
  options.timed = on_device(timed, false);
  options.timing_s = std::max(0.1, std::min(report.options.full ? 30.0 : 4.0, 0.3 * report.budget.left()));
  options.threads = report.options.threads;
  options.seed = report.options.seed;
  options.stop = watch.stop();
  options.progress = [&](double fraction, const std::string& label) {
    watch.look();
    progress(fraction, label);
  };
  return find_gaps(options);
}

class GapSection final : public Section {
  const char* label() const override { return "gap"; }
  bool applies(const Report& report) const override { return has_forms(report); }
  double weight(const Report& report) const override { return report.options.full ? 100 : 15; }
  bool fixed() const override { return true; }

  void measure(Report& report, const ShowProgress& progress) override {
    Watch watch(report.budget, true);
    try {
      findings_ = gaps_of(report, watch, progress);
    } catch (const Interrupted&) {
      if (stop_flag()) throw;
      report.cut.push_back("gelu and its approximations are left out");
    }
  }

  std::string summary(const Report&) const override {
    if (!findings_) return {};
    return fmt::format("## GELU and its approximations\n\n{}\n", gap_sentence(*findings_));
  }

  std::vector<ReportFile> write(const Report&, reports::Folder& folder) const override {
    if (!findings_) return {};
    std::vector<std::string> curves;
    std::string pictures;
    for (const GapPlot& plot : gap_plots(*findings_)) {
      folder.add(plot.file, reports::svg(plot.figure));
      curves.push_back(plot.file);
      pictures += picture(plot.file, plot.figure.title);
    }
    add_table(folder, "gap", "GELU and its approximations", gap_tables(*findings_, true), gap_tables(*findings_, false),
              pictures);
    return {{{"gap.md", "gap.csv"}, "how far gelu's approximations are from it, proven"},
            {std::move(curves), "the same as curves"}};
  }

  std::optional<GapFindings> findings_;  ///< nothing: there was no time
};

}  // namespace

std::unique_ptr<Section> gap_section() { return std::make_unique<GapSection>(); }

}  // namespace actbench::bench
