// SPDX-License-Identifier: Apache-2.0
#include "bench/certificates/verify_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "bench/numbers/ulp.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Emphasis;

const Kernel& kernel(const Checked& checked) { return *checked.kernel; }

/// A quick check has the quick digest alone.
std::string digest_text(const Checked& checked, const Digest& digest) {
  return fmt::format("0x{:016x}", checked.verification.quick ? digest.quick : digest.total());
}

std::string different_inputs(const Checked& checked) {
  std::string text;
  for (const std::size_t range : checked.verification.different_ranges)
    text += (text.empty() ? "" : "; ") + range_text(*checked.kernel, range);
  return text;
}

/// Outputs that are the certified ones keep a promise only where the certificate has one.
Cell verdict(const Checked& checked) {
  const bool passed = checked.verification.passed;
  if (passed && std::isinf(checked.certificate->promised_ulp)) return Cell("no promise").with(Emphasis::faint);
  return promise_cell(passed);
}

/// The columns after those that name the kernel.
const std::vector<Field<Checked>>& fields() {
  static const std::vector<Field<Checked>> all{
      {{.name = "inputs", .right = true, .liftable = true}, [](const Checked& c) { return c.verification.inputs; }},
      {{.name = "misrounded", .right = true, .liftable = true},
       [](const Checked& c) { return c.certificate->not_correctly_rounded; }},
      {{.name = "max_ulp", .heading = "max ULP", .right = true},
       [](const Checked& c) { return Cell(c.certificate->max_ulp).as(ulp_text(c.certificate->max_ulp)); }},
      {{.name = "digest"}, [](const Checked& c) { return digest_text(c, c.verification.digest); }},
      {{.name = "certified", .audience = Audience::machines},
       [](const Checked& c) { return digest_text(c, c.certificate->digest); }},
      {{.name = "verdict", .leads = true}, verdict},
      {{.name = "seconds", .right = true},
       [](const Checked& c) { return Cell(c.verification.seconds).as(fmt::format("{:.1f}", c.verification.seconds)); }},
      {{.name = "different", .heading = "differs for", .audience = Audience::machines}, different_inputs}};
  return all;
}

}  // namespace

reports::Table verify_table(std::span<const Checked> all) {
  reports::Table table{.name = "verify"};
  fill<Checked>(table, fields(), all, kernel);
  std::size_t passed = 0;
  double seconds = 0;
  for (const Checked& c : all) {
    passed += c.verification.passed;
    seconds += c.verification.seconds;
    if (c.verification.passed) continue;
    table.notes.push_back(
        fmt::format("{} does not give the certified outputs for {}.", identity(*c.kernel), different_inputs(c)));
  }
  const std::string took = reports::duration(seconds);
  table.notes.push_back(
      all.size() == 1 ? fmt::format("The kernel {} the outputs of its certificate, in {}.",
                                    passed == 1 ? "gives" : "does not give", took)
      : passed == 0   ? fmt::format("None of {} kernels gives the outputs of its certificate, in {}.", all.size(), took)
                      : fmt::format("{} of {} kernels {} the outputs of their certificates, in {}.", passed, all.size(),
                                  passed == 1 ? "gives" : "give", took));
  if (std::any_of(all.begin(), all.end(), [](const Checked& c) { return c.verification.quick; }))
    table.notes.emplace_back("Kernels with 2^32 inputs were run on a fixed 64th, spread over all of them.");
  if (std::any_of(all.begin(), all.end(), [](const Checked& c) { return std::isinf(c.certificate->promised_ulp); }))
    table.notes.emplace_back(
        "No promise: the outputs are the certified ones, and the kernel promises nothing of their errors.");
  const auto infinite =
      std::find_if(all.begin(), all.end(), [](const Checked& c) { return std::isinf(c.certificate->max_ulp); });
  if (infinite != all.end()) {
    table.notes.push_back(fmt::format("{} That of {} is at x = {}.", infinite_error, identity(*infinite->kernel),
                                      infinite->certificate->worst_x));
  }
  table.notes.emplace_back(
      "Misrounded and max ULP are what the certificate's sweep found: the same outputs have the same errors. ULP "
      "errors are in Goldberg's ulp, as in actbench accuracy.");
  return table;
}

}  // namespace actbench::bench
