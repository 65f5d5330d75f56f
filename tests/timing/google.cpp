// SPDX-License-Identifier: Apache-2.0
//
// Google Benchmark's own options, and its files.
#include <gtest/gtest.h>

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
