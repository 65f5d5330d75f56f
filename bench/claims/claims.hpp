// SPDX-License-Identifier: Apache-2.0
//
// What introductions to activation functions say, put to the test. A claim is a sentence and a computation. The
// computation gives parts: numbers, and what the claim says of each. The verdict follows from the parts.
//
// A new claim is one line in its group's file; a new group is one file and one line in groups.def.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/properties/properties.hpp"
#include "bench/rows/rows.hpp"
#include "bench/timing/timing.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

/// What a claim says of a number.
enum class Relation : unsigned char { equals, at_most, at_least, below, above, between };

/// essential: the claim fails if this does not hold. condition: one of the cases in which the claim holds or not.
/// information: nothing is claimed of this number.
enum class Role : unsigned char { essential, condition, information };

struct Part {
  std::string label;  ///< what the number is, or for a condition, the case
  Role role = Role::information;
  std::optional<double> value{};  ///< nothing: the number is not available here
  double low = 0, high = 0;       ///< bounds, or a measurement's interval; otherwise the value itself
  Relation relation{};
  double bound = 0;
  double tolerance = 0;  ///< of equals; of between: the upper bound

  /// The end of the interval that is against the claim decides. Between: the interval overlaps that of the bounds.
  bool holds() const;
};
Part part(std::string label, Role, double value, Relation, double bound, double tolerance = 0);
Part information(std::string label, double value);
/// A part whose number is missing.
Part missing(std::string label, Role, Relation, double bound, double tolerance = 0);

enum class Verdict : unsigned char { holds, fails, depends, unknown };
const char* name(Verdict) noexcept;

struct Judged {
  Verdict verdict;
  std::string condition;  ///< depends: for which cases the claim holds, and for which not; unknown: what is missing
};

/// holds: all essential parts and all conditions hold. fails: an essential part does not hold, or no condition does.
/// depends: some conditions hold. unknown: the number of an essential part is missing, or every number is. Conditions
/// without a number are left out where others have one.
Judged judge(std::span<const Part>);

/// What claims are computed from: properties, which are kept for the next claim, measured times, and rows.
class Evidence {
 public:
  explicit Evidence(const timing::BenchResult* times = nullptr, std::span<const Properties> known = {},
                    std::span<const RowResult> rows = {});

  const Properties& properties(std::string_view activation);
  const Properties& properties(std::string_view activation, std::vector<double> parameters);
  const std::vector<Properties>& all_properties();
  const timing::BenchResult* times() const { return times_; }
  /// What kernels over rows make of sample rows. Those of softmax forward are among them, if they run here.
  const std::vector<RowResult>& rows();

 private:
  const timing::BenchResult* times_;
  std::vector<RowResult> rows_;
  std::map<std::pair<std::string, std::vector<double>>, Properties> known_;
  std::vector<Properties> all_;
};

/// Whether a claim rests on measured times.
enum class Timed : unsigned char { no, partly, wholly };

struct Claim {
  const char* id;
  const char* source;    ///< T1: a short survey; T2: a long interview guide
  const char* sentence;  ///< what is said
  const char* computed;  ///< what was computed or measured
  Timed timed;
  std::vector<Part> (*compute)(Evidence&);
};
std::span<const Claim> claims();

/// The kernels whose times the timed claims ask for, as far as they run here.
std::vector<const Kernel*> timed_kernels();

struct Finding {
  const Claim* claim;
  std::vector<Part> parts;
  Judged judged;
};
std::vector<Finding> examine_claims(std::span<const Claim* const>, Evidence&,
                                    const std::function<void(double, const std::string&)>& progress);

/// Verdicts, one a row; every number, one a row; and both together for machines.
reports::Table claims_table(std::span<const Finding>);
reports::Table claims_numbers(std::span<const Finding>);
reports::Table claims_records(std::span<const Finding>);
/// Says on which machine the times were measured, and how.
std::string times_note(const timing::BenchResult&, const timing::Machine&);
/// A sentence of Markdown, and the claims that fail.
std::string claims_in_short(std::span<const Finding>);

}  // namespace actbench::bench
