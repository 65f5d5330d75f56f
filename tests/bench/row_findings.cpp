// SPDX-License-Identifier: Apache-2.0
//
// What a report says of kernels over rows, on findings made up and on kernels that are known to fail.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "bench/performance/performance.hpp"
#include "bench/rows/rows.hpp"

namespace actbench::bench {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

const Kernel* kernel(const std::string& identity) {
  const Kernel* found = find(identity);
  if (found == nullptr) throw std::runtime_error("no kernel " + identity);
  return found;
}

RowFindings findings_of(const std::vector<const Kernel*>& kernels) {
  RowFindings findings;
  findings.kernels = kernels;
  findings.options.lengths = {1, 10};
  for (const Kernel* k : kernels) {
    findings.results.push_back({k, {}, {}});
    findings.results.back().total.elements.inputs = 1000;
  }
  return findings;
}

TEST(RowFindings, SayWhichPromisesBroke) {
  const Kernel *fast = kernel("softmax/forward/f32/fast/scalar"),
               *accurate = kernel("softmax/forward/f32/accurate/scalar");
  RowFindings findings = findings_of({kernel("softmax/forward/f32/naive/scalar"), fast, accurate});
  findings.results[0].total.worst.ulp = infinity;
  EXPECT_TRUE(broken_kernels(findings).empty()) << "nothing is promised of naive";
  EXPECT_NE(
      rows_in_short(findings).find("**Every promise was kept**: 2 kernels, over 1000 elements each in rows of 1 to 10"),
      std::string::npos)
      << rows_in_short(findings);

  findings.special.broken = {fast};
  findings.results[2].total.elements.not_correctly_rounded = 1;
  EXPECT_EQ(broken_kernels(findings), (std::vector<const Kernel*>{fast, accurate}));
  findings.results[1].total.elements.max_goldberg = 5;
  EXPECT_EQ(broken_kernels(findings).size(), 2u) << "each once";
  const std::string text = rows_in_short(findings);
  EXPECT_NE(text.find("**2 of 2 promises are broken**"), std::string::npos) << text;
  EXPECT_NE(text.find("`softmax/forward/f32/fast/scalar`"), std::string::npos) << text;
}

TEST(RowFindings, ShowTheWorstBackendAndTheFastest) {
  RowFindings findings =
      findings_of({kernel("softmax/forward/f32/fast/scalar"), kernel("softmax/forward/f32/fast/avx2")});
  findings.results[0].total.worst.ulp = 1.25;
  findings.results[1].total.worst.ulp = 2.5;
  findings.results[0].total.sum_deviation = 0.75;
  for (const std::string size : {"llc", "memory"}) {
    for (std::size_t k = 0; k < 2; ++k) {
      for (const std::size_t length : {128, 4096}) {
        timing::BenchRow row;
        row.kernel = findings.kernels[k];
        row.size.name = size;
        row.row = length;
        row.distribution = "normal";
        const double ns = (k == 0 ? 3.0 : 0.5) + (length == 128 ? 0.125 : 0) + (size == "llc" ? 0 : 0.25);
        row.ns_per_element = {ns, ns, ns, 1};
        row.ratio_to_copy = {0.1 / ns, 0.1 / ns, 0.1 / ns, 1};
        findings.times.rows.push_back(row);
      }
    }
  }
  const std::string text = rows_in_short(findings);
  EXPECT_NE(text.find("| softmax forward | fast | 2.5000 | 0.75 | 0 |"), std::string::npos) << text;
  EXPECT_NE(text.find("| softmax forward | fast | avx2 | 0.875 | 11 | 0.750 | 13 |"), std::string::npos) << text;
  EXPECT_NE(text.find("arrays of the size memory"), std::string::npos) << text;

  const reports::Table overview = performance_overview(findings.times);
  ASSERT_EQ(overview.rows.size(), 4u) << "a row for each kernel and length";
}

// The textbook's formula: e^90 is no f32, and beyond it the least sum is 0.
TEST(RowFindings, KnowWhatTheTextbookDoes) {
  const Kernel* naive = kernel("softmax/forward/f32/naive/scalar");
  const RowInputs row{{90, 0}, {}};
  const reference::ExactRow exact("softmax", "forward", reference::f32, row.x, row.dy);
  EXPECT_EQ(judge_row(*naive, {}, row, exact, reference::Ulp::goldberg).sum_deviation, infinity);
  EXPECT_LE(
      judge_row(*kernel("softmax/forward/f32/accurate/scalar"), {}, row, exact, reference::Ulp::goldberg).sum_deviation,
      0.5);
  RowFindings findings = findings_of({naive, kernel("softmax/forward/f32/accurate/scalar")});
  findings.special = special_rows(findings.kernels);
  EXPECT_TRUE(findings.special.broken.empty());
  EXPECT_FALSE(findings.special.faults.empty());
  EXPECT_NE(rows_in_short(findings).find("| softmax forward | naive | 88.72284 |"), std::string::npos)
      << rows_in_short(findings);
}

// A promise that is not kept at a special row is seen.
TEST(RowFindings, SeeWhatSpecialRowsBreak) {
  Kernel pretended = *kernel("softmax/forward/f32/naive/scalar");
  pretended.promised_ulp = 4;
  const Kernel* const one[] = {&pretended};
  EXPECT_EQ(special_rows(one).broken, std::vector<const Kernel*>{&pretended});
}

}  // namespace
}  // namespace actbench::bench
