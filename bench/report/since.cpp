// SPDX-License-Identifier: Apache-2.0
#include "bench/report/since.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>

#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"
#include "reports/files.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::CsvRecord;

/// A file that is compared, and what it has to have.
struct Source {
  const char* name;
  std::vector<const char*> columns;
  std::vector<const char*> numbers;  ///< columns that are numbers from 0 on
};

const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    const std::vector<const char*> errors{"seed",    "ulp_definition",       "kernel",   "parameters",
                                          "inputs",  "exhaustive",           "searched", "max_ulp",
                                          "verdict", "not_correctly_rounded"};
    const std::vector<const char*> times{"cpu", "clock",    "kernel",         "distribution", "size",
                                         "row", "elements", "ns_per_element", "ns_low",       "ns_high"};
    return std::vector<Source>{{"accuracy", errors, {"max_ulp", "not_correctly_rounded"}},
                               {"rows-accuracy", errors, {"max_ulp", "not_correctly_rounded"}},
                               {"overflow", {"kernel", "parameters", "finding", "verdict"}, {}},
                               {"claims", {"id", "verdict"}, {}},
                               {"performance", times, {"ns_per_element"}},
                               {"rows-performance", times, {"ns_per_element"}}};
  }();
  return all;
}

/// A number from 0 on, or infinite.
std::optional<double> number(const std::string& field) {
  const std::optional<double> value = reports::csv_number(field);
  return value && *value >= 0 ? value : std::nullopt;
}

std::vector<CsvRecord> table_of(const Source& source, const std::string& text, const std::string& file) {
  std::vector<CsvRecord> records = reports::read_csv(text);
  for (std::size_t i = 0; i < records.size(); ++i) {
    for (const char* column : source.columns) {
      if (!records[i].contains(column))
        throw UsageError(fmt::format("{} is not of a report of actbench: row {} has no {}", file, i + 1, column));
    }
    for (const char* column : source.numbers) {
      const std::string& value = records[i].at(column);
      if (!number(value)) {
        throw UsageError(fmt::format("{} is not of a report of actbench: row {} has {} {}, which should be a number",
                                     file, i + 1, column, json::quoted(value)));
      }
    }
  }
  return records;
}

const std::vector<CsvRecord>& table(const ReportNumbers& numbers, const char* name) {
  static const std::vector<CsvRecord> none;
  const auto found = numbers.find(name);
  return found == numbers.end() ? none : found->second;
}

std::string with_parameters(const CsvRecord& record) {
  const std::string& parameters = record.at("parameters");
  return record.at("kernel") + (parameters.empty() ? "" : fmt::format(" ({})", parameters));
}

using Records = std::map<std::string, const CsvRecord*>;

template <class Key>
Records by(const std::vector<CsvRecord>& table, Key key) {
  Records records;
  for (const CsvRecord& record : table) {
    const std::string k = key(record);
    if (!k.empty()) records.emplace(k, &record);
  }
  return records;
}

/// Calls with each record of now that has one before: key, before, now.
template <class Function>
void for_each_pair(const Records& before, const Records& now, Function function) {
  for (const auto& [key, record] : now) {
    const auto found = before.find(key);
    if (found != before.end()) function(key, *found->second, *record);
  }
}

double ratio_of(double now, double before) { return before > 0 && std::isfinite(now) ? now / before : 0; }

// ---- Errors

bool agree(const CsvRecord& a, const CsvRecord& b, std::initializer_list<const char*> columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const char* c) { return a.at(c) == b.at(c); });
}

bool same_inputs(const CsvRecord& a, const CsvRecord& b) {
  return agree(a, b, {"ulp_definition", "inputs", "exhaustive"}) &&
         (a.at("exhaustive") == "true" || agree(a, b, {"seed", "searched"}));
}

std::string error_text(const CsvRecord& record) {
  return fmt::format("{} ULP, {} misrounded", record.at("max_ulp"), record.at("not_correctly_rounded"));
}

struct OtherInputs {
  std::size_t count = 0, larger = 0;
};

void compare_errors(Changes& changes, const Records& before, const Records& now, OtherInputs& other) {
  for_each_pair(before, now, [&](const std::string& kernel, const CsvRecord& was, const CsvRecord& is) {
    const double error = *number(is.at("max_ulp")), error_before = *number(was.at("max_ulp"));
    if (!same_inputs(was, is)) {
      ++other.count;
      other.larger += was.at("ulp_definition") == is.at("ulp_definition") && error > error_before;
      return;
    }
    ++changes.errors;
    const std::pair worse{error, *number(is.at("not_correctly_rounded"))};
    const std::pair worse_before{error_before, *number(was.at("not_correctly_rounded"))};
    if (worse == worse_before) return;
    changes.all.push_back({worse > worse_before ? Change::error_grew : Change::error_shrank,
                           kernel,
                           {},
                           error_text(was),
                           error_text(is),
                           ratio_of(error, error_before)});
  });
}

void compare_verdicts(Changes& changes, const Records& before, const Records& now, const std::string& about) {
  for_each_pair(before, now, [&](const std::string& key, const CsvRecord& was, const CsvRecord& is) {
    ++changes.verdicts;
    if (was.at("verdict") != is.at("verdict"))
      changes.all.push_back({Change::verdict, key, about, was.at("verdict"), is.at("verdict")});
  });
}

void compare_presence(Changes& changes, const Records& before, const Records& now) {
  for (const auto& [kernel, record] : now) {
    if (!before.contains(kernel)) changes.all.push_back({Change::added, kernel, {}, {}, record->at("verdict")});
  }
  for (const auto& [kernel, record] : before) {
    if (!now.contains(kernel)) changes.all.push_back({Change::gone, kernel, {}, record->at("verdict"), {}});
  }
}

// ---- Times

std::string where_of(const CsvRecord& record) {
  std::string text = record.at("size");
  for (const char* column : {"row", "distribution"}) {
    const std::string& value = record.at(column);
    if (!value.empty()) text += fmt::format(", {}{}", std::string_view(column) == "row" ? "rows of " : "", value);
  }
  return text;
}

void compare_times(Changes& changes, const Records& before, const Records& now, std::vector<double>& ratios,
                   std::size_t& elsewhere) {
  for_each_pair(before, now, [&](const std::string&, const CsvRecord& was, const CsvRecord& is) {
    if (!agree(was, is, {"cpu", "clock", "elements"})) {
      ++elsewhere;
      return;
    }
    const auto low = number(is.at("ns_low")), high = number(is.at("ns_high")), low_before = number(was.at("ns_low")),
               high_before = number(was.at("ns_high"));
    if (!low || !high || !low_before || !high_before) return;  // too few repetitions for an interval
    ++changes.times;
    const double ratio = ratio_of(*number(is.at("ns_per_element")), *number(was.at("ns_per_element")));
    if (ratio > 0) ratios.push_back(ratio);
    if (*low <= *high_before && *high >= *low_before) return;
    changes.all.push_back({*low > *high_before ? Change::slower : Change::faster, is.at("kernel"), where_of(is),
                           was.at("ns_per_element"), is.at("ns_per_element"), ratio});
  });
}

std::string time_key(const CsvRecord& record) {
  return fmt::format("{}|{}|{}|{}", record.at("kernel"), record.at("distribution"), record.at("size"),
                     record.at("row"));
}

/// Whether all times together are longer or shorter: then it may be the machine and not the kernels.
std::string about_all_times(std::vector<double> ratios) {
  if (ratios.empty()) return {};
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return fmt::format(
      "The median of all times is {:.3f} of what it was. An interval holds its time with 95 % probability on a machine "
      "that stays as it is; `actbench check` tells changes of kernels from changes of the machine.",
      *middle);
}

}  // namespace

EarlierReport read_earlier(const std::filesystem::path& folder) {
  const std::string machine = (folder / "machine.json").string();
  std::error_code none;
  if (!std::filesystem::is_directory(folder, none))
    throw UsageError(
        fmt::format("--since takes the folder of an earlier report, and {} is no folder", folder.string()));
  const auto text = reports::read_file(machine);
  if (!text) {
    throw UsageError(
        fmt::format("--since takes the folder of an earlier report, and {} has no machine.json", folder.string()));
  }
  EarlierReport report{.folder = folder.string()};
  try {
    const json::json j = json::parse(*text);
    report.started = json::text(json::field(j, "run"), "started");
    report.revision = json::text(json::field(j, "build"), "revision").substr(0, 12);
  } catch (...) {
    json::refuse(machine, "description of a report's machine");
  }
  std::vector<std::pair<std::string, std::string>> files;
  for (const Source& source : sources()) {
    const std::string file = (folder / (source.name + std::string(".csv"))).string();
    if (auto contents = reports::read_file(file)) files.emplace_back(file, std::move(*contents));
  }
  report.numbers = numbers_of(files);
  if (report.numbers.empty()) {
    throw UsageError(
        fmt::format("--since takes the folder of an earlier report, and {} has none of its tables, such "
                    "as accuracy.csv",
                    folder.string()));
  }
  return report;
}

ReportNumbers numbers_of(const std::vector<std::pair<std::string, std::string>>& files) {
  ReportNumbers numbers;
  for (const auto& [file, text] : files) {
    for (const Source& source : sources()) {
      if (std::filesystem::path(file).filename() == source.name + std::string(".csv"))
        numbers[source.name] = table_of(source, text, file);
    }
  }
  return numbers;
}

const char* name(Change change) noexcept {
  constexpr const char* names[] = {"verdict", "error grew", "slower", "gone", "error shrank", "faster", "new"};
  return names[static_cast<int>(change)];
}

double Difference::size() const { return ratio > 0 ? std::fabs(std::log(ratio)) : HUGE_VAL; }

std::size_t Changes::count(Change change) const {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Difference& d) { return d.change == change; }));
}

Changes changes_since(const ReportNumbers& before, const ReportNumbers& now) {
  Changes changes;
  OtherInputs other;
  for (const char* name : {"accuracy", "rows-accuracy"}) {
    const Records was = by(table(before, name), with_parameters), is = by(table(now, name), with_parameters);
    compare_presence(changes, was, is);
    compare_verdicts(changes, was, is, "errors");
    compare_errors(changes, was, is, other);
  }
  const auto verdicts_of = [](const CsvRecord& r) { return r.at("finding") == "verdict" ? with_parameters(r) : ""; };
  compare_verdicts(changes, by(table(before, "overflow"), verdicts_of), by(table(now, "overflow"), verdicts_of),
                   "faults in kind");
  const auto claim = [](const CsvRecord& r) { return fmt::format("claim {}", r.at("id")); };
  compare_verdicts(changes, by(table(before, "claims"), claim), by(table(now, "claims"), claim), {});
  std::vector<double> ratios;
  std::size_t elsewhere = 0;
  for (const char* name : {"performance", "rows-performance"})
    compare_times(changes, by(table(before, name), time_key), by(table(now, name), time_key), ratios, elsewhere);
  std::stable_sort(changes.all.begin(), changes.all.end(), [](const Difference& a, const Difference& b) {
    return a.change != b.change ? a.change < b.change : a.size() > b.size();
  });
  if (other.count > 0) {
    changes.notes.push_back(fmt::format(
        "{} of other inputs than before, and so nothing of a change; {} of them found a larger error. The same "
        "--inputs and --seed, and time enough, make errors comparable.",
        reports::counted(other.count, "error tells", "errors tell"),
        other.larger == 0 ? "none" : fmt::format("{}", other.larger)));
  }
  if (elsewhere > 0) {
    changes.notes.push_back(
        fmt::format("{} measured on another CPU, by another clock or with other sizes, and not "
                    "compared.",
                    reports::counted(elsewhere, "time was", "times were")));
  }
  if (std::string text = about_all_times(std::move(ratios)); !text.empty()) changes.notes.push_back(std::move(text));
  return changes;
}

}  // namespace actbench::bench
