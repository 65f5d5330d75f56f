// SPDX-License-Identifier: Apache-2.0
//
// What the functions are like, whatever computes them.
#include "bench/properties/properties.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

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
  report.properties =
      properties_of(activations, parameters, report.options.threads, [&](double fraction) { progress(fraction, {}); });
}

class PropertiesSection final : public Section {
  const char* label() const override { return "properties"; }
  bool applies(const Report& report) const override { return has_elementwise(report); }
  void measure(Report& report, const ShowProgress& progress) override { measure_properties(report, progress); }
  std::string summary(const Report& report) const override {
    return "## What the functions are like\n\n" + properties_in_short(report.properties);
  }

  std::vector<ReportFile> write(const Report& report, reports::Folder& folder) const override {
    const std::vector<reports::Table> people = properties_tables(report.properties);
    const reports::Table machines = properties_records(report.properties);
    add_table(folder, "properties", "What the functions are like", people, {&machines, 1});
    for (const Properties& p : report.properties)
      folder.add(fmt::format("properties-{}.svg", p.activation->name), reports::svg(properties_figure(p)));
    return {{{"properties.md", "properties.csv"},
             "range, slope, smoothness, saturation of every function; as curves in properties-NAME.svg"}};
  }
};

}  // namespace

std::unique_ptr<Section> properties_section() { return std::make_unique<PropertiesSection>(); }

}  // namespace actbench::bench
