// SPDX-License-Identifier: Apache-2.0
#include "bench/support/progress.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "reports/text.hpp"

namespace actbench::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr std::chrono::milliseconds least_pause{100};

/// The environment's word on it: seconds between two lines, negative for off; 0 where it has none.
double wish() {
  const char* text = std::getenv("ACTBENCH_PROGRESS");
  if (text == nullptr) return 0;
  return std::string_view(text) == "off" ? -1 : std::min(std::strtod(text, nullptr), 1e6);
}

}  // namespace

struct Progress::Work {
  std::string what, label{};
  double fraction = -1, seconds_left = -1;
  Clock::time_point start = Clock::now();

  std::string line() const { return progress_text(what, fraction, seconds_since(start), seconds_left, label); }
};

namespace {

/// The thread that speaks, and what it speaks of.
class Speaker {
 public:
  static Speaker& only() {
    static Speaker speaker;
    return speaker;
  }

  void begin(std::shared_ptr<Progress::Work> work) {
    if (off_) return;
    const std::lock_guard lock(mutex_);
    works_.push_back(std::move(work));
    if (!thread_.joinable()) start();
  }

  void end(const std::shared_ptr<Progress::Work>& work) {
    const std::lock_guard lock(mutex_);
    std::erase(works_, work);
    wipe();
  }

  void quiet(int by) {
    const std::lock_guard lock(mutex_);
    quiet_ += by;
    wipe();
  }

  void update(Progress::Work& work, double fraction, const std::string& label, double seconds_left) {
    if (off_) return;
    const std::lock_guard lock(mutex_);
    work.fraction = std::clamp(fraction, 0.0, 1.0);
    work.label = label;
    work.seconds_left = seconds_left;
  }

 private:
  Speaker() : terminal_(isatty(STDERR_FILENO) != 0), off_(wish() < 0) {
    if (!terminal_) pause_ = std::chrono::milliseconds(static_cast<int>(1000 * (wish() > 0 ? wish() : 10)));
    pause_ = std::max(pause_, least_pause);
  }
  ~Speaker() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  /// Without a thread, as where there may be no more, the work goes on in silence.
  void start() {
    sigset_t all, before;
    ::sigfillset(&all);  // signals are for the threads that work
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      thread_ = std::thread([this] { speak(); });
    } catch (const std::system_error&) {
      off_ = true;
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void speak() {
    std::unique_lock lock(mutex_);
    auto said = Clock::now();
    while (!done_) {
      wake_.wait_until(lock, said + pause_);
      if (done_) return;
      if (Clock::now() < said + pause_) continue;
      said = Clock::now();
      if (quiet_ > 0 || works_.empty() || (terminal_ && seconds_since(works_.back()->start) < 1)) continue;
      show(works_.back()->line());
    }
  }

  void show(std::string line) {
    if (terminal_) {
      winsize size{};
      const std::size_t width =
          ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79u;
      // Identities and times are ASCII, so bytes are columns.
      if (line.size() > width) line.resize(width);
      line = "\r\033[K" + line;
      visible_ = true;
    } else {
      line += "\n";
    }
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
  }

  void wipe() {
    if (!visible_) return;
    visible_ = false;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
  }

  const bool terminal_;
  std::chrono::milliseconds pause_{250};
  std::atomic<bool> off_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Progress::Work>> works_;
  int quiet_ = 0;  ///< so many want nothing said
  bool visible_ = false, done_ = false;
  std::thread thread_;
};

}  // namespace

Progress::Progress(std::string what) : work_(std::make_shared<Work>()) {
  work_->what = std::move(what);
  Speaker::only().begin(work_);
}

Progress::~Progress() { Speaker::only().end(work_); }

Quiet::Quiet() { Speaker::only().quiet(1); }

Quiet::~Quiet() { Speaker::only().quiet(-1); }

void Progress::update(double fraction, const std::string& label, double seconds_left) {
  Speaker::only().update(*work_, fraction, label, seconds_left);
}

std::string progress_text(const std::string& what, double fraction, double seconds, double seconds_left,
                          const std::string& label) {
  if (fraction < 0) return fmt::format("{}, for {} so far", what, reports::duration(seconds));
  std::string line = fmt::format("{} {:3.0f} %", what, 100 * fraction);
  if (seconds_left < 0 && fraction > 0.005) seconds_left = seconds * (1 - fraction) / fraction;
  if (seconds_left >= 0) line += fmt::format(", {} left", reports::duration(seconds_left));
  if (!label.empty()) line += fmt::format("  {}", reports::printable(label));
  return line;
}

}  // namespace actbench::bench
