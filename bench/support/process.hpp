// SPDX-License-Identifier: Apache-2.0
//
// A program that this one starts, and listens to: what may crash or hang there takes nothing with it here.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace actbench::bench {

/// Path of this program. Throws MissingError where the system does not say.
std::filesystem::path own_program();

/// A child process, with pipes to its stdin and from its stdout. The destructor kills it.
class Process {
 public:
  /// environment: what is added to this process's, as "NAME=VALUE". Throws MissingError that calls it `what`.
  Process(const std::string& program, std::vector<std::string> arguments, std::vector<std::string> environment,
          std::string what);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Writes all of its stdin, and closes it.
  void send(const std::string& text);

  /// Hands over its stdout, line by line, until there is no more. Asks about every 50 ms whether to go on, and returns
  /// false where not. Throws MissingError for a line of more than 1 MiB, and what the functions throw.
  bool listen(const std::function<bool()>& goes_on, const std::function<void(const std::string&)>& line);

  /// Asks it to end, by SIGTERM.
  void terminate();
  /// Ends it. Returns the status that waitpid gives.
  int end();

 private:
  [[noreturn]] void fail(int error) const;
  std::string what_;
  pid_t process_ = -1;
  int to_ = -1, from_ = -1;
};

}  // namespace actbench::bench
