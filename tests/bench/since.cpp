// SPDX-License-Identifier: Apache-2.0
//
// What changed since an earlier report: a change of each kind is seeded, alone, and found; and none where there is
// none.
#include "bench/report/since.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "bench/support/errors.hpp"
#include "reports/writers.hpp"

namespace actbench::bench {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

Files a_report() {
  const std::string errors =
      "seed,ulp_definition,kernel,parameters,inputs,exhaustive,searched,max_ulp,not_correctly_rounded,verdict\n";
  const std::string times = "cpu,clock,kernel,distribution,size,row,elements,ns_per_element,ns_low,ns_high\n";
  return {{"accuracy.csv", errors + "1,goldberg,gelu/forward/f32/fast/avx2,,4096,false,512,2.5,100,pass\n"
                                    "1,goldberg,elu/forward/f16/naive/avx2,alpha=1,65536,true,0,inf,7,no promise\n"},
          {"rows-accuracy.csv", errors + "1,goldberg,softmax/forward/f16/fast/avx2,,4096,false,0,1,5,pass\n"},
          {"overflow.csv",
           "kernel,parameters,finding,verdict\ngelu/forward/f32/fast/avx2,,verdict,pass\n"
           "gelu/forward/f32/fast/avx2,,special,right\n"},
          {"claims.csv", "id,verdict\nV1,holds\nV1,holds\n"},
          {"performance.csv", times + "CPU,cpu,copy/memcpy/8B,,l1,,4096,0.10,0.09,0.11\n"
                                      "CPU,cpu,gelu/forward/f32/fast/avx2,normal,l1,,4096,0.50,0.48,0.52\n"},
          {"rows-performance.csv", times + "CPU,cpu,softmax/forward/f16/fast/avx2,normal,l1,128,4096,3,2.9,3.1\n"}};
}

/// The report with one text in one of its files in place of another.
Files changed(const char* file, const std::string& before, const std::string& now) {
  Files files = a_report();
  for (auto& [name, text] : files) {
    if (name != file) continue;
    const std::size_t at = text.find(before);
    EXPECT_NE(at, std::string::npos) << before;
    text.replace(at, before.size(), now);
  }
  return files;
}

Changes since(const Files& before, const Files& now) { return changes_since(numbers_of(before), numbers_of(now)); }

/// The only change: "slower gelu/…; l1, normal; 0.50 -> 0.60".
std::string only(const Changes& changes) {
  if (changes.all.size() != 1) return "changes: " + std::to_string(changes.all.size());
  const Difference& d = changes.all[0];
  return std::string(name(d.change)) + " " + d.subject + "; " + d.where + "; " + d.before + " -> " + d.now;
}

TEST(Since, NothingChanged) {
  const Changes none = since(a_report(), a_report());
  EXPECT_TRUE(none.all.empty());
  EXPECT_EQ(none.errors, 3u);
  EXPECT_EQ(none.verdicts, 3u + 1 + 1);
  EXPECT_EQ(none.times, 3u);
  ASSERT_EQ(none.notes.size(), 1u);
  EXPECT_NE(none.notes[0].find("The median of all times is 1.000 of what it was."), std::string::npos);
  const EarlierReport earlier{"old", "2026-01-02T03:04:05Z", "abc", {}};
  EXPECT_EQ(changes_line(earlier, none),
            "- **What changed since the report in old of 2026-01-02T03:04:05Z?** Nothing that can be told: 3 errors, 5 "
            "verdicts and 3 times are as before.\n");
  EXPECT_NE(changes_section(earlier, none).find("Nothing changed that can be told."), std::string::npos);
}

TEST(Since, OneChangeOfEachKind) {
  const Files before = a_report();
  EXPECT_EQ(only(since(before, changed("accuracy.csv", "2.5,100", "2.75,100"))),
            "error grew gelu/forward/f32/fast/avx2; ; 2.5 ULP, 100 misrounded -> 2.75 ULP, 100 misrounded");
  EXPECT_EQ(only(since(before, changed("accuracy.csv", "2.5,100", "2.5,101"))),
            "error grew gelu/forward/f32/fast/avx2; ; 2.5 ULP, 100 misrounded -> 2.5 ULP, 101 misrounded");
  EXPECT_EQ(only(since(before, changed("accuracy.csv", "inf,7", "3,7"))),
            "error shrank elu/forward/f16/naive/avx2 (alpha=1); ; inf ULP, 7 misrounded -> 3 ULP, 7 misrounded");
  EXPECT_EQ(only(since(before, changed("rows-accuracy.csv", ",1,5,", ",0.9,5,"))),
            "error shrank softmax/forward/f16/fast/avx2; ; 1 ULP, 5 misrounded -> 0.9 ULP, 5 misrounded");
  EXPECT_EQ(only(since(before, changed("rows-accuracy.csv", "5,pass", "5,fail"))),
            "verdict softmax/forward/f16/fast/avx2; errors; pass -> fail");
  EXPECT_EQ(only(since(before, changed("overflow.csv", "verdict,pass", "verdict,fail"))),
            "verdict gelu/forward/f32/fast/avx2; faults in kind; pass -> fail");
  EXPECT_EQ(only(since(before, changed("claims.csv", "V1,holds", "V1,fails"))), "verdict claim V1; ; holds -> fails");
  EXPECT_EQ(only(since(before, changed("performance.csv", "0.50,0.48,0.52", "0.60,0.53,0.65"))),
            "slower gelu/forward/f32/fast/avx2; l1, normal; 0.50 -> 0.60");
  EXPECT_EQ(only(since(before, changed("rows-performance.csv", "3,2.9,3.1", "2,1.9,2.1"))),
            "faster softmax/forward/f16/fast/avx2; l1, rows of 128, normal; 3 -> 2");
  const std::string line = "1,goldberg,elu/forward/f16/naive/avx2,alpha=1,65536,true,0,inf,7,no promise\n";
  const Files without = changed("accuracy.csv", line, "");
  EXPECT_EQ(only(since(before, without)), "gone elu/forward/f16/naive/avx2 (alpha=1); ; no promise -> ");
  EXPECT_EQ(only(since(without, before)), "new elu/forward/f16/naive/avx2 (alpha=1); ;  -> no promise");
}

TEST(Since, WhatCannotBeComparedIsSaid) {
  const Changes other = since(a_report(), changed("accuracy.csv", "4096,false,512,2.5", "8192,false,1024,2.9"));
  EXPECT_TRUE(other.all.empty());
  EXPECT_EQ(other.errors, 2u);
  ASSERT_EQ(other.notes.size(), 2u);
  EXPECT_EQ(other.notes[0].find("1 error tells of other inputs than before"), 0u) << other.notes[0];
  EXPECT_NE(other.notes[0].find("; 1 of them found a larger error"), std::string::npos);
  // An error over every input does not depend on the seed.
  EXPECT_EQ(since(a_report(), changed("accuracy.csv", "1,goldberg,elu", "2,goldberg,elu")).errors, 3u);
  const Changes elsewhere = since(a_report(), changed("rows-performance.csv", "CPU", "Another"));
  EXPECT_TRUE(elsewhere.all.empty());
  EXPECT_EQ(elsewhere.times, 2u);
  EXPECT_EQ(elsewhere.notes.at(0).find("1 time was measured on another CPU"), 0u);
  // Intervals that touch have something in common; where there is none, nothing is said.
  EXPECT_TRUE(since(a_report(), changed("performance.csv", "0.50,0.48,0.52", "0.55,0.52,0.58")).all.empty());
  EXPECT_EQ(since(a_report(), changed("performance.csv", "0.50,0.48,0.52", "5,,")).times, 2u);
}

TEST(Since, TheWorstComesFirstAndTheSummarySaysIt) {
  Files now = changed("performance.csv", "0.50,0.48,0.52", "1.00,0.99,1.01");
  for (auto& [name, text] : now) {
    if (name == "performance.csv") text.replace(text.find("0.10,0.09,0.11"), 14, "0.05,0.04,0.06");
    if (name == "overflow.csv") text.replace(text.find("verdict,pass"), 12, "verdict,fail");
  }
  const Changes changes = since(a_report(), now);
  const EarlierReport earlier{"old_a*b", "then", "abc", {}};
  EXPECT_EQ(changes_line(earlier, changes),
            "- **What changed since the report in old_a\\*b of then?** 1 verdict is another "
            "(`gelu/forward/f32/fast/avx2`, faults in kind: fail, before pass); 1 time is longer "
            "(`gelu/forward/f32/fast/avx2`, l1, normal: 2 times as long); 1 time is shorter (`copy/memcpy/8B`, l1: 0.5 "
            "times as long). \"Since\" below has more.\n");
  EXPECT_EQ(reports::write(changes_table(changes), reports::Format::csv),
            "change,subject,where,before,now,now_over_before\n"
            "verdict,gelu/forward/f32/fast/avx2,faults in kind,pass,fail,\n"
            "slower,gelu/forward/f32/fast/avx2,\"l1, normal\",0.50,1.00,2\n"
            "faster,copy/memcpy/8B,l1,0.10,0.05,0.5\n");
  EXPECT_NE(changes_section(earlier, changes)
                .find("| slower | gelu/forward/f32/fast/avx2, l1, normal | 0.500 ns | 1.00 ns |"),
            std::string::npos)
      << changes_section(earlier, changes);
}

TEST(Since, RefusesWhatIsNoReport) {
  const auto said = [](const Files& files) -> std::string {
    try {
      numbers_of(files);
    } catch (const UsageError& e) {
      return e.what();
    }
    return "read";
  };
  EXPECT_EQ(said(a_report()), "read");
  EXPECT_EQ(said({{"x/accuracy.csv", "a,b\n1,2\n"}}),
            "x/accuracy.csv is not of a report of actbench: row 1 has no seed");
  EXPECT_EQ(said(changed("accuracy.csv", "inf,7", "inf")),
            "accuracy.csv is not of a report of actbench: row 2 has no verdict");
  EXPECT_EQ(said(changed("accuracy.csv", "2.5,", "much,")),
            "accuracy.csv is not of a report of actbench: row 1 has max_ulp \"much\", which should be a number");
  EXPECT_EQ(
      said(changed("performance.csv", "0.50,", "nan,")),
      "performance.csv is not of a report of actbench: row 2 has ns_per_element \"nan\", which should be a number");
}

}  // namespace
}  // namespace actbench::bench
