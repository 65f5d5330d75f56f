// SPDX-License-Identifier: Apache-2.0
#include "bench/timing/google.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <ostream>

#include "bench/timing/timing.hpp"

namespace actbench::timing {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

bool truthy(const std::string& value) {
  return value != "0" && value != "f" && value != "n" && value != "false" && value != "no" && value != "off";
}

[[noreturn]] void bad_value(const std::string& option, const std::string& value, const std::string& right) {
  throw Error("Google Benchmark's option " + option + " cannot be '" + value + "'; it is " + right);
}

void expect_format(const std::string& option, const std::string& value) {
  if (value != "console" && value != "json" && value != "csv") bad_value(option, value, "console, json or csv");
}

/// "0.5", "0.5s" (seconds) or "100x" (iterations).
void parse_min_time(const std::string& option, const std::string& value, GoogleArguments& parsed) {
  char* end = nullptr;
  const double number = std::strtod(value.c_str(), &end);
  const std::string unit = end;
  if (!(number > 0) || !std::isfinite(number) || number > 1e9 || (unit != "" && unit != "s" && unit != "x")) {
    bad_value(option, value, "a time such as 0.5 or 0.5s, or iterations such as 100x");
  }
  if (unit == "x") {
    parsed.iterations = static_cast<std::size_t>(std::max(1.0, number));
  } else {
    parsed.min_time_s = number;
  }
}

Run aggregate(const std::vector<Run>& runs, const char* name, benchmark::StatisticUnit unit,
              double (*statistic)(std::vector<double>)) {
  Run result = runs.front();
  result.run_type = Run::RT_Aggregate;
  result.aggregate_name = name;
  result.aggregate_unit = unit;
  result.repetition_index = Run::no_repetition_index;
  result.iterations = static_cast<benchmark::IterationCount>(runs.size());
  const auto over_runs = [&](auto value) {
    std::vector<double> values;
    for (const Run& run : runs) values.push_back(value(run));
    return statistic(values);
  };
  // Writers divide times by the iterations, but take percentages as they are.
  const double scale = unit == benchmark::kTime ? static_cast<double>(runs.size()) : 1.0;
  result.real_accumulated_time =
      scale * over_runs([](const Run& run) { return run.real_accumulated_time / static_cast<double>(run.iterations); });
  result.cpu_accumulated_time =
      scale * over_runs([](const Run& run) { return run.cpu_accumulated_time / static_cast<double>(run.iterations); });
  for (auto& [key, counter] : result.counters) {
    counter.value = over_runs([&key = key](const Run& run) {
      const auto found = run.counters.find(key);
      return found == run.counters.end() ? 0.0 : found->second.value;
    });
  }
  return result;
}

double mean(std::vector<double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double median(std::vector<double> values) { return median_interval(values).median; }

double deviation(std::vector<double> values) {
  if (values.size() < 2) return 0;
  const double middle = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - middle) * (value - middle);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double variation(std::vector<double> values) {
  const double middle = mean(values);
  return middle == 0 ? 0 : deviation(values) / middle;
}

std::unique_ptr<benchmark::BenchmarkReporter> make_reporter(const std::string& format) {
  if (format == "json") return std::make_unique<benchmark::JSONReporter>();
  if (format == "console") return std::make_unique<benchmark::ConsoleReporter>(benchmark::ConsoleReporter::OO_Tabular);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored \
    "-Wdeprecated-declarations"  // "will be removed in a future release", and still an option
  return std::make_unique<benchmark::CSVReporter>();
#pragma GCC diagnostic pop
}

}  // namespace

GoogleArguments parse_google_arguments(const std::vector<std::string>& arguments) {
  GoogleArguments parsed;
  for (const std::string& argument : arguments) {
    const auto equals = argument.find('=');
    const std::string option = argument.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (option.compare(0, 12, "--benchmark_") != 0 && option != "--v") {
      throw Error("'" + argument + "' is no option of Google Benchmark; they begin with --benchmark_");
    }
    if (option == "--benchmark_list_tests") {
      parsed.list = truthy(value);
    } else if (option == "--benchmark_filter") {
      parsed.filter = value == "all" ? "" : value;
    } else if (option == "--benchmark_format") {
      expect_format(option, value);
      parsed.format = value;
    } else if (option == "--benchmark_out") {
      parsed.out = value;
    } else if (option == "--benchmark_out_format") {
      expect_format(option, value);
      parsed.out_format = value;
    } else if (option == "--benchmark_repetitions") {
      char* end = nullptr;
      const long number = std::strtol(value.c_str(), &end, 10);
      if (value.empty() || *end != 0 || number < 1 || number > 100000) bad_value(option, value, "a number from 1");
      parsed.repetitions = static_cast<int>(number);
    } else if (option == "--benchmark_min_time") {
      parse_min_time(option, value, parsed);
    } else if (option == "--benchmark_enable_random_interleaving") {
      parsed.interleave = truthy(value);
    } else if (option == "--benchmark_report_aggregates_only") {
      parsed.report_aggregates = truthy(value);
    } else if (option == "--benchmark_display_aggregates_only") {
      parsed.display_aggregates = truthy(value);
    } else {
      // Google Benchmark ends the program where these are wrong.
      if (option == "--benchmark_color" && value.empty()) bad_value(option, value, "true, false or auto");
      if (option == "--benchmark_time_unit" && value != "ns" && value != "us" && value != "ms" && value != "s") {
        bad_value(option, value, "ns, us, ms or s");
      }
      parsed.rest.push_back(argument);
    }
  }
  return parsed;
}

void initialize_google(const GoogleArguments& parsed) {
  // Options are global and keep their values from an earlier call, or get them from the environment.
  static std::string program = "actbench";
  std::vector<std::string> arguments{"--benchmark_list_tests=false",
                                     "--benchmark_filter=",
                                     "--benchmark_format=console",
                                     "--benchmark_out=",
                                     "--benchmark_out_format=json",
                                     "--benchmark_repetitions=1",
                                     "--benchmark_enable_random_interleaving=false",
                                     "--benchmark_report_aggregates_only=false",
                                     "--benchmark_display_aggregates_only=false",
                                     "--benchmark_color=auto",
                                     "--benchmark_counters_tabular=false",
                                     "--benchmark_perf_counters=",
                                     "--benchmark_min_warmup_time=0",
                                     "--benchmark_time_unit=ns",
                                     "--v=0"};
  arguments.insert(arguments.end(), parsed.rest.begin(), parsed.rest.end());
  std::vector<char*> argv{program.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  argv.push_back(nullptr);
  benchmark::Initialize(&argc, argv.data());
  if (argc > 1) {
    throw Error(std::string("Google Benchmark knows no option '") + argv[1] +
                "', or not with that value; it lists its own with --help of any of its programs");
  }
}

void write_google_runs(const std::string& format, std::vector<std::vector<Run>> groups, bool aggregates_only,
                       std::ostream& to) {
  groups.erase(std::remove_if(groups.begin(), groups.end(), [](const auto& group) { return group.empty(); }),
               groups.end());
  std::size_t widest = 10;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    auto& group = groups[g];
    for (std::size_t i = 0; i < group.size(); ++i) {
      group[i].run_name.iterations.clear();  // chosen by us, no part of what the benchmark is
      group[i].run_name.time_type.clear();   // likewise: both times are written anyway
      group[i].family_index = static_cast<std::int64_t>(g);
      group[i].per_family_instance_index = 0;
      group[i].repetition_index = static_cast<std::int64_t>(i);
      group[i].repetitions = static_cast<std::int64_t>(group.size());
    }
    widest = std::max(widest, group[0].benchmark_name().size() + sizeof "_median");
  }
  const auto reporter = make_reporter(format);
  reporter->SetOutputStream(&to);
  reporter->SetErrorStream(&to);
  benchmark::BenchmarkReporter::Context context;
  context.name_field_width = widest;
  reporter->ReportContext(context);
  for (const auto& group : groups) {
    std::vector<Run> aggregates;
    if (group.size() > 1) {
      aggregates = {aggregate(group, "mean", benchmark::kTime, mean),
                    aggregate(group, "median", benchmark::kTime, median),
                    aggregate(group, "stddev", benchmark::kTime, deviation),
                    aggregate(group, "cv", benchmark::kPercentage, variation)};
    }
    if (!aggregates_only || aggregates.empty()) reporter->ReportRuns(group);
    if (!aggregates.empty()) reporter->ReportRuns(aggregates);
  }
  reporter->Finalize();
}

}  // namespace actbench::timing
