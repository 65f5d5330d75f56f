// SPDX-License-Identifier: Apache-2.0
//
// The shared library of kernels of some revision, used through the C interface alone, which all revisions share; or a
// plug-in.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/plugin/plugins.hpp"

namespace actbench::bench::gate {

/// The two sides of a comparison: the base is the revision before, the head the one after.
enum class Side : unsigned char { base, head };
inline constexpr Side sides[] = {Side::base, Side::head};
const char* name(Side);

/// Whether the gate can call a kernel through the C interface with nothing but arrays of the host.
bool callable(const Kernel&);

class KernelLibrary {
 public:
  struct Entry {
    std::string identity;
    const void* handle;
    std::uint64_t code;  ///< where its function lies in the file's address space; 0: the library does not say
  };

  /// Loads a copy of the file, another one each time. A plug-in's kernels join the table. Throws MissingError that
  /// names the file where it is neither a shared library of kernels nor a plug-in.
  explicit KernelLibrary(const std::string& path);

  /// The whole table, in the library's order.
  std::vector<Entry> list() const;
  /// Null where it has no such kernel.
  const void* find(const std::string& identity) const;
  /// The length of rows: kernels over rows take n elements as as many rows of this length as they make.
  static constexpr std::size_t longest_row = 512;
  /// Calls a kernel that takes what `alike`, of this program, takes. Parameters have their defaults. False where the
  /// library refuses; error() has its reason.
  bool apply(const Kernel& alike, const void* handle, const InputArrays& in, void* y, std::size_t n) const {
    if (!plugin_.empty()) return apply_plugin(alike, handle, in, y, n);
    if (alike.activation->shape == Shape::gated)
      return gated_ != nullptr && gated_(handle, in.a, in.x, in.dy, y, n, nullptr) == 0;
    if (alike.activation->shape == Shape::rows) {
      const std::size_t length = std::clamp<std::size_t>(n, 1, longest_row);
      return rows_ != nullptr && rows_(handle, in.x, in.dy, y, n / length, length) == 0;
    }
    return (in.dy != nullptr ? gradient_(handle, in.x, in.dy, y, n, nullptr) : apply_(handle, in.x, y, n, nullptr)) ==
           0;
  }
  /// Whether this machine has what the kernel needs.
  bool runnable(const Kernel& alike, const void* handle) const;
  std::string error() const;

 private:
  template <class Function>
  void take(Function& function, const char* symbol, bool required = true);

  bool apply_plugin(const Kernel& alike, const void* handle, const InputArrays& in, void* y, std::size_t n) const;

  std::vector<plugin::Adopted> plugin_;  ///< its kernels; empty for a library of kernels
  std::string path_;
  void* library_ = nullptr;
  std::uint64_t address_ = 0;  ///< that its address 0 lies at
  std::size_t (*count_)() = nullptr;
  const void* (*at_)(std::size_t) = nullptr;
  int (*describe_)(const void*, void*) = nullptr;
  int (*find_)(const char*, const void**) = nullptr;
  int (*apply_)(const void*, const void*, void*, std::size_t, const double*) = nullptr;
  int (*gradient_)(const void*, const void*, const void*, void*, std::size_t, const double*) = nullptr;
  int (*rows_)(const void*, const void*, const void*, void*, std::size_t, std::size_t) = nullptr;
  int (*gated_)(const void*, const void*, const void*, const void*, void*, std::size_t, const double*) = nullptr;
  const char* (*error_)() = nullptr;
  const void* (*code_)(const void*) = nullptr;
};

}  // namespace actbench::bench::gate
