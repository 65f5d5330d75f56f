// SPDX-License-Identifier: Apache-2.0
//
// Pictures of results whose place in them is known.
#include "bench/pictures/pictures.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench::pictures {
namespace {

const Kernel& kernel(const char* identity) {
  const Kernel* found = find(identity);
  if (found == nullptr) throw std::runtime_error(identity);
  return *found;
}

/// The tick with that label on an axis.
double tick(const reports::Axis& axis, const std::string& label) {
  for (const reports::Tick& t : axis.ticks) {
    if (t.label == label) return t.at;
  }
  ADD_FAILURE() << "no tick " << label;
  return 0;
}

/// The value of a line of steps at x.
double value_at(const reports::Series& series, double x) {
  for (std::size_t i = 0; i + 1 < series.points.size(); i += 2) {
    if (series.points[i].x <= x && x < series.points[i + 1].x) return series.points[i].y;
  }
  return NAN;
}

SweepRow seeded(const char* identity, double elsewhere) {
  SweepRow row{.subject = {&kernel(identity), {}},
               .ulp = reference::Ulp::goldberg,
               .tally = {},
               .searched = {},
               .exhaustive = false,
               .digest = {},
               .worst = {}};
  row.by_region.assign(512, elsewhere);
  row.max_ulp = elsewhere;
  row.tally.inputs = 1000;
  return row;
}

TEST(ErrorPicture, ShowsASeededErrorInItsBinade) {
  SweepRow row = seeded("gelu/forward/f32/naive/scalar", 1);
  row.by_region[0xc0b00000 >> 23] = 5000;      // -5.5
  row.by_region[0x3e800000 >> 23] = 70;        // 0.25
  row.by_region[0xff800000 >> 23] = INFINITY;  // -inf
  row.max_ulp = INFINITY;
  const reports::Figure figure = error_figure({&row, 1});
  ASSERT_EQ(figure.panels.size(), 1u);
  const reports::Panel& panel = figure.panels[0];
  const reports::Series& series = panel.series.at(0);
  EXPECT_EQ(series.name, "naive");
  const double four = tick(panel.x, "−2⁶⁴") - tick(panel.x, "−256");  // the binades lie in order
  EXPECT_LT(four, 0);
  const double end = tick(panel.x, "−∞"), one = tick(panel.x, "−1"), sixteen = tick(panel.x, "−16");
  EXPECT_LT(end, sixteen);
  EXPECT_LT(sixteen, one);
  const double binade = (one - sixteen) / 4;
  // -5.5 lies between -8 and -4, which are the second and third power from -16.
  EXPECT_EQ(value_at(series, sixteen + 1.5 * binade), 5000);
  EXPECT_EQ(value_at(series, sixteen + 0.5 * binade), 1);
  EXPECT_EQ(value_at(series, sixteen + 2.5 * binade), 1);
  EXPECT_EQ(value_at(series, -one - 1.5 * binade), 70);  // from 1/4 to 1/2
  EXPECT_TRUE(std::isinf(series.points.front().y));
  EXPECT_EQ(series.points[2].y, 1);  // next to the infinities
  // Far out several binades share a step, which shows the largest.
  row.by_region[200] = 300;
  const reports::Series others = error_figure({&row, 1}).panels[0].series[0];
  EXPECT_EQ(std::count_if(others.points.begin(), others.points.end(), [](reports::Point p) { return p.y == 300; }), 2);
  EXPECT_LT(others.points.size(), 250u);
  EXPECT_NE(reports::svg(figure).find(">infinite</text>"), std::string::npos);
}

TEST(ErrorPicture, SaysWhatIsProvenAndWhatWasFound) {
  const SweepRow rows[] = {seeded("gelu/forward/f32/naive/scalar", 3), seeded("gelu/forward/f32/fast/scalar", 1),
                           seeded("gelu/forward/f32/accurate/scalar", 0.4)};
  std::vector<SweepRow> all(std::begin(rows), std::end(rows));
  for (SweepRow& row : all) row.subject.parameters = parameters_of(*row.subject.kernel, {});
  std::string caption = error_figure(all).caption;
  EXPECT_NE(caption.find("accurate (scalar): proven over all 2^32 inputs, at most 0.5"), std::string::npos) << caption;
  EXPECT_NE(caption.find("fast (scalar): proven over all 2^32 inputs, at most 2."), std::string::npos) << caption;
  EXPECT_NE(caption.find("naive (scalar): 3.0000 ULP is the largest found, in 1000 inputs"), std::string::npos)
      << caption;
  all.push_back(seeded("silu/forward/f32/fast/scalar", 1));
  EXPECT_EQ(error_figure(all).panels.at(0).title, "gelu, forward f32 (proven over all inputs: fast, accurate)");
  EXPECT_EQ(error_figure(all).panels.at(1).title, "silu, forward f32 (proven over all inputs: fast)");
  all.pop_back();
  all[1].max_ulp = 100;  // which no certificate allows
  caption = error_figure(all).caption;
  EXPECT_NE(caption.find("fast (scalar): 100.0 ULP is the largest found"), std::string::npos) << caption;
}

TEST(ErrorPicture, TheSweepFindsTheLargestErrorOfEachBinade) {
  const Kernel& naive = kernel("gelu/forward/f16/naive/scalar");
  SweepOptions options;
  options.all = true;
  std::vector<Subject> subjects{{&naive, {}}, {.kernel = &naive, .parameters = {}, .by_region = true}};
  const std::vector<SweepRow> rows = sweep(subjects, options);
  EXPECT_TRUE(rows[0].by_region.empty());
  const std::vector<double>& largest = rows[1].by_region;
  ASSERT_EQ(largest.size(), 64u);
  EXPECT_DOUBLE_EQ(*std::max_element(largest.begin(), largest.end()), rows[1].max_ulp);
  for (const std::size_t region : {15u, 48u, 49u, 52u}) {  // 1, -2, -4, -32
    double worst = 0;
    for (std::uint64_t fraction = 0; fraction < 1024; ++fraction) {
      const std::uint64_t pattern = region << 10 | fraction;
      std::uint16_t x = static_cast<std::uint16_t>(pattern), y = 0;
      apply(naive, &x, &y, 1);
      worst = std::max(worst, exact_at(naive, {pattern}, {}).ulp_error(value_of(Type::f16, y), options.ulp));
    }
    EXPECT_NEAR(largest[region], worst, 1e-9) << region;
  }
  // A sample has every binade, too, and what its search finds is in it.
  options.all = false;
  options.inputs = 4096, options.search = 4096;
  const SweepRow sampled =
      sweep({{.kernel = &kernel("gelu/forward/f32/fast/scalar"), .parameters = {}, .by_region = true}}, options)[0];
  // By a double, whose half unit is 2^-29 ULP of an f32, and by more digits.
  EXPECT_NEAR(*std::max_element(sampled.by_region.begin(), sampled.by_region.end()), sampled.max_ulp, 1e-8);
  EXPECT_GE(*std::min_element(sampled.by_region.begin(), sampled.by_region.end()), 0);
}

Time time_of(const char* tier, const char* backend, const char* size, std::size_t elements, double ns,
             std::size_t row = 0) {
  return {{"gelu", "forward", "f32", tier, backend}, size, elements, 8, row, ns, 0.9 * ns, 1.1 * ns};
}
Time copy_of(const char* size, std::size_t elements, double ns) { return {{}, size, elements, 8, 0, ns, ns, ns}; }

const reports::Series& series_named(const reports::Panel& panel, const char* name) {
  for (const reports::Series& series : panel.series) {
    if (series.name == name) return series;
  }
  throw std::runtime_error(name);
}

TEST(FrontPicture, LeadsThroughWhatNoOtherBeats) {
  const std::vector<Standing> standings{{1, 4}, {2, 0.5}, {3, 0.5}, {0.5, 1e6}, {2, 5}, {1, 4}};
  EXPECT_EQ(front_of(standings), (std::vector<bool>{true, true, false, true, false, true}));
  const std::vector<Time> times{copy_of("l2", 1000, 0.1),
                                time_of("naive", "scalar", "l2", 1000, 8),
                                time_of("fast", "avx2", "l2", 1000, 0.5),
                                time_of("fast", "scalar", "l2", 1000, 2),
                                time_of("fast", "avx2", "l1", 10, 0.3),
                                time_of("accurate", "avx2", "l2", 1000, 1),
                                time_of("fast", "a <peer>", "l2", 1000, 0.4),
                                time_of("fast", "slow", "l2", 1000, 3)};
  std::vector<Error> errors;
  for (const auto& [at, ulp] : {std::pair(1, 1e6), {2, 2.5}, {3, 2.5}, {5, 0.5}, {6, 100.0}})
    errors.push_back({times[static_cast<std::size_t>(at)].kernel, ulp});
  EXPECT_EQ(telling_size(times), "l2");
  const reports::Figure figure = front_figure(times, errors, "l2");
  ASSERT_EQ(figure.panels.size(), 1u);
  const reports::Series& front = figure.panels[0].series.at(0);
  ASSERT_EQ(front.points.size(), 3u);  // the peer, fast, accurate
  EXPECT_EQ(front.points[0].x, 0.4);
  EXPECT_EQ(front.points[1].x, 0.5);
  EXPECT_EQ(front.points[2].y, 0.5);
  EXPECT_EQ(series_named(figure.panels[0], "fast").marks.size(), 1u);  // the fastest backend alone
  EXPECT_TRUE(series_named(figure.panels[0], "a <peer>").marks.at(0).hollow);
  EXPECT_THROW(series_named(figure.panels[0], "slow"), std::runtime_error);  // without an error it has no place
  EXPECT_EQ(reports::svg(figure).find("<peer>"), std::string::npos);
}

TEST(SizesPicture, HoldsTheFastestBackendAgainstTheBetterCopy) {
  const std::vector<Time> times{copy_of("l1", 2000, 0.02),
                                copy_of("l1", 2000, 0.1),
                                copy_of("memory", 10000000, 0.5),
                                copy_of("memory", 10000000, 0.3),
                                time_of("fast", "avx2", "l1", 2000, 0.4),
                                time_of("fast", "avx512", "l1", 2000, 0.2),
                                time_of("fast", "avx2", "memory", 10000000, 0.6),
                                time_of("fast", "avx512", "memory", 10000000, 0.7)};
  const reports::Figure figure = sizes_figure(times);
  ASSERT_EQ(figure.panels.size(), 1u);
  const reports::Panel& panel = figure.panels[0];
  const reports::Series& copy = panel.series.at(0);
  ASSERT_EQ(copy.points.size(), 2u);
  EXPECT_EQ(copy.points[0].y, 0.02);
  EXPECT_EQ(copy.points[1].y, 0.3);
  EXPECT_EQ(copy.points[1].x, 8e7);
  EXPECT_EQ(tick(panel.x, "memory"), 8e7);
  EXPECT_EQ(tick(panel.x, "L1"), 16000);
  const reports::Series& fast = series_named(panel, "fast");
  ASSERT_EQ(fast.points.size(), 2u);
  EXPECT_EQ(fast.points[0].y, 0.2);
  EXPECT_EQ(fast.points[1].y, 0.7);
  EXPECT_DOUBLE_EQ(*fast.marks.at(1).high, 0.77);
}

TEST(RowsPicture, TakesTheSizeWithTheMostLengths) {
  const std::vector<Time> times{
      copy_of("l2", 5000, 0.1), copy_of("llc", 100000, 0.2), time_of("fast", "avx2", "l2", 5000, 1, 128),
      time_of("fast", "avx2", "llc", 100000, 2, 128), time_of("fast", "avx2", "llc", 100000, 3, 4096)};
  const reports::Figure figure = rows_figure(times);
  ASSERT_EQ(figure.panels.size(), 1u);
  const reports::Series& fast = series_named(figure.panels[0], "fast");
  ASSERT_EQ(fast.points.size(), 2u);
  EXPECT_EQ(fast.points[1].x, 4096);
  EXPECT_EQ(fast.points[1].y, 3);
  EXPECT_EQ(figure.panels[0].series[0].points.at(0).y, 0.2);  // copying at that size
}

gate::HistoryEntry run_of(int day, const char* outcome, std::vector<gate::KernelChange> changes) {
  gate::HistoryEntry entry{};
  entry.time = "2026-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T12:00:00Z";
  entry.outcome = outcome;
  entry.timed = changes.size();
  entry.tolerance_percent = 3;
  entry.changes = std::move(changes);
  return entry;
}

TEST(HistoryPicture, ShowsASlowerKernelInItsRun) {
  using gate::Verdict;
  std::vector<gate::HistoryEntry> runs;
  for (int day = 1; day <= 20; ++day)
    runs.push_back(run_of(day, "passed", {{"gelu/forward/f32/fast/avx2", Verdict::same, 0.1, -0.5, 0.6}}));
  runs[16] = run_of(17, "failed",
                    {{"gelu/forward/f32/fast/avx2", Verdict::slower, 12, 10, 14},
                     {"relu/forward/f32/fast/avx2", Verdict::inconclusive, 1, NAN, NAN}});
  const auto any = [](const std::string&) { return true; };
  const reports::Figure figure = history_figure(runs, 100, any);
  ASSERT_EQ(figure.panels.size(), 2u);
  const reports::Mark slower = series_named(figure.panels[0], "kernel: SLOWER").marks.at(0);
  EXPECT_NEAR(slower.x, 17, 0.4);
  EXPECT_EQ(slower.y, 12);
  EXPECT_EQ(*slower.low, 10);
  EXPECT_FALSE(series_named(figure.panels[0], "kernel: INCONCLUSIVE").marks.at(0).low);
  EXPECT_EQ(series_named(figure.panels[0], "kernel: SAME").marks.size(), 19u);
  EXPECT_EQ(series_named(figure.panels[1], "run: failed").marks.at(0).x, 17);
  EXPECT_EQ(figure.panels[0].levels.at(0).y, 3);
  EXPECT_NE(figure.description.find("20 runs: 19 passed, 1 failed. 1 kernel was called SLOWER"), std::string::npos)
      << figure.description;
  EXPECT_NE(reports::svg(figure).find(">2026-01-01</text>"), std::string::npos);

  EXPECT_NEAR(series_named(history_figure(runs, 5, any).panels[0], "kernel: SLOWER").marks.at(0).x, 2, 0.4);
  const auto relu = [](const std::string& identity) { return identity.starts_with("relu"); };
  EXPECT_EQ(history_figure(runs, 100, relu).panels[0].series.size(), 1u);
  EXPECT_THROW(series_named(history_figure(runs, 3, any).panels[0], "kernel: SLOWER"), std::runtime_error);
}

TEST(HistoryPicture, LeavesOutWhatIsTheSameWhereItIsTooMuch) {
  std::vector<gate::KernelChange> many(40, {"gelu/forward/f32/fast/avx2", gate::Verdict::same, 0, -1, 1});
  std::vector<gate::HistoryEntry> runs(60, run_of(1, "passed", many));
  runs[3].changes[0] = {"a", gate::Verdict::faster, -9, -10, -8};
  const reports::Figure figure = history_figure(runs, 100, [](const std::string&) { return true; });
  ASSERT_EQ(figure.panels[0].series.size(), 1u);
  EXPECT_NE(figure.caption.find("left out"), std::string::npos);
}

class Files : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& text) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "file.csv") << text;
    return folder_ / "file.csv";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  template <class Read>
  std::string refusal(Read read, const std::string& text) {
    try {
      read(write(text), [](const KernelName&) { return true; });
    } catch (const std::exception& e) {
      return e.what();
    }
    return "not refused";
  }

  std::filesystem::path folder_ = testing::TempDir() + "actbench pictures";
};

const std::string head =
    "kernel,activation,direction,type,tier,backend,distribution,size,cache,row,elements,"
    "bytes_per_element,ns_per_element,ns_low,ns_high\n";
const std::string good = "g/forward/f32/fast/x,g,forward,f32,fast,x,normal,l1,,,100,8,0.5,0.4,0.6\n";

TEST_F(Files, TimesAreReadAsTheyAreWritten) {
  const auto any = [](const KernelName&) { return true; };
  const std::vector<Time> times =
      read_times(write(head + "copy/memcpy/8B,copy/memcpy/8B,,,,,,l1,,,100,8,0.1,0.1,0.1\n" + good +
                       "g/forward/f32/fast/x,g,forward,f32,fast,x,tail,l1,,,100,8,9,9,9\n" +        // other inputs
                       "g/forward/f32/fast/y,g,forward,f32,fast,y,normal,l1,warm,,100,8,9,9,9\n"),  // a device
                 any);
  ASSERT_EQ(times.size(), 2u);
  EXPECT_TRUE(times[0].is_copy());
  EXPECT_EQ(times[1].ns, 0.5);
  EXPECT_EQ(times[1].elements, 100u);
  EXPECT_FALSE(times[1].kernel.is_own());
  EXPECT_TRUE(read_times(write(head + good), [](const KernelName& k) { return k.backend == "z"; }).empty());
}

TEST_F(Files, WhatIsMissingOrNoNumberIsRefusedByName) {
  const auto lacking = [&](const std::string& column) {
    std::string other = head;
    other.replace(other.find(column), column.size(), "other");
    return other + good;
  };
  for (const std::string column : {"ns_per_element", "bytes_per_element", "elements", "backend", "row"})
    EXPECT_NE(refusal(read_times, lacking(column)).find("without the column '" + column + "'"), std::string::npos)
        << column;
  for (const char* bad : {"nan", "inf", "-1", "0", "x", ""}) {
    std::string other = good;
    other.replace(other.find("0.5"), 3, bad);
    EXPECT_NE(refusal(read_times, head + other).find("'ns_per_element' is '" + std::string(bad) + "'"),
              std::string::npos)
        << refusal(read_times, head + other);
  }
  EXPECT_NE(refusal(read_times, "").find("no rows of CSV"), std::string::npos);
  EXPECT_NE(refusal(read_errors, head + good).find("without the column 'max_ulp'"), std::string::npos);
  const std::string errors = "kernel,activation,direction,type,tier,backend,max_ulp\n";
  EXPECT_NE(refusal(read_errors, errors + "a,a,a,a,a,a,-3\n").find("'max_ulp' is '-3'"), std::string::npos);
  EXPECT_EQ(read_errors(write(errors + "a,a,a,a,a,a,inf\n"), [](const KernelName&) { return true; }).at(0).max_ulp,
            INFINITY);
  EXPECT_THROW(read_times(folder_ / "nothing.csv", [](const KernelName&) { return true; }), UsageError);
}

}  // namespace
}  // namespace actbench::bench::pictures
