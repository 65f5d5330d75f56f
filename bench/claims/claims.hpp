// SPDX-License-Identifier: Apache-2.0
//
// What introductions to activation functions say, put to the test. A claim is a sentence and a computation, which gives
// parts: a number each, and what the claim says of it. The verdict follows from the parts.
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

/// essential: without it the claim fails. condition: one of the cases in which the claim may hold or not. information:
/// claims nothing.
enum class Role : unsigned char { essential, condition, information };

struct Part {
  std::string label;  ///< what the number is, or for a condition, the case
  Role role = Role::information;
  std::optional<double> value{};  ///< nothing: it could not be had here
  double low = 0, high = 0;       ///< where it lies for sure, or a measurement's interval; equal to the value otherwise
  Relation relation{};
  double bound = 0;
  double tolerance = 0;  ///< of equals; of between: the upper bound

  /// Decided by the end of the interval that is against the claim. Between: the interval touches the bounds'.
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
  std::string condition;  ///< where it depends: for which cases it holds, and for which not; unknown: what is missing
};

/// holds: all essential parts and all conditions do. fails: an essential part does not, or no condition does and there
/// is nothing essential. depends: some conditions hold. unknown: none of this can be said for want of numbers;
/// conditions without a number are left out where others have one.
Judged judge(std::span<const Part>);

/// Where claims find what they are computed from: properties, kept for the next claim, measured times, and rows.
class Evidence {
 public:
  explicit Evidence(const timing::BenchResult* times = nullptr, std::span<const Properties> known = {},
                    std::span<const RowResult> rows = {});

  const Properties& properties(std::string_view activation);
  const Properties& properties(std::string_view activation, std::vector<double> parameters);
  const std::vector<Properties>& all_properties();
  const timing::BenchResult* times() const { return times_; }
  /// What kernels over rows make of some; those of softmax forward are among them, where they run here.
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

/// The kernels whose times the timed claims ask for: those that run here.
std::vector<const Kernel*> timed_kernels();

struct Finding {
  const Claim* claim;
  std::vector<Part> parts;
  Judged judged;
};
std::vector<Finding> examine_claims(std::span<const Claim* const>, Evidence&,
                                    const std::function<void(double, const std::string&)>& progress);

/// Verdicts, one a row; and every number, one a row.
reports::Table claims_table(std::span<const Finding>);
reports::Table claims_numbers(std::span<const Finding>);
reports::Table claims_records(std::span<const Finding>);
/// On which machine, and how, the times were measured.
std::string times_note(const timing::BenchResult&, const timing::Machine&);
/// A sentence of Markdown, and the claims that fail.
std::string claims_in_short(std::span<const Finding>);

}  // namespace actbench::bench
