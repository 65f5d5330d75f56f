// SPDX-License-Identifier: Apache-2.0
//
// For a process that a signal ends in the middle of its work: what is to go with it.
#pragma once

#include <atomic>
#include <filesystem>

namespace actbench::reports {

/// Paths, where a handler of signals can read them. Where there are more, or longer ones, those are not among them.
class NotedPaths {
 public:
  void note(const std::filesystem::path&);
  void forget(const std::filesystem::path&);
  /// Calls a function, safe in a handler, with each of them, the last noted first.
  void each(int (*)(const char* path)) const noexcept;

 private:
  struct Noted {
    std::atomic<bool> there{false};
    char path[4096];
  };
  static_assert(std::atomic<bool>::is_always_lock_free, "a handler of signals may look at nothing else");
  Noted all_[16];
};

/// Folders that were made for what is not written yet.
extern NotedPaths made_folders;
/// Files beside those that this process has locked.
extern NotedPaths lock_files;

/// Removes the lock files, and then the folders, as the destructors of Lock and Place would; a folder that has
/// something else in it stays. Safe in a handler of signals.
void remove_what_passes() noexcept;

}  // namespace actbench::reports
