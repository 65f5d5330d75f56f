// SPDX-License-Identifier: Apache-2.0
//
// An array between pages that nobody may touch.
#pragma once

#include <cstddef>
#include <optional>

namespace actbench::bench::plugin {

/// Where the array lies among its pages: at their beginning or at their end.
enum class Placement : unsigned char { begin, end };

class GuardedArray {
 public:
  /// Room for so many bytes. Throws std::bad_alloc.
  explicit GuardedArray(std::size_t most);
  ~GuardedArray();
  GuardedArray(const GuardedArray&) = delete;
  GuardedArray& operator=(const GuardedArray&) = delete;

  /// Makes place for so many bytes, all of whose pages are filled with `filling` and may be written.
  void place(std::size_t bytes, Placement, unsigned char filling);
  void protect();  ///< From now on nothing may be written.

  unsigned char* data() const { return data_; }
  std::size_t size() const { return size_; }
  const unsigned char* pages() const { return pages_; }  ///< what may be touched
  std::size_t pages_size() const { return pages_size_; }
  std::size_t guard_size() const { return guard_; }  ///< in bytes, on either side of the pages

  /// The place, as bytes from data(), of a byte beside the array that is no longer the filling.
  std::optional<std::ptrdiff_t> changed_outside() const;

 private:
  std::size_t guard_, pages_size_, size_ = 0;
  unsigned char *all_, *pages_, *data_;
  unsigned char filling_ = 0;
};

}  // namespace actbench::bench::plugin
