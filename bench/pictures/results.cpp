// SPDX-License-Identifier: Apache-2.0
//
// Results as pictures take them: as they were measured, and from a report's CSV.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "bench/pictures/pictures.hpp"
#include "bench/support/errors.hpp"
#include "kernels/registry/foreign.hpp"
#include "reports/csv.hpp"
#include "reports/files.hpp"

namespace actbench::bench::pictures {
namespace {

using reports::CsvRecord;

constexpr std::array<const char*, 6> kernel_columns{"kernel", "activation", "direction", "type", "tier", "backend"};

/// The rows of a file that must have these columns.
std::vector<CsvRecord> records_of(const std::filesystem::path& file, std::span<const char* const> columns) {
  const std::optional<std::string> text = reports::read_file(file);
  if (!text) throw UsageError(fmt::format("there is no file {}", file.string()));
  std::vector<CsvRecord> records = reports::read_csv(*text);
  if (records.empty()) throw UsageError(fmt::format("{} has no rows of CSV below a header", file.string()));
  for (const char* column : columns) {
    const auto lacks = [&](const CsvRecord& record) { return !record.contains(column); };
    if (std::any_of(records.begin(), records.end(), lacks)) {
      throw UsageError(
          fmt::format("{} has a row without the column '{}', which an actbench report has", file.string(), column));
    }
  }
  return records;
}

KernelName name_in(const CsvRecord& record) {
  if (record.at("kernel").starts_with("copy/")) return {};
  return {record.at("activation"), record.at("direction"), record.at("type"), record.at("tier"), record.at("backend")};
}

[[noreturn]] void refuse_value(const std::filesystem::path& file, const char* column, const std::string& value) {
  throw UsageError(fmt::format("{}: '{}' is '{}', and should be a number above 0", file.string(), column, value));
}

}  // namespace

std::string KernelName::identity() const {
  return fmt::format("{}/{}/{}/{}/{}", activation, direction, type, tier, backend);
}

std::string KernelName::function() const { return fmt::format("{}, {} {}", activation, direction, type); }

bool KernelName::is_own() const {
  for (int b = 0; b <= static_cast<int>(Backend::cuda); ++b) {
    if (backend == name(static_cast<Backend>(b))) return true;
  }
  return false;
}

KernelName name_of(const Kernel& k) {
  return {k.activation->name, name(k.direction), name(k.type), name(k.tier), name(k.backend)};
}

std::string series_of(const KernelName& kernel) { return kernel.is_own() ? kernel.tier : kernel.backend; }

std::optional<std::size_t> look_of(const KernelName& kernel) {
  if (!kernel.is_own()) return {};
  return kernel.tier == name(Tier::fast) ? 0 : kernel.tier == name(Tier::naive) ? 1 : 2;
}

std::vector<Time> times_of(const timing::BenchResult& result) {
  std::vector<Time> times;
  for (const timing::BenchRow& row : result.rows) {
    if (!row.cache.empty() || (row.kernel != nullptr && row.distribution != "normal")) continue;
    times.push_back({row.kernel != nullptr ? name_of(*row.kernel) : KernelName{}, row.size.name, row.elements,
                     row.bytes_per_element, row.row, row.ns_per_element.median, row.ns_per_element.low,
                     row.ns_per_element.high});
  }
  return times;
}

std::vector<Error> errors_of(std::span<const SweepRow> rows) {
  std::vector<Error> errors;
  for (const SweepRow& row : rows) errors.push_back({name_of(*row.subject.kernel), row.max_ulp});
  return errors;
}

std::vector<Time> read_times(const std::filesystem::path& file, const Wanted& wanted) {
  std::vector<const char*> columns(kernel_columns.begin(), kernel_columns.end());
  constexpr const char* others[] = {"distribution",      "size",           "cache",  "row",    "elements",
                                    "bytes_per_element", "ns_per_element", "ns_low", "ns_high"};
  columns.insert(columns.end(), std::begin(others), std::end(others));
  std::vector<Time> times;
  for (const CsvRecord& record : records_of(file, columns)) {
    const KernelName kernel = name_in(record);
    const bool copy = kernel.activation.empty();
    if (!record.at("cache").empty() || (!copy && (record.at("distribution") != "normal" || !wanted(kernel)))) continue;
    const auto count = [&](const char* column) { return reports::whole_in(record, column, file).value_or(0); };
    const auto number = [&](const char* column) {
      return reports::number_in(record, column, file).value_or(std::nan(""));
    };
    times.push_back({kernel, record.at("size"), count("elements"), count("bytes_per_element"), count("row"),
                     number("ns_per_element"), number("ns_low"), number("ns_high")});
    const Time& time = times.back();
    if (!(time.ns > 0) || std::isinf(time.ns)) refuse_value(file, "ns_per_element", record.at("ns_per_element"));
    if (time.elements == 0) refuse_value(file, "elements", record.at("elements"));
    if (time.bytes_per_element == 0) refuse_value(file, "bytes_per_element", record.at("bytes_per_element"));
  }
  return times;
}

std::vector<Error> read_errors(const std::filesystem::path& file, const Wanted& wanted) {
  std::vector<const char*> columns(kernel_columns.begin(), kernel_columns.end());
  columns.push_back("max_ulp");
  std::vector<Error> errors;
  for (const CsvRecord& record : records_of(file, columns)) {
    const KernelName kernel = name_in(record);
    if (!wanted(kernel)) continue;
    errors.push_back({kernel, reports::number_in(record, "max_ulp", file).value_or(std::nan(""))});
    if (!(errors.back().max_ulp >= 0))
      throw UsageError(fmt::format("{}: 'max_ulp' is '{}', and should be a number from 0 on, or inf", file.string(),
                                   record.at("max_ulp")));
  }
  return errors;
}

}  // namespace actbench::bench::pictures
