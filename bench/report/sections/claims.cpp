// SPDX-License-Identifier: Apache-2.0
//
// What tutorials claim, put to the test.
#include "bench/claims/claims.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "bench/report/section.hpp"

namespace actbench::bench {
namespace {

/// Those that rest on what the report has not computed may take long: with a budget they are examined one by one.
std::vector<Finding> findings_of(Report& report, const ShowProgress& progress) {
  std::vector<const Claim*> all;
  for (const Claim& claim : claims()) all.push_back(&claim);
  Evidence evidence(&report.performance, report.properties, report.rows.results);
  if (!report.budget.limited()) return examine_claims(all, evidence, progress);
  std::vector<Finding> findings;
  for (const Claim* claim : all) {
    if (report.budget.left() <= 0) {
      report.cut.push_back(findings.empty() ? std::string("claims are left out")
                                            : fmt::format("{} of {} claims are examined", findings.size(), all.size()));
      break;
    }
    progress(static_cast<double>(findings.size()) / static_cast<double>(all.size()), claim->id);
    findings.push_back(std::move(examine_claims({&claim, 1}, evidence, {}).front()));
  }
  return findings;
}

class ClaimsSection final : public Section {
  const char* label() const override { return "claims"; }

  bool applies(const Report& report) const override {
    const ReportOptions& o = report.options;
    return o.filters.empty() && o.directions.empty() && o.types.empty() && o.tiers.empty() && o.backends.empty();
  }
  std::string why_left_out() const override { return "Left out: what tutorials claim; claims are about all kernels."; }

  double weight(const Report&) const override { return 5; }
  void measure(Report& report, const ShowProgress& progress) override { findings_ = findings_of(report, progress); }
  std::string summary(const Report&) const override {
    return findings_.empty() ? "" : "## What tutorials claim\n\n" + claims_in_short(findings_);
  }

  std::vector<ReportFile> write(const Report& report, reports::Folder& folder) const override {
    if (findings_.empty()) return {};
    std::vector<reports::Table> people{claims_table(findings_), claims_numbers(findings_)};
    people[0].notes.push_back(times_note(report.performance, report.machine));
    const reports::Table machines = claims_records(findings_);
    add_table(folder, "claims", "What tutorials claim, put to the test", people, {&machines, 1});
    return {{{"claims.md", "claims.csv"}, "what introductions say, and every number it was judged by"}};
  }

  std::vector<Finding> findings_;
};

}  // namespace

std::unique_ptr<Section> claims_section() { return std::make_unique<ClaimsSection>(); }

}  // namespace actbench::bench
