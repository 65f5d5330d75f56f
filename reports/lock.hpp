// SPDX-License-Identifier: Apache-2.0
//
// Locks: of several processes that would write the same file or folder, one does. The system takes a lock away when its
// process ends, however it ends.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

namespace actbench::reports {

/// A lock on a file or a folder, until the destructor. A file is replaced when it is written, so its lock is on an
/// empty file beside it, .NAME.lock (of a very long name: its beginning and a number), which goes away with the lock.
/// (Where a process is killed it stays, and locks nothing.) Where the file system has no locks, there is none.
class Lock {
 public:
  Lock() = default;
  /// Throws FileError, naming the file and the process, where another process or another lock of this one has it and
  /// keeps it for so long; and where no file can be made beside it.
  static Lock on_file(const std::filesystem::path&, std::chrono::milliseconds patience = {});
  static Lock on_folder(const std::filesystem::path&);

  ~Lock();
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&& other) noexcept;

 private:
  int descriptor_ = -1;
  std::string beside_;  ///< the empty file; removed with the lock
};

}  // namespace actbench::reports
