// SPDX-License-Identifier: Apache-2.0
//
// actbench verify: pairs kernels with their certificates, checks each pair, and shows the verdicts.
#include "bench/certificates/verify.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "bench/certificates/certificate.hpp"
#include "bench/certificates/verify_table.hpp"
#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

struct VerifyCommand : Options {
  std::string certificates;
  bool quick = false, every_backend = false;
  unsigned threads = 0;
};

/// Kernels with their certificates; of a kernel's backends the widest, or every one.
struct Pairs {
  std::vector<Checked> all;
  std::size_t without = 0;  ///< kernels that have no certificate
};
Pairs paired(std::span<const Kernel* const> kernels, const Certificates& certificates, bool every_backend) {
  Pairs pairs;
  for (const Kernel* kernel : kernels) {
    const Certificate* certificate =
        certificates.find(*kernel, describe_parameters(*kernel, parameters_of(*kernel, {})));
    if (certificate == nullptr) {
      ++pairs.without;
    } else if (!every_backend && !pairs.all.empty() && pairs.all.back().certificate == certificate) {
      pairs.all.back().kernel = kernel;  // the table lists a kernel's backends next to one another, the narrowest first
    } else {
      pairs.all.push_back({kernel, certificate, {}});
    }
  }
  return pairs;
}

void check(std::vector<Checked>& all, const VerifyCommand& options) {
  const auto cost_of = [](const Kernel& kernel) {
    return std::ldexp(1.0, input_bits(kernel)) * (kernel.backend == Backend::scalar ? 5 : 1);
  };
  double cost = 0, done = 0;
  for (const Checked& c : all) cost += cost_of(*c.kernel);
  Progress progress("verify");
  for (Checked& c : all) {
    VerifyOptions verify_options{options.quick, options.threads, {}, &stop_flag()};
    verify_options.progress = [&](double fraction) {
      progress.update((done + fraction * cost_of(*c.kernel)) / cost, identity(*c.kernel));
    };
    c.verification = verify({c.kernel, parameters_of(*c.kernel, {})}, *c.certificate, verify_options);
    done += cost_of(*c.kernel);
  }
}

int run_verify(const VerifyCommand& options) {
  const bool own = !options.certificates.empty();
  const Certificates read = own ? Certificates::read(options.certificates, true) : Certificates();
  Runnable found = runnable(options);
  leave_out_rows(found, "verify");
  Pairs pairs = paired(found.kernels, own ? read : Certificates::built_in(), options.every_backend);
  if (pairs.all.empty()) {
    throw UsageError(
        fmt::format("{} has no certificate for these kernels; actbench accuracy KERNEL --inputs all "
                    "--certify FILE makes one",
                    own ? options.certificates : "this program"));
  }
  check(pairs.all, options);

  reports::Table table = verify_table(pairs.all);
  if (pairs.without > 0) {
    table.notes.push_back(
        fmt::format("Left out: {} without a certificate.", reports::counted(pairs.without, "kernel")));
  }
  table.notes.insert(table.notes.end(), found.notes.begin(), found.notes.end());
  options.output.print(table);
  const auto passed = [](const Checked& c) { return c.verification.passed; };
  return std::all_of(pairs.all.begin(), pairs.all.end(), passed) ? exit_fine : exit_check_failed;
}

}  // namespace

Command add_verify(CLI::App& program) {
  const auto options = std::make_shared<VerifyCommand>();
  CLI::App* app = program.add_subcommand("verify", "Check certificates: every output bit, at the speed of the kernels");
  add_filter(*app, *options);
  app->add_flag("--quick", options->quick, "Try only a fixed 64th of the inputs where there are 2^32 of them");
  app->add_flag("--every-backend", options->every_backend,
                "Check all backends that run here and are chosen, not just the best of them");
  app->add_option("--certificates", options->certificates,
                  "A file of actbench accuracy --certify; default: those that the program was built with")
      ->type_name("FILE");
  add_threads(*app, options->threads);
  add_shared_options(*app, *options);
  app->footer(
      "Exit code 1: a kernel gives another output than the certified one for some input.\n"
      "Example: actbench verify forward/f32/accurate");
  return {app, [options] { return run_verify(*options); }};
}

}  // namespace actbench::bench
