// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bench/numbers/inputs.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/float_state.hpp"
#include "reports/files.hpp"

namespace actbench::bench::gate {

const char* name(Side side) { return side == Side::base ? "base" : "head"; }

bool callable(const Kernel& kernel) { return kernel.backend != Backend::cuda; }

namespace {

/// Copies a file to one in memory that lives as long as the process. The loader would take a file that it has loaded
/// already for the same library. And a file's pages lie in the same physical memory for all processes, so that the luck
/// with these places would pass for the code's.
std::string copy_in_memory(const std::string& path) {
  const auto contents = reports::read_file(path, reports::most_read_of_large);
  if (!contents) throw MissingError(fmt::format("there is no library of kernels {}", path));
  const int to = ::memfd_create("kernels", MFD_CLOEXEC);
  const int error = to < 0 ? errno : reports::write_all(to, *contents);
  if (error != 0) throw MissingError(fmt::format("cannot copy {} into memory: {}", path, std::strerror(error)));
  return fmt::format("/proc/self/fd/{}", to);
}

}  // namespace

template <class Function>
void KernelLibrary::take(Function& function, const char* symbol, bool required) {
  function = reinterpret_cast<Function>(dlsym(library_, symbol));
  if (function == nullptr && required)
    throw MissingError(fmt::format("{} is no library of kernels: it has no {}", path_, symbol));
}

KernelLibrary::KernelLibrary(const std::string& path) : path_(path) {
  const std::string copy = copy_in_memory(path);
  library_ = dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
  take_default_float_state();  // a library linked with -ffast-math has changed it
  if (library_ == nullptr) {
    std::string why = dlerror();
    if (why.starts_with(copy + ": ")) why.erase(0, copy.size() + 2);
    throw MissingError(fmt::format("cannot load the library of kernels {}: {}", path, why));
  }
  take(count_, "actbench_kernel_count");
  take(at_, "actbench_kernel_at");
  take(describe_, "actbench_describe");
  take(find_, "actbench_find");
  take(apply_, "actbench_apply");
  take(gradient_, "actbench_apply_gradient");
  take(gated_, "actbench_apply_gated", false);
  take(rows_, "actbench_apply_rows", false);
  take(error_, "actbench_error_message");
  take(code_, "actbench_kernel_code", false);
  link_map* map = nullptr;
  if (dlinfo(library_, RTLD_DI_LINKMAP, &map) == 0) address_ = map->l_addr;
}

std::vector<KernelLibrary::Entry> KernelLibrary::list() const {
  // The first field of a description is the identity in all revisions; nothing else of it is read. It may be longer
  // than that of this revision.
  union {
    const char* identity;
    char room[4096];
  } description;
  std::vector<Entry> all;
  for (std::size_t i = 0; i < count_(); ++i) {
    const void* const handle = at_(i);
    if (handle == nullptr || describe_(handle, &description) != 0) continue;
    const std::uint64_t code = code_ == nullptr ? 0 : reinterpret_cast<std::uintptr_t>(code_(handle)) - address_;
    all.push_back({description.identity, handle, code});
  }
  return all;
}

const void* KernelLibrary::find(const std::string& identity) const {
  const void* handle = nullptr;
  return find_(identity.c_str(), &handle) == 0 ? handle : nullptr;
}

bool KernelLibrary::runnable(const Kernel& alike, const void* handle) const {
  char none = 0;
  return apply(alike, handle, taken(multipliers_of(alike), {&none, &none, &none}), &none, 0);
}

std::string KernelLibrary::error() const { return error_(); }

}  // namespace actbench::bench::gate
