// SPDX-License-Identifier: Apache-2.0
#include "bench/plugin/plugins.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>

#include "bench/cli/streams.hpp"
#include "bench/plugin/call.hpp"
#include "bench/plugin/child.hpp"
#include "bench/plugin/description.hpp"
#include "bench/plugin/library.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/progress.hpp"
#include "bench/support/signals.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench::plugin {
namespace {

struct State {
  std::vector<Finding> findings;
  std::map<std::string, std::string> left_out;  ///< why, by identity
  std::vector<Plugin> plugins;
  std::vector<PluginKernel> kernels;
  std::map<std::string, Backend> backends;  ///< by name
  std::deque<Description> descriptions;     ///< the table points into them
};
State& state() {
  static State all;
  return all;
}

void say(const Finding& finding, const char* then = "") {
  write_error(fmt::format("{} {}{}", finding.subject, finding.sentence, then));
}

void add(Finding finding, const char* then = "") {
  say(finding, then);
  if (finding.left_out) state().left_out.emplace(finding.subject, "it " + finding.sentence);
  state().findings.push_back(std::move(finding));
}

Backend backend_of(const std::string& name) {
  if (!state().backends.contains(name) && state().backends.size() == most_foreign_backends)
    throw Refused(fmt::format("is one plug-in too many: {} are the most", most_foreign_backends));
  const auto [at, fresh] = state().backends.try_emplace(name, Backend::cuda);
  if (fresh) at->second = add_backend(name);
  return at->second;
}

PluginKernel as_listed(const Described& d, const std::string& left_out) {
  std::string parameters;
  for (std::size_t i = 0; d.source.parameters != nullptr && i < d.activation->parameter_count; ++i) {
    const Parameter& p = d.activation->parameters[i];
    parameters += fmt::format("{}{}={}", parameters.empty() ? "" : ", ", p.name, p.default_value);
  }
  return {d.identity, parameters, d.note, left_out};
}

/// What a plug-in prints while it is loaded goes nowhere.
class Silence {
 public:
  Silence() {
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (const int file : {0, 1}) {
      kept_[file] = fcntl(STDOUT_FILENO + file, F_DUPFD_CLOEXEC, 3);
      dup2(null, STDOUT_FILENO + file);
    }
    close(null);
  }
  ~Silence() {
    std::fflush(nullptr);
    for (const int file : {0, 1}) {
      dup2(kept_[file], STDOUT_FILENO + file);
      close(kept_[file]);
    }
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  const Quiet quiet_;
  int kept_[2];
};

/// Examines each plug-in, and returns those that can be loaded. Throws UsageError, MissingError, Interrupted.
std::vector<std::string> examined(const Request& request) {
  for (const std::string& path : request.paths) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) throw UsageError(fmt::format("--plugin: there is no file {}", path));
    if (!std::filesystem::is_regular_file(path, error)) throw UsageError(fmt::format("--plugin: {} is no file", path));
  }
  std::vector<std::string> usable;
  std::map<std::string, std::string> names;
  bool only_absent = true;
  for (const std::string& path : request.paths) {
    const Examination found = examine(path, request.patience_s);
    if (request.paths.size() == 1 && found.kernels == 0 && found.findings.size() == 1) {
      const std::string why = fmt::format("{} {}", found.findings[0].subject, found.findings[0].sentence);
      if (found.absent) throw MissingError(why);
      throw UsageError(why);
    }
    for (const Finding& finding : found.findings) add(finding);
    only_absent = only_absent && found.absent;
    if (found.kernels == 0) continue;
    const auto [other, fresh] = names.emplace(found.name, path);
    if (fresh) {
      usable.push_back(path);
    } else {
      add({path, fmt::format("calls itself '{}', as {} does: a name is for one plug-in", found.name, other->second),
           true});
    }
  }
  if (!usable.empty()) return usable;
  if (only_absent) throw MissingError("the plug-ins have no kernel that runs here");
  throw UsageError("the plug-ins have no kernel that can be called");
}

/// What took the command's process with it; its kernel is 0 where it was in none.
struct Loss {
  std::uint32_t kernel;
  std::string sentence;
};

/// The first kernel that a thread is in.
std::uint32_t some_kernel(const Watch& watch) {
  for (const Watch::Seat& seat : watch.seats) {
    if (seat.taken && seat.kernel != 0) return seat.kernel;
  }
  return 0;
}

Loss loss_of(const Watch& watch, int status) {
  const std::uint32_t kernel = watch.fault_in != 0 ? watch.fault_in.load() : some_kernel(watch);
  const std::string when = watch.fault_in != 0 ? fmt::format("in a call of {} elements", watch.fault_elements.load())
                           : kernel != 0       ? "in a call"
                           : watch.loading     ? "while one is loaded"
                                               : "outside of their kernels";
  if (WIFSIGNALED(status)) return {kernel, fmt::format("crashes {}, by {}", when, signal_text(WTERMSIG(status)))};
  return {kernel, fmt::format("calls exit({}) {}", WEXITSTATUS(status), when)};
}

/// The watching process's view of one run of the command.
class Watcher {
 public:
  Watcher(const Watch& watch, double patience_s)
      : watch_(watch), patience_s_(patience_s), loading_(patience_s), seats_(Watch::seat_count, Patience(patience_s)) {}

  /// Returns whether to go on waiting.
  bool look() {
    if (watch_.done) return !ending_.is_over({1, 0, 0});
    if (loading_.is_over({watch_.loading, 0, 0}) && watch_.loading)
      hung_ = Loss{0, fmt::format("hangs while one is loaded: no end after {:.3g} s", patience_s_)};
    for (std::size_t i = 0; i < seats_.size() && !hung_; ++i) {
      const Watch::Seat& seat = watch_.seats[i];
      const std::uint32_t kernel = seat.kernel;
      if (kernel == 0) continue;
      const std::uint64_t elements = seat.elements;
      if (seats_[i].is_over({kernel, seat.calls, 0}, 1e-6 * static_cast<double>(elements))) {
        hung_ = Loss{kernel, fmt::format("hangs: no end of a call of {} elements after {:.3g} s", elements,
                                         patience_s_ + 1e-6 * static_cast<double>(elements))};
      }
    }
    return !hung_;
  }
  const std::optional<Loss>& hung() const { return hung_; }

 private:
  const Watch& watch_;
  double patience_s_;
  Patience loading_;
  std::vector<Patience> seats_;
  Patience ending_{5};
  std::optional<Loss> hung_;
};

int with_findings(int code, const Request& request) {
  return code == exit_fine && !request.forgiving && !state().findings.empty() ? exit_check_failed : code;
}

/// The exit code of a run that ended; nothing where it is to begin again.
std::optional<int> judged(const Watch& watch, const Watcher& watcher, const Ended& end, const Request& request) {
  if (watch.done) {
    if (WIFSIGNALED(end.status)) add({"a plug-in", "does not let the program end when all is done", false});
    return with_findings(watch.code, request);
  }
  const Loss loss = watcher.hung() ? *watcher.hung() : loss_of(watch, end.status);
  if (end.signal != 0 && !watcher.hung()) {
    // It has said so itself.
    if (WIFEXITED(end.status) && WEXITSTATUS(end.status) == exit_usage) return exit_usage;
    throw Interrupted();
  }
  if (WIFSIGNALED(end.status) && WTERMSIG(end.status) == SIGKILL && !watcher.hung())
    throw MissingError("the process with the plug-ins was killed; is there too little memory?");
  if (loss.kernel == 0) throw MissingError(fmt::format("the process with the plug-ins {}", loss.sentence));
  const std::string identity = watch.identities[loss.kernel - 1];
  if (state().left_out.contains(identity)) throw MissingError(fmt::format("{} {}, again", identity, loss.sentence));
  add({identity, loss.sentence, true}, "; it is left out, and the command begins again");
  return {};
}

}  // namespace

const std::vector<Plugin>& loaded() { return state().plugins; }
const std::vector<PluginKernel>& loaded_kernels() { return state().kernels; }
const std::vector<Finding>& findings() { return state().findings; }

std::vector<Adopted> adopt(const std::string& path, bool join) {
  const Silence silence;
  const SeenLoading loading;
  const actbench_plugin* const entry = load(path);
  const Description& plugin = state().descriptions.emplace_back(describe(entry));
  start(*entry);
  std::vector<ForeignKernel> rows;
  std::vector<Adopted> all;
  for (const Described& d : plugin.kernels) {
    Adopted& adopted = all.emplace_back(Adopted{d.identity, d.source, {}, d.runs});
    for (std::size_t i = 0; i < d.activation->parameter_count; ++i)
      adopted.parameters[i] = round_to(d.type, d.activation->parameters[i].default_value);
    if (!join || find(d.identity) != nullptr) continue;
    const auto left_out = state().left_out.find(d.identity);
    const std::string why = !d.absent.empty() ? d.absent : left_out != state().left_out.end() ? left_out->second : "";
    const Function function = why.empty() ? function_for(d.source, d.identity) : nullptr;
    rows.push_back(
        {{d.activation, d.direction, d.type, d.tier, backend_of(plugin.name), d.promised_ulp, function}, why});
    state().kernels.push_back(as_listed(d, why));
  }
  if (!join) return all;
  add_kernels(rows);
  state().plugins.push_back({path, plugin.name, plugin.about});
  return all;
}

namespace {

/// Loads plug-ins that were found to be usable. False where one of them now is not, which is said.
bool joined(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    try {
      adopt(path);
    } catch (const Refused& why) {
      say({path, why.what(), true});
      return false;
    }
  }
  return true;
}

}  // namespace

int with_plugins(const Request& request, const std::function<int()>& command) {
  const std::vector<std::string> paths = examined(request);
  while (true) {
    auto watch = std::make_unique<SharedMemory<Watch>>();
    const HeldSignals held;
    const pid_t child = fork_child();
    if (child == 0) {
      static SharedMemory<Watch>* const mine = watch.release();  // threads of a plug-in may outlive the command
      held.let_go();
      be_watched(**mine);
      (*mine)->code = joined(paths) ? command() : exit_missing;
      (*mine)->done = true;
      return with_findings((*mine)->code, request);
    }
    Watcher watcher(**watch, request.patience_s);
    const Ended end = await(child, [&](int) { return watcher.look(); });
    if (const std::optional<int> code = judged(**watch, watcher, end, request)) return *code;
  }
}

}  // namespace actbench::bench::plugin
