// SPDX-License-Identifier: Apache-2.0
#include "bench/timing/rounds.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <sstream>
#include <utility>

namespace actbench::timing {

std::array<double, max_parameters> rounded_parameters(const Kernel& kernel, std::span<const double> given) {
  const Activation& activation = *kernel.activation;
  if (!given.empty()) {
    const std::string wrong = parameter_error(activation, given);
    if (!wrong.empty()) throw Error(identity(kernel) + ": " + wrong);
  }
  std::array<double, max_parameters> rounded{};
  for (std::size_t i = 0; i < activation.parameter_count; ++i)
    rounded[i] = round_to(kernel.type, given.empty() ? activation.parameters[i].default_value : given[i]);
  return rounded;
}

std::vector<double> finite(std::span<const double> values) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept), [](double v) { return std::isfinite(v); });
  return kept;
}

void set_times(BenchRow& row, std::vector<double> samples) {
  row.repetitions = samples.size();
  row.ns_per_element = median_interval(samples);
  if (row.ns_per_element.median > 0) {
    row.elements_per_second = 1e9 / row.ns_per_element.median;
    row.gb_per_second = static_cast<double>(row.bytes_per_element) / row.ns_per_element.median;
  }
  row.samples_ns = std::move(samples);
}

Interval ratio(std::span<const double> ceiling, std::span<const double> samples) {
  std::vector<double> ratios;
  for (std::size_t round = 0; round < samples.size(); ++round) ratios.push_back(ceiling[round] / samples[round]);
  return median_interval(finite(ratios));
}

GoogleOutput::GoogleOutput(const GoogleArguments& google) : google_(google) {
  if (!google.out.empty()) file_ = std::make_unique<WholeFile>(google.out, "--benchmark_out");
}

void GoogleOutput::write(const std::vector<std::string>& titles,
                         const std::map<std::string, std::vector<benchmark::BenchmarkReporter::Run>>& runs,
                         BenchResult& result) {
  std::vector<std::vector<benchmark::BenchmarkReporter::Run>> groups;
  for (const std::string& title : titles) {
    const auto found = runs.find(title);
    if (found != runs.end()) groups.push_back(found->second);
  }
  if (file_) {
    write_google_runs(google_.out_format, groups, google_.report_aggregates, file_->stream());
    try {
      file_->commit();
    } catch (const Error& error) {
      result.not_written = error.what();
    }
  }
  if (!google_.format.empty()) {
    std::ostringstream text;
    write_google_runs(google_.format, groups, google_.report_aggregates || google_.display_aggregates, text);
    result.google_output = text.str();
  }
}

}  // namespace actbench::timing
