// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "bench/errors.hpp"
#include "bench/gate/pairs.hpp"
#include "bench/gate/speed.hpp"
#include "bench/options.hpp"
#include "bench/progress.hpp"
#include "bench/signals.hpp"

namespace actbench::bench {
namespace {

using namespace gate;

struct CheckOptions : Options {
  std::string base, head;
  double tolerance = 3, budget = 600, slow = 0;
  std::uint64_t seed = default_seed;
  bool time_identical = false;
};

int run_check(const CheckOptions& options) {
  const Runnable found = runnable(options);
  const auto program = own_program();
  const auto head = options.head.empty() ? own_library(program) : library_at(options.head, "--head");
  const Pair pair(library_at(options.base, "--base"), head);
  Place place{program.string(), {pair.path(Side::base), pair.path(Side::head)}, 60, &stop_flag()};
  const Family family = compare_libraries(place, found.kernels);
  std::vector<Planned> plan;
  std::size_t same = 0;
  for (const Kin& kin : family.kernels) {
    same += kin.kinship == Kinship::identical;
    if (!kin.timeable || (kin.kinship == Kinship::identical && !options.time_identical)) continue;
    plan.push_back({identity(*kin.kernel), identity(*kin.kernel), options.slow / 100});
  }
  fmt::print("{} identical, {} timed {}\n", same, plan.size(), family.incomparable);
  SpeedOptions speed{options.tolerance / 100, options.budget, options.seed, {}};
  const SpeedResult result = compare_speed(place, plan, speed);
  for (const Comparison& c : result.comparisons) {
    fmt::print("{:45} {:12} {:+.2f} % [{:+.2f}, {:+.2f}] n={} {:.3f} {:.3f} more {}\n", c.planned.identity, gate::name(c.verdict),
               100 * c.median, 100 * c.limits.low, 100 * c.limits.high, c.values.size(), c.base_ns, c.head_ns, c.missing_launches);
  }
  fmt::print("{} launches, {:.1f} s\n", result.launches, result.seconds);
  return 0;
}

}  // namespace

Command add_check(CLI::App& program) {
  const auto options = std::make_shared<CheckOptions>();
  CLI::App* app = program.add_subcommand("check", "The gate: fails where a kernel became slower or less accurate");
  add_filter(*app, *options);
  app->add_option("--base", options->base, "The library of kernels, or the build folder, to compare with")->type_name("PATH");
  app->add_option("--head", options->head, "Default: that of this program")->type_name("PATH");
  app->add_option("--tolerance", options->tolerance, "Percent");
  app->add_option("--budget", options->budget, "Seconds");
  app->add_option("--seed", options->seed, "Seed");
  app->add_option("--slow", options->slow, "Percent");
  app->add_flag("--time-identical", options->time_identical);
  add_shared_options(*app, *options);
  return {app, [options] { return run_check(*options); }};
}

}  // namespace actbench::bench
