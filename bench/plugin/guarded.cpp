// SPDX-License-Identifier: Apache-2.0
#include "bench/plugin/guarded.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

namespace actbench::bench::plugin {
namespace {

std::size_t page_size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

}  // namespace

// Guards are wide, so that strides beyond the next page are seen, too.
GuardedArray::GuardedArray(std::size_t most)
    : guard_(16 * page_size()), pages_size_((most + page_size() - 1) / page_size() * page_size()) {
  void* const memory =
      mmap(nullptr, pages_size_ + 2 * guard_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  all_ = static_cast<unsigned char*>(memory);
  pages_ = data_ = all_ + guard_;
}

GuardedArray::~GuardedArray() { munmap(all_, pages_size_ + 2 * guard_); }

void GuardedArray::place(std::size_t bytes, Placement placement, unsigned char filling) {
  mprotect(pages_, pages_size_, PROT_READ | PROT_WRITE);
  std::memset(pages_, filling, pages_size_);
  filling_ = filling;
  size_ = bytes;
  data_ = placement == Placement::begin ? pages_ : pages_ + pages_size_ - bytes;
}

void GuardedArray::protect() { mprotect(pages_, pages_size_, PROT_READ); }

std::optional<std::ptrdiff_t> GuardedArray::changed_outside() const {
  for (const unsigned char* at = data_ + size_; at < pages_ + pages_size_; ++at) {
    if (*at != filling_) return at - data_;
  }
  for (const unsigned char* at = data_; at-- > pages_;) {
    if (*at != filling_) return at - data_;
  }
  return {};
}

}  // namespace actbench::bench::plugin
