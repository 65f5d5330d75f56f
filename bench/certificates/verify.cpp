// SPDX-License-Identifier: Apache-2.0
#include "bench/certificates/verify.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>

#include "bench/cli/options.hpp"
#include "bench/commands/commands.hpp"
#include "bench/device/call.hpp"
#include "bench/device/digest.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/selection/kernels.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/parallel.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "bench/sweep/accuracy.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Mood;

constexpr std::uint64_t work_size = std::uint64_t{1} << 18;
constexpr std::uint64_t quick_from = std::uint64_t{1} << 17;  ///< inputs from which a quick check leaves some out

/// A kernel's outputs over a piece of all inputs, into a digest.
class Runner {
 public:
  Runner(const Subject& subject, const Inputs& inputs) : subject_(subject), inputs_(inputs) {}

  void run(std::uint64_t first, std::size_t n, Digest& digest) {
    const Kernel& kernel = *subject_.kernel;
    inputs_.fill(first, n, x_.data(), multiplier_.data(), multiplier_.data());  // no more than one of them
    device::run(kernel, taken(multipliers_of(kernel), {x_.data(), multiplier_.data(), multiplier_.data()}), y_.data(),
                n, subject_.parameters);
    digest.add(kernel.type, y_.data(), first, n, inputs_.count());
  }
  static constexpr std::size_t largest = 4 * digest_piece;

 private:
  const Subject& subject_;
  const Inputs& inputs_;
  std::vector<std::uint64_t> x_ = std::vector<std::uint64_t>(largest), multiplier_ = x_, y_ = x_;
};

Digest digest_of(const Subject& subject, const Inputs& inputs, bool quick, const VerifyOptions& options) {
  if (subject.kernel->backend == Backend::cuda) return device::digest(subject, options.progress, options.stop);
  const std::uint64_t items = (inputs.count() + work_size - 1) / work_size;
  const unsigned threads = thread_count(options.threads, items);
  std::vector<Digest> digests(threads);
  std::vector<Runner> runners(threads, Runner(subject, inputs));
  parallel(items, threads, options.stop, options.progress, [&](unsigned thread, std::uint64_t item) {
    const std::uint64_t end = std::min(inputs.count(), (item + 1) * work_size);
    const std::uint64_t step = quick ? digest_piece : Runner::largest;
    for (std::uint64_t first = item * work_size; first < end; first += step) {
      if (quick && !digest_quick(first / digest_piece)) continue;
      runners[thread].run(first, static_cast<std::size_t>(std::min(step, end - first)), digests[thread]);
    }
  });
  Digest all;
  for (const Digest& digest : digests) all.merge(digest);
  return all;
}

}  // namespace

Verification verify(const Subject& subject, const Certificate& certificate, const VerifyOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const Kernel& kernel = *subject.kernel;
  const Inputs inputs = Inputs::all(kernel.type, multipliers_of(kernel));
  Verification result;
  // A device takes all inputs in the time that a CPU takes for a part.
  result.quick = options.quick && inputs.count() >= quick_from && kernel.backend != Backend::cuda;
  result.digest = digest_of(subject, inputs, result.quick, options);
  result.inputs = result.quick ? inputs.count() / 64 : inputs.count();
  result.passed = result.quick ? result.digest.quick == certificate.digest.quick : result.digest == certificate.digest;
  if (result.quick && !result.passed) {  // where?
    result.digest = digest_of(subject, inputs, false, options);
    result.quick = false;
    result.inputs = inputs.count();
  }
  if (!result.passed) {
    for (std::size_t i = 0; i < digest_ranges; ++i) {
      if (result.digest.ranges[i] != certificate.digest.ranges[i]) result.different_ranges.push_back(i);
    }
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

std::string range_text(const Kernel& kernel, std::size_t range) {
  const Multipliers multipliers = multipliers_of(kernel);
  const std::uint64_t size = (std::uint64_t{1} << input_bits(kernel)) / digest_ranges;
  const Inputs inputs = Inputs::all(kernel.type, multipliers);
  const auto outer = [&](const Point& p) { return multipliers.dy ? p.dy : multipliers.a ? p.a : p.x; };
  const std::uint64_t from = outer(inputs.point(range * size)), to = outer(inputs.point((range + 1) * size - 1));
  return fmt::format("{}{} … {} ({} … {})",
                     multipliers.dy  ? "dy "
                     : multipliers.a ? "a "
                                     : "",
                     bits(kernel.type, from), bits(kernel.type, to), decimal(kernel.type, value_of(kernel.type, from)),
                     decimal(kernel.type, value_of(kernel.type, to)));
}

namespace {

struct VerifyCommand : Options {
  std::string certificates;
  bool quick = false, every_backend = false;
  unsigned threads = 0;
};

struct Checked {
  const Kernel* kernel;
  const Certificate* certificate;
  Verification verification;
};

reports::Table verify_table(const std::vector<Checked>& all) {
  reports::Table table{.name = "verify"};
  table.columns = kernel_columns();
  const reports::Column others[] = {{.name = "inputs", .right = true, .liftable = true},
                                    {.name = "misrounded", .right = true, .liftable = true},
                                    {.name = "max_ulp", .heading = "max ULP", .right = true},
                                    {.name = "digest"},
                                    {.name = "certified", .audience = Audience::machines},
                                    {.name = "verdict"},
                                    {.name = "seconds", .right = true},
                                    {.name = "different", .heading = "differs for", .audience = Audience::machines}};
  table.columns.insert(table.columns.end(), std::begin(others), std::end(others));
  std::size_t passed = 0;
  double seconds = 0;
  for (const Checked& c : all) {
    const Verification& v = c.verification;
    std::string different;
    for (const std::size_t range : v.different_ranges)
      different += (different.empty() ? "" : "; ") + range_text(*c.kernel, range);
    const auto shown = [&](const Digest& d) { return fmt::format("0x{:016x}", v.quick ? d.quick : d.total()); };
    std::vector<Cell> cells = kernel_cells(*c.kernel);
    for (Cell& cell :
         std::vector<Cell>{v.inputs, c.certificate->not_correctly_rounded,
                           Cell(c.certificate->max_ulp).as(ulp_text(c.certificate->max_ulp)), shown(v.digest),
                           shown(c.certificate->digest),
                           v.passed ? Cell("pass").with(Mood::good) : Cell("fail").as("FAIL").with(Mood::bad),
                           Cell(v.seconds).as(fmt::format("{:.1f}", v.seconds)), different}) {
      cells.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(cells));
    passed += v.passed;
    seconds += v.seconds;
    if (!v.passed)
      table.notes.push_back(
          fmt::format("{} does not give the certified outputs for {}.", identity(*c.kernel), different));
  }
  table.notes.push_back(
      fmt::format("{} of {} give the outputs of {}, in {}.", passed, reports::counted(all.size(), "kernel"),
                  all.size() == 1 ? "its certificate" : "their certificates", reports::duration(seconds)));
  if (std::any_of(all.begin(), all.end(), [](const Checked& c) { return c.verification.quick; }))
    table.notes.push_back("Of kernels with 2^32 inputs a fixed 64th, spread over all of them.");
  table.notes.push_back(
      "Misrounded and max ULP are what the certificate's sweep found: the same outputs have the same errors. ULP as in "
      "actbench accuracy (Goldberg's).");
  return table;
}

int run_verify(const VerifyCommand& options) {
  const Certificates own =
      options.certificates.empty() ? Certificates() : Certificates::read(options.certificates, true);
  const Certificates& certificates = options.certificates.empty() ? Certificates::built_in() : own;
  Runnable found = runnable(options);
  leave_out_rows(found, "verify");
  // The table's order has a function's backends one after the other, the narrowest first.
  std::size_t without = 0;
  std::vector<Checked> all;
  for (const Kernel* kernel : found.kernels) {
    const Certificate* certificate =
        certificates.find(*kernel, describe_parameters(*kernel, parameters_of(*kernel, {})));
    if (certificate == nullptr) {
      ++without;
      continue;
    }
    const bool better = !options.every_backend && !all.empty() && all.back().certificate == certificate;
    if (better) {
      all.back().kernel = kernel;
    } else {
      all.push_back({kernel, certificate, {}});
    }
  }
  if (all.empty()) {
    throw UsageError(
        fmt::format("{} has no certificate for these kernels; actbench accuracy KERNEL --inputs all "
                    "--certify FILE makes one",
                    options.certificates.empty() ? "this program" : options.certificates));
  }
  double cost = 0, done = 0;
  const auto cost_of = [&](const Kernel& kernel) {
    return std::ldexp(1.0, input_bits(kernel)) * (kernel.backend == Backend::scalar ? 5 : 1);
  };
  for (const Checked& c : all) cost += cost_of(*c.kernel);
  {
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
  reports::Table table = verify_table(all);
  if (without > 0)
    table.notes.push_back(fmt::format("Left out: {} without a certificate.", reports::counted(without, "kernel")));
  table.notes.insert(table.notes.end(), found.notes.begin(), found.notes.end());
  options.output.print(table);
  return std::all_of(all.begin(), all.end(), [](const Checked& c) { return c.verification.passed; })
             ? exit_fine
             : exit_check_failed;
}

}  // namespace

Command add_verify(CLI::App& program) {
  const auto options = std::make_shared<VerifyCommand>();
  CLI::App* app = program.add_subcommand("verify", "Check certificates: every output bit, at the speed of the kernels");
  add_filter(*app, *options);
  app->add_flag("--quick", options->quick, "Only a fixed 64th of the inputs where there are 2^32 of them");
  app->add_flag("--every-backend", options->every_backend,
                "All that run here and are chosen, not just the best of them");
  app->add_option("--certificates", options->certificates,
                  "A file of actbench accuracy --certify; default: those that the program was built with")
      ->type_name("FILE");
  add_threads(*app, options->threads);
  add_shared_options(*app, *options);
  app->footer(
      "Exit code 1: a kernel gives another output than the certified one, somewhere.\n"
      "Example: actbench verify forward/f32/accurate");
  return {app, [options] { return run_verify(*options); }};
}

}  // namespace actbench::bench
