// SPDX-License-Identifier: Apache-2.0
//
// What the gate hands to a CI: worst first, whole rows within the limit, and the exit code that goes with them. And
// what the doctor reads from a machine.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "bench/doctor/doctor.hpp"
#include "bench/gate/baseline.hpp"
#include "bench/gate/history.hpp"
#include "bench/gate/report.hpp"
#include "bench/support/errors.hpp"
#include "reports/writers.hpp"

namespace actbench::bench::gate {
namespace {

CheckResult result_with(std::initializer_list<std::pair<Verdict, double>> verdicts) {
  CheckResult result;
  result.base = "base", result.head = "head", result.machine = "a machine";
  result.sped = true;
  std::size_t at = 0;
  for (const auto& [verdict, change] : verdicts) {
    const std::string kernel = identity(kernels()[at++]);
    Comparison c{.planned = {kernel, kernel, 0}};
    c.verdict = verdict;
    c.values = {change, change};
    c.median = change;
    c.limits = {change - 0.01, change + 0.01};
    c.base_ns = 1, c.head_ns = std::exp(change);
    result.speed.comparisons.push_back(std::move(c));
  }
  return result;
}

TEST(Gate, ExitCodesSayWhatIsWrong) {
  EXPECT_EQ(exit_code(result_with({{Verdict::same, 0}, {Verdict::faster, -0.1}}), true), exit_fine);
  EXPECT_EQ(exit_code(result_with({{Verdict::same, 0}, {Verdict::slower, 0.1}}), false), exit_check_failed);
  const CheckResult open = result_with({{Verdict::inconclusive, 0}});
  EXPECT_EQ(exit_code(open, false), exit_fine);
  EXPECT_EQ(exit_code(open, true), exit_missing);
  CheckResult crashed = result_with({});
  crashed.fault = "the head crashed";
  EXPECT_EQ(exit_code(crashed, false), exit_check_failed);
  CheckResult broken = result_with({});
  OutputRow row{.kernel = find("gelu/forward/f16/accurate/scalar"), .parameters = "", .before = Sample{}};
  for (const Outputs o :
       {Outputs::unchanged, Outputs::improved, Outputs::within, Outputs::unpromised, Outputs::added}) {
    row.verdict = o;
    broken.outputs = {row};
    EXPECT_EQ(exit_code(broken, true), exit_fine) << name(o);
  }
  broken.outputs[0].verdict = Outputs::broken;
  EXPECT_EQ(exit_code(broken, false), exit_check_failed);
}

/// Kernels whose outputs are as recorded, held against peers with these verdicts.
CheckResult with_peers(std::initializer_list<Verdict> verdicts) {
  CheckResult result;
  result.outputs_checked = true;
  result.outputs = {{.kernel = find("gelu/forward/f16/accurate/scalar"), .parameters = "", .before = Sample{}}};
  AtLeast& peers = result.peers.emplace();
  peers.launches = peers.least_launches = 10;
  for (const Verdict verdict : verdicts) {
    const Kernel& ours = *find("tanh/forward/f32/fast/scalar");
    Comparison c{.planned = {identity(ours), "tanh/forward/f32/naive/other", 0}};
    c.verdict = verdict;
    c.values = {0.1, 0.1}, c.median = 0.1, c.limits = {0.09, 0.11};
    peers.rows.push_back({&ours, "other", 1, std::move(c)});
  }
  return result;
}

TEST(Gate, PeersFailAndPass) {
  EXPECT_EQ(exit_code(with_peers({Verdict::same, Verdict::faster}), true), exit_fine);
  const CheckResult behind = with_peers({Verdict::faster, Verdict::slower});
  EXPECT_EQ(exit_code(behind, false), exit_check_failed);
  EXPECT_STREQ(outcome(behind, false), "failed");
  const std::string table = reports::write(check_tables(behind, true), reports::Format::csv);
  EXPECT_LT(table.find("BEHIND"), table.find("KEPT")) << "worst first";
  EXPECT_NE(check_junit(behind, false).find("tanh/forward/f32/fast/scalar against other\"><failure"),
            std::string::npos);
  const CheckResult open = with_peers({Verdict::same, Verdict::inconclusive});
  EXPECT_EQ(exit_code(open, false), exit_fine);
  EXPECT_EQ(exit_code(open, true), exit_missing);
  CheckResult partly = with_peers({Verdict::same});
  partly.peers->without = {"gelu was compared with no peer"};
  EXPECT_EQ(exit_code(partly, false), exit_fine);
  EXPECT_EQ(exit_code(partly, true), exit_missing);
}

TEST(Gate, PeersThatSayNothingAreNoPass) {
  CheckResult none = with_peers({});
  none.peers->without = {"no peer has the function of gelu"};
  CheckResult short_of_time = with_peers({Verdict::inconclusive});
  short_of_time.peers->launches = 3;
  for (const auto& [result, why] : {std::pair(none, "no peer has the function of gelu"),
                                    {short_of_time, "3 of the 10 launches"},
                                    {with_peers({Verdict::inconclusive}), "in 10 launches"}}) {
    EXPECT_EQ(exit_code(result, false), exit_missing) << why;
    EXPECT_STREQ(outcome(result, false), "without a verdict");
    EXPECT_NE(why_no_verdict(result).find(why), std::string::npos) << why_no_verdict(result);
    EXPECT_NE(check_junit(result, false).find("<failure"), std::string::npos) << "a CI reads this";
  }
}

TEST(Gate, NothingLookedAtIsNoPass) {
  CheckResult result;
  const auto expect_none = [&](const char* why) {
    EXPECT_EQ(exit_code(result, false), exit_missing) << why;
    EXPECT_STREQ(outcome(result, false), "without a verdict");
    EXPECT_NE(why_no_verdict(result).find(why), std::string::npos) << why_no_verdict(result);
    EXPECT_NE(check_markdown(result, false).find(why), std::string::npos);
    EXPECT_NE(check_junit(result, false).find("<failure"), std::string::npos) << "a CI reads this";
  };
  result.sped = true;
  expect_none("the base has none of these kernels");
  result.against_baseline = true;
  expect_none("the baseline has none of these kernels");
  result.sped = false, result.outputs_checked = true;
  expect_none("these kernels promise nothing");
  // Naive kernels that are not recorded, or on another platform, are held against nothing.
  OutputRow row{.kernel = find("gelu/forward/f16/naive/scalar"), .parameters = "", .verdict = Outputs::added};
  result.outputs = {row};
  expect_none("these kernels promise nothing");
  result.outputs[0].verdict = Outputs::other_libm;
  result.outputs[0].before = Sample{};
  expect_none("these kernels promise nothing");
  // Whatever is held against something is looked at.
  for (const auto& looked :
       {OutputRow{.kernel = row.kernel, .parameters = "", .before = Sample{}},
        OutputRow{.kernel = find("gelu/forward/f16/accurate/scalar"), .parameters = "", .verdict = Outputs::added}}) {
    result.outputs = {row, looked};
    EXPECT_EQ(exit_code(result, true), exit_fine);
    EXPECT_STREQ(outcome(result, true), "passed");
  }
  result = {};
  result.sped = true;
  result.identical = {row.kernel};
  EXPECT_EQ(exit_code(result, true), exit_fine) << "its machine code was compared";
  result = {};
  result.recorded = true;  // a baseline was made: neither a pass nor a failure
  EXPECT_EQ(exit_code(result, true), exit_fine);
  EXPECT_STREQ(outcome(result, true), "without a verdict");
}

TEST(Gate, TooFewLaunchesForAnyVerdictAreNoPass) {
  CheckResult result = result_with({{Verdict::inconclusive, 0}, {Verdict::inconclusive, 0}});
  result.speed.launches = 3, result.speed.least_launches = 10;
  EXPECT_EQ(exit_code(result, false), exit_missing);
  EXPECT_NE(why_no_verdict(result).find("3 of the 10 launches"), std::string::npos) << why_no_verdict(result);
  result.speed.launches = 10;
  EXPECT_EQ(exit_code(result, false), exit_fine) << "there could have been one";
  EXPECT_EQ(exit_code(result, true), exit_missing);
}

TEST(Gate, ShowsTheWorstFirst) {
  const CheckResult result = result_with({{Verdict::same, 0.001},
                                          {Verdict::slower, 0.04},
                                          {Verdict::faster, -0.2},
                                          {Verdict::slower, 0.3},
                                          {Verdict::inconclusive, 0.02}});
  const auto tables = check_tables(result, false);
  std::vector<std::string> verdicts;
  for (const auto& row : tables[0].rows) verdicts.push_back(reports::raw(row[6]));
  EXPECT_EQ(verdicts, (std::vector<std::string>{"SLOWER", "SLOWER", "INCONCLUSIVE", "FASTER", "SAME"}));
  EXPECT_NEAR(std::get<double>(tables[0].rows[0][7].value), 100 * std::expm1(0.3), 1e-9);
}

TEST(Gate, JobSummaryLeavesOutWholeRows) {
  CheckResult result = result_with({{Verdict::slower, 0.5}});
  for (int i = 0; i < 20000; ++i) {
    Comparison c = result.speed.comparisons[0];
    c.verdict = Verdict::same, c.median = 0;
    result.speed.comparisons.push_back(std::move(c));
  }
  const std::string text = check_markdown(result, false);
  EXPECT_LE(text.size(), 1'000'000u);
  EXPECT_GT(text.size(), 500'000u);
  EXPECT_NE(text.find("SLOWER"), std::string::npos);
  EXPECT_NE(text.find("rows more, none of them worse"), std::string::npos);
  EXPECT_EQ(text.find("# actbench check: failed"), 0u);
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
    if (text[at] == '|') {
      EXPECT_EQ(text[end - 1], '|');
    }
  }
  EXPECT_LE(check_markdown(result, false, 2000).size(), 2000u);
}

TEST(Gate, JsonIsGoogleBenchmarks) {
  const auto j = nlohmann::json::parse(check_json(result_with({{Verdict::slower, 0.1}, {Verdict::same, 0}})));
  ASSERT_EQ(j["benchmarks"].size(), 4u);
  for (const auto& run : j["benchmarks"]) {
    for (const char* field : {"name", "run_name", "run_type", "time_unit"})
      EXPECT_TRUE(run[field].is_string()) << field;
    for (const char* field : {"family_index", "iterations", "real_time", "cpu_time", "threads", "repetitions"})
      EXPECT_TRUE(run[field].is_number()) << field;
  }
  EXPECT_EQ(j["benchmarks"][0]["name"], identity(kernels()[0]) + "/base");
  EXPECT_NEAR(j["benchmarks"][1]["cpu_time"].get<double>(), std::exp(0.1), 1e-12);
}

TEST(Gate, JunitEscapes) {
  CheckResult result = result_with({{Verdict::slower, 0.1}, {Verdict::inconclusive, 0}});
  result.fault = "the head crashed in <a> & \"b\"\x01";
  const std::string text = check_junit(result, false);
  EXPECT_NE(text.find("&lt;a&gt; &amp; &quot;b&quot;\\x01"), std::string::npos) << text;
  EXPECT_NE(text.find("tests=\"3\" failures=\"2\" skipped=\"1\""), std::string::npos) << text;
}

TEST(History, GrowsByALine) {
  const CheckResult result = result_with({{Verdict::slower, 0.1}, {Verdict::same, 0}});
  const std::string line = history_line(result, false);
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  const auto entries = read_history(line + line, "FILE");
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[1].outcome, "failed");
  EXPECT_EQ(entries[1].slower, std::vector<std::string>{identity(kernels()[0])});
  EXPECT_TRUE(read_history("", "FILE").empty());
  for (const std::string& other : {line.substr(0, line.size() - 1), std::string("{}\n"), std::string("\n"),
                                   std::string("name,ns\n"), line + "{\"format\":2}\n"}) {
    try {
      read_history(other, "FILE");
      ADD_FAILURE() << other;
    } catch (const UsageError& e) {
      EXPECT_NE(std::string(e.what()).find("FILE"), std::string::npos);
      EXPECT_NE(std::string(e.what()).find("line"), std::string::npos);
    }
  }
}

TEST(Baseline, IsReadAsItWasWritten) {
  Baseline baseline{
      .machine = "a \"machine\"", .platform = "a libm", .shift = 0.01, .tolerance = baseline_tolerance(0.01)};
  baseline.kernels["a/b"] = {{0.5, -0.25}, {1.5, 2}, 3.5};
  const std::string text = baseline.text();
  const Baseline again = Baseline::parse(text, "FILE");
  EXPECT_EQ(again.text(), text);
  EXPECT_EQ(again.kernels.at("a/b").to_calibration, (std::vector<double>{1.5, 2}));
  EXPECT_EQ(baseline_tolerance(0), 0.05);
  EXPECT_NEAR(baseline_tolerance(std::log(1.1)), 0.2, 1e-12);
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string other = text;
    other.replace(other.find(from), from.size(), to);
    EXPECT_THROW(Baseline::parse(other, "FILE"), UsageError) << to;
  };
  refused("\"format\": 1", "\"format\": 2");
  refused("\"calibration\": 1", "\"calibration\": 2");
  refused("\"tolerance\": 0.05", "\"tolerance\": 0.0001");
  refused("\"tolerance\": 0.05", "\"tolerance\": 9");
  refused("\"shift\": 0.01", "\"shift\": \"inf\"");
  refused("\"ns\": 3.5", "\"ns\": \"inf\"");
  refused("\"ns\": 3.5", "\"ns\": 0");
  refused("[0.5,-0.25]", "[0.5]");
  refused("0.5", "1e300");
  refused("[0.5,-0.25]", "[]");
  refused("[0.5,-0.25]", "[\"0.5\"]");
  EXPECT_THROW(Baseline::parse(text.substr(0, text.size() / 2), "FILE"), UsageError);
}

// ---- The doctor

class Doctor : public testing::Test {
 protected:
  std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "doctor";
  void SetUp() override { std::filesystem::remove_all(root); }
  void put(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((root / file).parent_path());
    std::ofstream(root / file) << text;
  }
  Condition condition(const std::string& what, CpuTicks before = {}, CpuTicks after = {1000, 990, 0},
                      Steadiness s = {1, 0, 0, true}) {
    for (Condition& c : diagnose(root, before, after, s)) {
      if (c.what == what) return c;
    }
    throw std::runtime_error("nothing about " + what);
  }
};

TEST_F(Doctor, ReadsTicks) {
  put("proc/stat", "cpu  10 20 30 400 5 1 2 7 100 0\ncpu0 1 1 1 1\n");
  const CpuTicks ticks = read_ticks(root);
  EXPECT_EQ(ticks.all, 475u);
  EXPECT_EQ(ticks.idle, 405u);
  EXPECT_EQ(ticks.stolen, 7u);
  EXPECT_EQ(read_ticks(root / "none").all, 0u);
}

TEST_F(Doctor, FindsWhatIsBad) {
  put("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
  put("proc/sys/kernel/randomize_va_space", "0\n");
  put("sys/fs/cgroup/cpu.max", "150000 100000\n");
  put("sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
  put("sys/devices/system/cpu/smt/active", "1\n");
  EXPECT_EQ(condition("frequency governor").health, Health::bad);
  EXPECT_NE(condition("frequency governor").remedy.find("performance"), std::string::npos);
  EXPECT_EQ(condition("turbo").health, Health::bad);
  EXPECT_NE(condition("turbo").remedy.find("no_turbo"), std::string::npos);
  EXPECT_EQ(condition("simultaneous multithreading").health, Health::bad);
  EXPECT_EQ(condition("places in memory drawn anew").health, Health::bad);
  EXPECT_EQ(condition("limit of CPU time").health, Health::bad);
  EXPECT_EQ(condition("load of others", {}, {1000, 500, 0}).health, Health::bad);
  EXPECT_EQ(condition("time stolen by the host", {}, {1000, 900, 50}).health, Health::bad);
  EXPECT_EQ(condition("clock of CPU time", {}, {1000, 990, 0}, {1, 0, 0, false}).health, Health::bad);
  EXPECT_EQ(condition("the same work again and again", {}, {1000, 990, 0}, {1, 0.05, 0, true}).health, Health::bad);
}

TEST_F(Doctor, IsContentWithWhatIsGood) {
  put("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
  put("proc/sys/kernel/randomize_va_space", "2\n");
  put("sys/fs/cgroup/cpu.max", "max 100000\n");
  put("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
  put("sys/devices/system/cpu/smt/active", "0\n");
  for (const char* what : {"frequency governor", "turbo", "simultaneous multithreading", "places in memory drawn anew",
                           "limit of CPU time", "load of others", "time stolen by the host", "clock of CPU time",
                           "the same work again and again"}) {
    EXPECT_EQ(condition(what).health, Health::good) << what;
    EXPECT_TRUE(condition(what).remedy.empty()) << what;
  }
  EXPECT_EQ(condition("load of others", {5, 5, 0}, {5, 5, 0}).health, Health::unknown) << "no time passed";
}

TEST_F(Doctor, SaysWhatItCannotKnow) {
  for (const char* what :
       {"frequency governor", "turbo", "simultaneous multithreading", "places in memory drawn anew"}) {
    EXPECT_EQ(condition(what).health, Health::unknown) << what;
    EXPECT_EQ(condition(what).found, "unknown") << what;
  }
}

}  // namespace
}  // namespace actbench::bench::gate
