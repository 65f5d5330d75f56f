// SPDX-License-Identifier: Apache-2.0
//
// A report is a list of sections (sections.def). Each measures its part, writes its own files, and says in the summary
// what matters.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/properties/properties.hpp"
#include "bench/report/budget.hpp"
#include "bench/report/since.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/support/build_info.hpp"
#include "bench/sweep/sweep.hpp"
#include "bench/timing/timing.hpp"
#include "reports/folder.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

struct ReportOptions : Selection {
  std::string folder = "actbench-report";
  bool full = false;                      ///< thorough; otherwise a report of a few minutes
  std::optional<std::string> since{};     ///< the folder of an earlier report to compare with
  double within = 0;                      ///< seconds for all of it; 0: as long as it takes
  std::optional<std::uint64_t> inputs{};  ///< for each kernel; nothing: as many as the mode takes
  std::uint64_t seed = default_seed;
  unsigned threads = 0;
  std::vector<std::string> peer_plugins{};  ///< files, of the libraries to compare with; empty: none
  std::string no_peers{};                   ///< the sentence that says why there are none; may be empty
  /// Is told what is found while the report is still at work, and of which part: "accuracy".
  std::function<void(const std::string& part, const std::string& finding)> tell{};
};

/// What the sections share: the task, and the results that more than one section needs. A section keeps the results
/// that only it needs.
struct Report {
  ReportOptions options{};
  std::vector<const Kernel*> kernels{};  ///< elementwise; those over rows are in rows.kernels
  std::vector<std::string> left_out{};   ///< sentences that say what is left out, and why
  std::uint64_t inputs = 0;              ///< for each kernel that is looked at in depth
  timing::Machine machine{};
  BuildInfo build{};
  std::string started{};           ///< UTC, ISO 8601
  double seconds = 0;              ///< taken by all sections
  Budget budget{};                 ///< of the time for all sections, and of the one that measures
  std::vector<std::string> cut{};  ///< what is less than it would be with more time: "accuracy: 262k of 4.19M inputs"

  std::vector<SweepRow> accuracy{};
  timing::BenchResult performance{};  ///< of elementwise kernels of the CPU
  RowFindings rows{};
  std::vector<Properties> properties{};

  std::optional<EarlierReport> earlier{};
  Changes changes{};  ///< since the earlier report, once the sections have written their files
};

/// Files that belong together, the one for people first, and what they hold.
struct ReportFile {
  std::vector<std::string> names;
  std::string what;
};

using ShowProgress = std::function<void(double fraction, const std::string& label)>;

class Section {
 public:
  Section() = default;
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;
  virtual ~Section() = default;

  virtual const char* label() const = 0;  ///< for the line that shows progress
  /// Whether the report has this section; that follows from the kernels and options.
  virtual bool applies(const Report&) const = 0;
  /// The sentence that says why a report does not have it; empty: nothing needs to be said.
  virtual std::string why_left_out() const { return {}; }
  /// How much of the time that is left a section should have, beside the weights of others; in seconds, about, on two
  /// cores with time enough.
  virtual double weight(const Report&) const { return 1; }
  /// Whether the measurement takes the time that it takes. It then comes before those that can make do with less.
  virtual bool fixed() const { return false; }
  /// Takes no longer than the report's budget says is left, as far as possible, and adds to Report::cut what had to go.
  virtual void measure(Report&, const ShowProgress&) = 0;
  /// What is found, for those who wait for the rest, in one sentence without a full stop; empty: nothing yet.
  virtual std::string first_finding(const Report&) const { return {}; }
  virtual std::string summary(const Report&) const = 0;  ///< Markdown, from its heading on; may be empty
  virtual std::vector<ReportFile> write(const Report&, reports::Folder&) const = 0;
  virtual bool promises_kept(const Report&) const { return true; }
};

/// The most bytes that a file of Markdown may have: more is not read. CSV has the rest.
inline constexpr std::size_t most_markdown = 60'000;

/// Adds stem.md, with a heading, and stem.csv. The Markdown is at most most_markdown long: rows should come worst
/// first. pictures: Markdown above the tables; below: Markdown that follows them.
void add_table(reports::Folder&, const std::string& stem, const std::string& heading,
               std::span<const reports::Table> for_people, std::span<const reports::Table> for_machines,
               const std::string& pictures = {}, const std::string& below = {});
/// A paragraph that shows a picture of the report's folder: what add_table puts between its heading and its tables.
std::string picture(const std::string& file, const std::string& title);

/// The accuracy table as people read it: broken promises first, backends that agree in one row.
reports::Table accuracy_for_people(std::vector<SweepRow>, std::uint64_t seed);

/// Whether the report has kernels that go element by element.
bool has_elementwise(const Report&);
/// Those and the kernels over rows.
std::vector<const Kernel*> all_kernels(const Report&);

using Variant = std::pair<Direction, Type>;
Variant variant_of(const Kernel&);
std::string text_of(const Variant&);  ///< "f32 forward"
std::set<Variant> variants(const Report&);
/// The variant that a report leads with: f32 forward where it is there.
Variant leading(const Report&);

/// The kernel of each function that should be the best one: that of the best tier and of the widest backend. And all of
/// plug-ins.
std::vector<const Kernel*> most_telling(std::span<const Kernel* const>);

/// Whether the report has time to look at all kernels alike. A quick report with many kernels has not: it looks at
/// those of the leading variant in depth. Of the others it sweeps fewer inputs, and times one kernel of each function,
/// in the cache.
bool in_depth(const Report&);
bool in_depth(const Report&, const Kernel&);
/// How many inputs to sweep. f64 has fewer, because its exact values take many times as long.
std::uint64_t inputs_of(const Report&, const Kernel&);

}  // namespace actbench::bench
