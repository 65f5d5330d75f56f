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
#include "bench/plugin/call.hpp"
#include "bench/plugin/description.hpp"
#include "bench/plugin/library.hpp"
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
  if (plugin::looks_like_plugin(path)) {
    try {
      plugin_ = plugin::adopt(copy);
    } catch (const plugin::Refused& why) {
      throw MissingError(fmt::format("the plug-in {} {}", path, why.what()));
    }
    if (plugin_.empty()) throw MissingError(fmt::format("the plug-in {} has no kernel for the table", path));
    return;
  }
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
  std::vector<Entry> all;
  for (const plugin::Adopted& kernel : plugin_) all.push_back({kernel.identity, &kernel, 0});
  if (!plugin_.empty()) return all;
  // The first field of a description is the identity in all revisions; nothing else of it is read. It may be longer
  // than that of this revision.
  union {
    const char* identity;
    char room[4096];
  } description;
  for (std::size_t i = 0; i < count_(); ++i) {
    const void* const handle = at_(i);
    if (handle == nullptr || describe_(handle, &description) != 0) continue;
    const std::uint64_t code = code_ == nullptr ? 0 : reinterpret_cast<std::uintptr_t>(code_(handle)) - address_;
    all.push_back({description.identity, handle, code});
  }
  return all;
}

const void* KernelLibrary::find(const std::string& identity) const {
  for (const plugin::Adopted& kernel : plugin_) {
    if (kernel.identity == identity) return &kernel;
  }
  if (!plugin_.empty()) return nullptr;
  const void* handle = nullptr;
  return find_(identity.c_str(), &handle) == 0 ? handle : nullptr;
}

bool KernelLibrary::apply_plugin(const Kernel& alike, const void* handle, const InputArrays& in, void* y,
                                 std::size_t n) const {
  const auto& kernel = *static_cast<const plugin::Adopted*>(handle);
  Arguments arguments{in.x, in.dy, y, n, kernel.parameters.data(), in.a};
  if (alike.activation->shape == Shape::rows) {
    arguments.row = std::clamp<std::size_t>(n, 1, longest_row);
    arguments.n = n / arguments.row * arguments.row;
  }
  plugin::call(kernel.source, arguments);
  return true;
}

bool KernelLibrary::runnable(const Kernel& alike, const void* handle) const {
  if (!plugin_.empty() && !static_cast<const plugin::Adopted*>(handle)->runs) return false;
  char none = 0;
  return apply(alike, handle, taken(multipliers_of(alike), {&none, &none, &none}), &none, 0);
}

std::string KernelLibrary::error() const { return plugin_.empty() ? error_() : std::string(); }

}  // namespace actbench::bench::gate
