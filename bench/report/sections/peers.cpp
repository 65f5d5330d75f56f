// SPDX-License-Identifier: Apache-2.0
//
// How the program's kernels stand among the libraries that people use instead, where plug-ins of those are found.
#include "bench/peers/peers.hpp"

#include <fmt/format.h>

#include "bench/report/section.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

/// Errors of more are not what the reader of a fast kernel would put up with: twice what `fast` promises.
constexpr double within_ulp = 8;

/// Those of the leading variant; in a full report all.
std::vector<const Kernel*> contenders(const Report& report) {
  std::vector<const Kernel*> kernels = all_kernels(report);
  const Variant lead = has_elementwise(report) ? leading(report) : variant_of(*kernels.front());
  if (!report.options.full) std::erase_if(kernels, [&](const Kernel* k) { return variant_of(*k) != lead; });
  return peers::contenders(kernels, within_ulp);
}

class PeersSection final : public Section {
  const char* label() const override { return "peers"; }

  bool applies(const Report& report) const override {
    return !report.options.peer_plugins.empty() && !contenders(report).empty();
  }
  double weight(const Report& report) const override { return report.options.full ? 300 : 30; }

  void measure(Report& report, const ShowProgress& progress) override {
    options_.plugins = report.options.peer_plugins;
    options_.inputs = report.options.full ? 1u << 22 : 1u << 18;
    options_.seconds = report.budget.limited() ? std::max(0.1, report.budget.left()) : 0;
    options_.seed = report.options.seed;
    options_.threads = report.options.threads;
    options_.progress = progress;
    const std::vector<const Kernel*> kernels = contenders(report);
    try {
      survey_ = peers::survey(kernels, options_);
    } catch (const MissingError& e) {
      failure_ = e.what();
      return;
    }
    if (!survey_.skipped.empty()) {
      report.cut.push_back(fmt::format("peers of {} of {}", kernels.size() - survey_.skipped.size(),
                                       reports::counted(kernels.size(), "function")));
    }
  }

  std::string summary(const Report&) const override {
    if (!failure_.empty())
      return fmt::format("## Peers\n\nNo peer was measured: {}.\n", reports::markdown_cell(failure_));
    if (survey_.standings.empty()) return {};
    return fmt::format("## Peers\n\n{}\n", reports::markdown_cell(peers::in_one_sentence(survey_, within_ulp)));
  }

  std::vector<ReportFile> write(const Report&, reports::Folder& folder) const override {
    if (survey_.standings.empty()) return {};
    const reports::Table for_people = peers::standings_table(survey_, options_, within_ulp);
    const reports::Table for_machines = peers::every_peer(survey_, options_, within_ulp);
    add_table(folder, "peers", "Ours among the libraries that people use instead", {&for_people, 1},
              {&for_machines, 1});
    return {{{"peers.md", "peers.csv"}, "our kernels beside those of other libraries: times, errors, who is ahead"}};
  }

  peers::SurveyOptions options_;
  peers::Survey survey_;
  std::string failure_;  ///< why there is none; empty where there is
};

}  // namespace

std::unique_ptr<Section> peers_section() { return std::make_unique<PeersSection>(); }

}  // namespace actbench::bench
