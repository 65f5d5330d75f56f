// SPDX-License-Identifier: Apache-2.0
#include "bench/support/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "bench/support/errors.hpp"
#include "reports/files.hpp"

extern char** environ;

namespace actbench::bench {
namespace {

constexpr std::size_t most_of_a_line = 1 << 20;

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  return all;
}

}  // namespace

std::filesystem::path own_program() {
  std::error_code error;
  std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) throw MissingError("cannot tell where this program lies: /proc/self/exe cannot be read");
  return path;
}

Process::Process(const std::string& program, std::vector<std::string> arguments, std::vector<std::string> environment,
                 std::string what)
    : what_(std::move(what)) {
  int to[2], from[2];
  if (::pipe2(to, O_CLOEXEC) != 0) fail(errno);
  if (::pipe2(from, O_CLOEXEC) != 0) fail(errno);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  arguments.insert(arguments.begin(), program);
  std::vector<char*> words = pointers_to(arguments), variables = pointers_to(environment);
  words.push_back(nullptr);
  for (char** variable = environ; *variable != nullptr; ++variable) variables.push_back(*variable);
  variables.push_back(nullptr);
  const int error = ::posix_spawn(&process_, program.c_str(), &actions, nullptr, words.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]), ::close(from[1]);
  to_ = to[1], from_ = from[0];
  if (error == 0) return;
  process_ = -1;
  ::close(to_), ::close(from_);
  fail(error);
}

Process::~Process() {
  if (to_ >= 0) ::close(to_);
  if (from_ >= 0) ::close(from_);
  end();
}

void Process::send(const std::string& text) {
  reports::write_all(to_, text);  // this fails where the process has ended; its last words say why
  ::close(to_);
  to_ = -1;
}

bool Process::listen(const std::function<bool()>& goes_on, const std::function<void(const std::string&)>& line) {
  std::string pending;
  for (;;) {
    if (!goes_on()) return false;
    pollfd ready{from_, POLLIN, 0};
    if (::poll(&ready, 1, 50) <= 0) continue;
    char part[4096];
    const ssize_t n = ::read(from_, part, sizeof part);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    pending.append(part, static_cast<std::size_t>(n));
    for (std::size_t end; (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1))
      line(pending.substr(0, end));
    if (pending.size() > most_of_a_line)
      throw MissingError(fmt::format("{} writes without end; is the library of kernels one?", what_));
  }
}

void Process::terminate() {
  if (process_ > 0) ::kill(process_, SIGTERM);
}

int Process::end() {
  if (process_ <= 0) return 0;
  int status = 0;
  ::kill(process_, SIGKILL);  // without effect on one that has ended
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return status;
}

void Process::fail(int error) const {
  throw MissingError(fmt::format("cannot start {}: {}", what_, std::strerror(error)));
}

}  // namespace actbench::bench
