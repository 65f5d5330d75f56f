// SPDX-License-Identifier: Apache-2.0
#include "bench/support/build_info.hpp"

#include <fmt/format.h>
#include <gmp.h>
#include <gnu/libc-version.h>
#include <mpfr.h>

#include <CLI/Version.hpp>
#include <algorithm>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>

#include "actbench/kernels.hpp"
#include "revision.hpp"

namespace actbench::bench {
namespace {

std::vector<std::string> backends() {
  std::vector<Backend> found;
  for (const Kernel& kernel : kernels()) {
    if (std::find(found.begin(), found.end(), kernel.backend) == found.end()) found.push_back(kernel.backend);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (const Backend backend : found) names.emplace_back(name(backend));
  return names;
}

}  // namespace

BuildInfo build_info() {
  return {ACTBENCH_VERSION,
          ACTBENCH_REVISION,
          ACTBENCH_MODIFIED,
          ACTBENCH_COMPILER,
          ACTBENCH_BUILD_TYPE,
          ACTBENCH_BUILD_FLAGS,
          {{"glibc", gnu_get_libc_version()},
           {"boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
           {"mpfr", mpfr_get_version()},
           {"gmp", gmp_version},
           {"benchmark", ACTBENCH_BENCHMARK_VERSION},
           {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
           {"cli11", CLI11_VERSION},
           {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                         NLOHMANN_JSON_VERSION_PATCH)}},
          ACTBENCH_DEVICE_COMPILER,
          backends()};
}

std::string version_line(const BuildInfo& build) {
  return fmt::format("actbench {} ({}{}, {} {})", build.version, build.revision, build.modified ? ", modified" : "",
                     build.compiler, build.build_type);
}

std::string version_text(const BuildInfo& build) {
  const auto line = [](const char* what, const std::string& value) { return fmt::format("\n{:<16}{}", what, value); };
  std::string text = version_line(build);
  text += line("revision", build.revision + (build.modified ? ", with changes that were not committed" : ""));
  text += line("compiler", build.compiler);
  if (!build.device_compiler.empty()) text += line("CUDA compiler", build.device_compiler);
  text += line("build type", build.build_type);
  if (!build.flags.empty()) text += line("flags", build.flags);
  text += line("backends", fmt::format("{}", fmt::join(build.backends, ", ")));
  std::vector<std::string> libraries;
  for (const auto& [name, version] : build.libraries) libraries.push_back(name + " " + version);
  return text + line("libraries", fmt::format("{}", fmt::join(libraries, ", ")));
}

}  // namespace actbench::bench
