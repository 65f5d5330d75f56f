// SPDX-License-Identifier: Apache-2.0
#include "bench/doctor/doctor.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/float_state.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench {
namespace {

int run_doctor(const Options& options) {
  const CpuTicks before = read_ticks("/");
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const CpuTicks after = read_ticks("/");
  std::vector<Condition> conditions = diagnose("/", before, after, measure_steadiness());
  conditions.push_back(judge(float_state_at_start()));
  check_interrupted();
  options.output.print(doctor_table(conditions, timing::read_machine(), options.output.for_people()));
  return exit_fine;
}

}  // namespace

Command add_doctor(CLI::App& program) {
  const auto options = std::make_shared<Options>();
  CLI::App* app = program.add_subcommand("doctor", "Say what makes timing bad on this machine, and what can be done");
  add_output_options(*app, *options);
  return {app, [options] { return run_doctor(*options); }};
}

}  // namespace actbench::bench
