// SPDX-License-Identifier: Apache-2.0
#include "reports/passing.hpp"

#include <unistd.h>

#include <cstring>
#include <iterator>

namespace actbench::reports {

NotedPaths made_folders, lock_files;

void NotedPaths::note(const std::filesystem::path& path) {
  if (path.native().size() >= sizeof Noted::path) return;
  for (Noted& noted : all_) {
    if (noted.there) continue;
    std::strcpy(noted.path, path.c_str());
    noted.there = true;
    return;
  }
}

void NotedPaths::forget(const std::filesystem::path& path) {
  for (Noted& noted : all_) {
    if (noted.there && path == noted.path) noted.there = false;
  }
}

void NotedPaths::each(int (*function)(const char*)) const noexcept {
  for (std::size_t i = std::size(all_); i-- > 0;) {
    if (all_[i].there) function(all_[i].path);
  }
}

void remove_what_passes() noexcept {
  lock_files.each(::unlink);
  made_folders.each(::rmdir);  // the innermost were made last
}

}  // namespace actbench::reports
