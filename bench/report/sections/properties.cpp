// SPDX-License-Identifier: Apache-2.0
//
// What the functions are like, whatever computes them.
#include "bench/properties/properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "bench/report/section.hpp"
#include "bench/selection/parameters.hpp"

namespace actbench::bench {
namespace {

void measure_properties(Report& report, const ShowProgress& progress) {
  std::vector<const Activation*> activations;
  std::vector<std::vector<double>> parameters;
  for (const Activation* activation : every_activation()) {
    if (std::none_of(report.kernels.begin(), report.kernels.end(),
                     [&](const Kernel* k) { return std::string_view(k->activation->name) == activation->name; })) {
      continue;
    }
    activations.push_back(activation);
    parameters.push_back(unrounded_parameters(*activation, {}));
  }
  // A few at a time: those for which there is no time are left out.
  const std::size_t some = report.budget.limited() ? 4 : activations.size();
  for (std::size_t first = 0; first < activations.size(); first += some) {
    if (first > 0 && report.budget.left() <= 0) {
      report.cut.push_back(fmt::format("{} of {} activations have properties", first, activations.size()));
      break;
    }
    const std::size_t count = std::min(some, activations.size() - first);
    const auto shown = [&](double fraction) {
      progress((static_cast<double>(first) + fraction * static_cast<double>(count)) /
                   static_cast<double>(activations.size()),
               {});
    };
    for (Properties& p : properties_of(std::span(activations).subspan(first, count),
                                       std::span(parameters).subspan(first, count), report.options.threads, shown))
      report.properties.push_back(std::move(p));
  }
}

class PropertiesSection final : public Section {
  const char* label() const override { return "properties"; }
  bool applies(const Report& report) const override { return has_elementwise(report); }
  double weight(const Report&) const override { return 15; }
  bool fixed() const override { return true; }
  void measure(Report& report, const ShowProgress& progress) override { measure_properties(report, progress); }
  std::string summary(const Report& report) const override {
    return "## What the functions are like\n\n" + properties_in_short(report.properties);
  }

  std::vector<ReportFile> write(const Report& report, reports::Folder& folder) const override {
    const std::vector<reports::Table> people = properties_tables(report.properties);
    const reports::Table machines = properties_records(report.properties);
    std::string pictures;
    for (const Properties& p : report.properties) {
      const std::string file = fmt::format("properties-{}.svg", p.activation->name);
      folder.add(file, reports::svg(properties_figure(p)));
      pictures += picture(file, fmt::format("{} and its slope", p.activation->name));
    }
    add_table(folder, "properties", "What the functions are like", people, {&machines, 1}, pictures);
    return {{{"properties.md", "properties.csv"},
             "range, slope, smoothness, saturation of every function; as curves in properties-NAME.svg"}};
  }
};

}  // namespace

std::unique_ptr<Section> properties_section() { return std::make_unique<PropertiesSection>(); }

}  // namespace actbench::bench
