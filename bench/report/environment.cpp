// SPDX-License-Identifier: Apache-2.0
#include "bench/report/environment.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "bench/plugin/plugins.hpp"

namespace actbench::bench {
namespace {

using nlohmann::ordered_json;

ordered_json caches_json(const timing::Machine& machine) {
  ordered_json caches = ordered_json::array();
  for (const timing::Cache& cache : machine.caches) {
    caches.push_back(ordered_json{{"level", cache.level},
                                  {"type", cache.type},
                                  {"bytes", cache.bytes},
                                  {"line", cache.line},
                                  {"shared_by", cache.shared_by}});
  }
  return caches;
}

ordered_json backends_json() {
  ordered_json backends = ordered_json::object();
  for (const Kernel& kernel : kernels()) {
    const char* reason = unrunnable_reason(kernel.backend);
    backends[name(kernel.backend)] = reason == nullptr ? "runs" : reason;
  }
  return backends;
}

ordered_json machine_json(const timing::Machine& m) {
  return {{"cpu", m.cpu},
          {"vendor", m.vendor},
          {"family", m.family},
          {"model", m.model},
          {"stepping", m.stepping},
          {"logical_cpus", m.logical_cpus},
          {"usable_cpus", m.usable_cpus},
          {"physical_cores", m.physical_cores},
          {"sockets", m.sockets},
          {"caches", caches_json(m)},
          {"instruction_sets", m.isa},
          {"backends", backends_json()},
          {"memory_bytes", m.memory_bytes},
          {"page_bytes", m.page_bytes},
          {"huge_pages", m.huge_pages},
          {"os", m.os},
          {"kernel", m.kernel},
          {"hypervisor", m.hypervisor},
          {"governor", m.governor},
          {"turbo", m.turbo},
          {"smt", m.smt},
          {"load_average", m.load_average < 0 ? ordered_json() : ordered_json(m.load_average)}};
}

ordered_json build_json(const BuildInfo& build) {
  ordered_json libraries = ordered_json::object();
  for (const auto& [library, version] : build.libraries) libraries[library] = version;
  return {{"version", build.version},   {"revision", build.revision},     {"modified", build.modified},
          {"compiler", build.compiler}, {"build_type", build.build_type}, {"flags", build.flags},
          {"libraries", libraries}};
}

ordered_json plugins_json() {
  ordered_json plugins = ordered_json::array();
  for (const plugin::Plugin& p : plugin::loaded())
    plugins.push_back(ordered_json{{"name", p.name}, {"about", p.about}, {"file", p.path}});
  return plugins;
}

ordered_json run_json(const Report& report) {
  ordered_json sizes = ordered_json::array();
  for (const timing::Size& size : timing::default_sizes(report.machine)) {
    sizes.push_back(ordered_json{{"name", size.name}, {"working_bytes", size.working_bytes}});
  }
  const ReportOptions& options = report.options;
  return {{"started", report.started},
          {"seconds", std::round(10 * report.seconds) / 10},
          {"mode", options.full ? "full" : "quick"},
          {"filters", options.filters},
          {"directions", options.directions},
          {"types", options.types},
          {"tiers", options.tiers},
          {"backends", options.backends},
          {"kernels", all_kernels(report).size()},
          {"inputs_per_kernel", report.inputs},
          {"seed", options.seed},
          {"threads", options.threads},
          {"sizes", sizes},
          {"repetitions", report.performance.repetitions},
          {"seconds_per_timed_run", report.performance.run_seconds},
          {"clock", report.performance.cpu_time ? "cpu" : "wall"},
          {"left_out", report.left_out}};
}

}  // namespace

std::string environment_json(const Report& report) {
  ordered_json root = ordered_json::object();
  root["machine"] = machine_json(report.machine);
  root["build"] = build_json(report.build);
  root["run"] = run_json(report);
  if (!plugin::loaded().empty()) root["plugins"] = plugins_json();
  return root.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace actbench::bench
