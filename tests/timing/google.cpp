// SPDX-License-Identifier: Apache-2.0
//
// Google Benchmark's own options, and its files.
#include "bench/timing/google.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "bench/timing/timing.hpp"
#include "tests/timing/support.hpp"

namespace {

using namespace actbench;
using namespace actbench::timing;
using namespace actbench::timing::testing_kernels;
using nlohmann::json;

json parse_out(const TemporaryFile& out) { return json::parse(out.text()); }

TEST(Google, JsonHasEveryRepetitionAndAggregates) {
  const TemporaryFile out;
  BenchOptions options = small({&fast_kernel, &watched_kernel});
  options.google_arguments = {"--benchmark_out=" + out.path.string(), "--benchmark_out_format=json"};
  const BenchResult result = run_benchmarks(options);
  EXPECT_EQ(out.neighbours(), 1u);
  const json document = parse_out(out);
  EXPECT_TRUE(document.at("context").contains("num_cpus"));
  std::map<std::string, std::vector<json>> by_name;
  for (const json& run : document.at("benchmarks")) by_name[run.at("name")].push_back(run);
  for (const BenchRow& row : result.rows) {
    const std::string name = row.name + "/" + row.size.name + (row.distribution.empty() ? "" : "/" + row.distribution);
    SCOPED_TRACE(name);
    ASSERT_EQ(by_name[name].size(), row.repetitions);
    std::vector<double> times;
    for (std::size_t i = 0; i < row.repetitions; ++i) {
      const json& run = by_name[name][i];
      EXPECT_EQ(run.at("repetition_index"), i);
      EXPECT_EQ(run.at("repetitions"), row.repetitions);
      EXPECT_EQ(run.at("run_type"), "iteration");
      EXPECT_EQ(run.at("time_unit"), "ns");
      const double time = run.at(result.cpu_time ? "cpu_time" : "real_time");
      times.push_back(time);
      EXPECT_GT(run.at("bytes_per_second"), 0);
    }
    const double elements = static_cast<double>(row.elements);
    EXPECT_NEAR(median_interval(times).median / elements / row.ns_per_element.median, 1, 1e-6);
    for (const char* aggregate : {"_mean", "_median", "_stddev", "_cv"})
      EXPECT_EQ(by_name[name + aggregate].size(), 1u);
    const double median = by_name[name + "_median"][0].at(result.cpu_time ? "cpu_time" : "real_time");
    EXPECT_NEAR(median / elements / row.ns_per_element.median, 1, 1e-6);
  }
}

TEST(Google, FormatsOnDemand) {
  const TemporaryFile out;
  BenchOptions options = small({&fast_kernel});
  EXPECT_EQ(run_benchmarks(options).google_output, "");
  options.google_arguments = {"--benchmark_format=json", "--benchmark_report_aggregates_only=true",
                              "--benchmark_out=" + out.path.string(), "--benchmark_out_format=csv"};
  const json document = json::parse(run_benchmarks(options).google_output);
  EXPECT_EQ(document.at("benchmarks").size(), 8u * 4);  // mean, median, stddev, cv
  for (const json& run : document.at("benchmarks")) EXPECT_EQ(run.at("run_type"), "aggregate");
  EXPECT_NE(out.text().find("name,iterations,real_time"), std::string::npos);
  options.google_arguments = {"--benchmark_format=console"};
  EXPECT_NE(run_benchmarks(options).google_output.find("plain/forward/f32/naive/scalar/1024/normal_median"),
            std::string::npos);
}

TEST(Google, FilterKeepsTheCeilings) {
  BenchOptions options = small({&fast_kernel, &slow_kernel});
  options.google_arguments = {"--benchmark_filter=slowed.*/1024/"};
  const BenchResult result = run_benchmarks(options);
  ASSERT_EQ(result.rows.size(), 2u + 2);
  EXPECT_EQ(result.rows[2].kernel, &slow_kernel);
  EXPECT_GT(result.rows[2].ratio_to_copy.median, 0);
  options.google_arguments = {"--benchmark_filter=-slowed"};
  EXPECT_EQ(run_benchmarks(options).rows.size(), 2u * (2 + 2));
}

TEST(Google, FilterIsAPosixExtendedRegularExpression) {
  const auto picks = [](const std::string& filter, const std::string& name) { return GoogleFilter(filter)(name); };
  const std::string name = "gelu/forward/f32/accurate/avx2/1024/normal";
  for (const char* filter :
       {"gelu", "^gelu", "normal$", "f(32|64)", "(naive|fast)|accurate", "/[0-9]+/", "/1{1}02{0,1}4", "avx2?/",
        "[[:digit:]]{4}", "[^/]*/forward", "g.*l", "ge{1,}lu", "()", "gelu/(forward|backward)/f[36][24]/", "-silu",
        "a{0}gelu", "\\.|gelu", "[]x/]", "[a-]vx|z"})
    EXPECT_TRUE(picks(filter, name)) << filter;
  for (const char* filter :
       {"silu", "^forward", "gelu$", "f(16|64)", "[[:upper:]]", "(1024){2}", "-gelu", "\\.", "x{3}", "[^a-z0-9/]"})
    EXPECT_FALSE(picks(filter, name)) << filter;
}

TEST(Google, FilterTakesNoLongerForAnyPatternAndNeverCrashes) {
  const auto repeated = [](const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
  };
  const std::string text = repeated("a", 2000);
  for (const std::string& filter :
       {repeated("(.*)*", 100) + "Q", repeated("(", 490) + "a" + repeated(")", 490), repeated("a*", 400) + "Q",
        std::string("(a{0,60}){0,60}Q"), repeated("a|", 400) + "b"}) {
    const auto start = std::chrono::steady_clock::now();
    GoogleFilter{filter}(text);
    EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), 5) << filter;
  }
  for (const std::string& filter :
       {repeated("(", 20000), repeated("(((a{255}){255}){255}){255}", 1), std::string("((a{200}){200}){200}"),
        std::string("a)"), std::string("a{2,1}"), std::string("a{x}"), std::string("[a"), std::string("[z-a]"),
        std::string("[[:no:]]"), std::string("*"), std::string("\\d"), std::string("a\\"), std::string("a{256}"),
        std::string("a{1")})
    EXPECT_THROW(GoogleFilter{filter}, Error) << filter;
}

TEST(Google, ListRunsNothing) {
  seen = {};
  BenchOptions options = small({&watched_kernel});
  options.google_arguments = {"--benchmark_list_tests"};
  const BenchResult result = run_benchmarks(options);
  EXPECT_TRUE(result.rows.empty());
  EXPECT_EQ(seen.calls, 0u);
  EXPECT_EQ(result.listed,
            (std::vector<std::string>{
                "copy/memcpy/8B/1024", "copy/non_temporal/8B/1024", "watched/forward/f32/naive/scalar/1024/normal",
                "watched/forward/f32/naive/scalar/1024/constant", "copy/memcpy/8B/5000", "copy/non_temporal/8B/5000",
                "watched/forward/f32/naive/scalar/5000/normal", "watched/forward/f32/naive/scalar/5000/constant"}));
}

TEST(Google, RepetitionsAndTimes) {
  BenchOptions options = small({&fast_kernel});
  options.google_arguments = {"--benchmark_repetitions=7", "--benchmark_min_time=0.0001s"};
  EXPECT_EQ(run_benchmarks(options).repetitions, 7);
  seen = {};
  options = small({&watched_kernel});
  options.sizes.resize(1);
  options.google_arguments = {"--benchmark_min_time=50x", "--benchmark_enable_random_interleaving=true", "--v=0"};
  run_benchmarks(options);
  EXPECT_GE(seen.calls, 2u * 6 * 50);
}

TEST(Google, OptionsDoNotLastBeyondTheirRun) {
  const TemporaryFile out;
  BenchOptions options = small({&fast_kernel});
  options.google_arguments = {"--benchmark_out=" + out.path.string(), "--benchmark_time_unit=ms"};
  run_benchmarks(options);
  fs::remove(out.path);
  options.google_arguments = {"--benchmark_format=json"};
  const json document = json::parse(run_benchmarks(options).google_output);
  EXPECT_EQ(document.at("benchmarks").at(0).at("time_unit"), "ns");
  EXPECT_FALSE(fs::exists(out.path));
}

TEST(Errors, GoogleOptions) {
  for (const char* wrong : {"--benchmark_nonsense",
                            "--benchmark_nonsense=1",
                            "--help",
                            "--version",
                            "x",
                            "",
                            "--benchmark_format=xml",
                            "--benchmark_format",
                            "--benchmark_out_format=yaml",
                            "--benchmark_repetitions=0",
                            "--benchmark_repetitions=x",
                            "--benchmark_min_time=fast",
                            "--benchmark_min_time=-1",
                            "--benchmark_min_time=nan",
                            "--benchmark_min_time=1h",
                            "--benchmark_color=",
                            "--benchmark_time_unit=h",
                            "--benchmark_filter=(",
                            "--benchmark_filter=nothing_has_this",
                            "--benchmark_out=/nonexistent/folder/out.json",
                            "--v=x"}) {
    BenchOptions options = small({&fast_kernel});
    options.google_arguments = {wrong};
    EXPECT_NE(error_of(options), "") << wrong;
  }
  BenchOptions options = small({&fast_kernel});
  options.google_arguments = {"--benchmark_nonsense=1"};
  EXPECT_NE(error_of(options).find("--benchmark_nonsense"), std::string::npos);
}

}  // namespace
