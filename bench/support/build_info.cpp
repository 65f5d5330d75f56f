// SPDX-License-Identifier: Apache-2.0
#include "bench/support/build_info.hpp"

#include <fmt/format.h>
#include <gmp.h>
#include <gnu/libc-version.h>
#include <mpfr.h>

#include <CLI/Version.hpp>
#include <boost/version.hpp>
#include <nlohmann/json.hpp>

#include "revision.hpp"

namespace actbench::bench {

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
                                         NLOHMANN_JSON_VERSION_PATCH)}}};
}

}  // namespace actbench::bench
