// SPDX-License-Identifier: Apache-2.0
//
// The process that a survey runs in. It loads the peers, and writes a line of JSON as soon as it has a result: first
// {"libraries", "notes"}, then {"ours", …} for each kernel, or {"without"} or {"skipped"} in its place. Where a peer's
// kernel takes the process with it, it goes on after the last result (plugin::with_plugins), and the first line is
// written again. The end is {"done"}, or {"error"}.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <string>

#include "bench/compare/compare.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/peers/peers.hpp"
#include "bench/plugin/child.hpp"
#include "bench/plugin/plugins.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"
#include "kernels/registry/foreign.hpp"
#include "reports/files.hpp"

namespace actbench::bench::peers {
namespace {

void say(const json::json& line) {
  reports::write_all(STDOUT_FILENO, line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

json::json number(double value) { return std::isfinite(value) ? json::json(value) : json::json("inf"); }
json::json interval(const timing::Interval& i) { return {i.median, i.low, i.high, i.confidence}; }

json::json result_of(const Comparison& comparison) {
  json::json line;
  line["peers"] = json::json::array();
  for (const Compared& row : comparison.kernels) {
    const Kernel& kernel = *row.errors.subject.kernel;
    const json::json ulp = number(row.errors.max_ulp), ns = interval(row.times[0].ns_per_element);
    if (is_foreign(kernel.backend)) {
      line["peers"].push_back(
          {{"name", name(kernel.backend)}, {"max_ulp", ulp}, {"ns", ns}, {"over_ours", interval(row.over_ours[0])}});
    } else {
      line["ours"] = identity(kernel), line["max_ulp"] = ulp, line["ns"] = ns;
    }
  }
  return line;
}

/// What survives a run of the command that a peer took with it.
struct Kept {
  std::size_t done;          ///< kernels
  double error_s_per_input;  ///< of a kernel, as the last function had it; 0: not known yet
};

class Run {
 public:
  Run(const json::json& request, Kept& kept)
      : kept_(kept), seconds_(json::field(request, "seconds").get<double>()), most_(json::whole(request, "inputs")) {
    for (const json::json& name : json::list(request, "kernels", 100000)) ours_.push_back(name.get<std::string>());
    how_.sizes = json::text(request, "size");
    how_.row = json::whole(request, "row");
    how_.seed = json::whole(request, "seed");
    how_.threads = static_cast<unsigned>(json::whole(request, "threads"));
    how_.faults = false;
  }

  void operator()() {
    json::json libraries = json::json::array(), notes = json::json::array();
    for (const plugin::Plugin& p : plugin::loaded()) libraries.push_back({{"name", p.name}, {"about", p.about}});
    for (const plugin::Finding& f : plugin::findings()) {
      if (f.left_out) notes.push_back(fmt::format("{} {}", f.subject, f.sentence));
    }
    say({{"libraries", libraries}, {"notes", notes}});
    for (; kept_.done < ours_.size(); ++kept_.done) say(one(ours_[kept_.done]));
    say({{"done", true}});
  }

 private:
  double elapsed() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

  json::json one(const std::string& name) {
    const Kernel* const ours = find(name);
    if (ours == nullptr) throw UsageError(fmt::format("there is no kernel {}", name));
    std::vector<const Kernel*> compared = kernels_like(*ours);
    if (compared.empty()) return {{"without", name}};
    compared.insert(compared.begin(), ours);
    CompareOptions how = how_;
    how.inputs = most_;
    if (seconds_ > 0) {
      // Half of this function's share for times, half for errors.
      const double share = (seconds_ - elapsed()) / static_cast<double>(ours_.size() - kept_.done);
      constexpr double least_of_one_s = 0.015;  // calibration and six runs of one kernel
      if (share < least_of_one_s * static_cast<double>(compared.size())) return {{"skipped", name}};
      constexpr double few_inputs = 1 << 14, most_of_times_s = 2;
      const double affordable = kept_.error_s_per_input > 0
                                    ? 0.4 * share / (kept_.error_s_per_input * static_cast<double>(compared.size()))
                                    : few_inputs;
      how.inputs = static_cast<std::uint64_t>(
          std::clamp(affordable, few_inputs, std::max(few_inputs, static_cast<double>(most_))));
      how.budget = std::clamp(0.4 * share, 0.1, most_of_times_s);
    }
    const double before = elapsed();
    const Comparison comparison = compare(compared, {}, how);
    const double for_errors = std::max(1e-3, elapsed() - before - how.budget);
    kept_.error_s_per_input = for_errors / static_cast<double>(how.inputs * compared.size());
    json::json line = result_of(comparison);
    line["inputs"] = how.inputs;
    return line;
  }

  Kept& kept_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  const double seconds_;
  const std::uint64_t most_;
  std::vector<std::string> ours_;
  CompareOptions how_;
};

}  // namespace

int run_worker() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a peer that hangs is not to outlive who asked
  // What is said of peers is among the results, as notes.
  if (const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC); null >= 0) ::dup2(null, STDERR_FILENO);
  try {
    const json::json request = json::parse(reports::read_all(STDIN_FILENO, reports::most_read, "the request"));
    plugin::Request plugins;
    for (const json::json& file : json::list(request, "plugins", most_foreign_backends))
      plugins.paths.push_back(file.get<std::string>());
    const plugin::SharedMemory<Kept> kept;
    Run run(request, *kept);
    plugin::with_plugins(plugins, [&] {
      run();
      return exit_fine;
    });
  } catch (const std::exception& e) {
    say({{"error", e.what()}});
    return exit_missing;
  }
  return exit_fine;
}

}  // namespace actbench::bench::peers
