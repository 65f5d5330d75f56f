// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/pairs.hpp"

#include <fmt/format.h>

#include <map>

#include "bench/gate/machine_code.hpp"
#include "bench/support/errors.hpp"
#include "reports/files.hpp"

// Where Debian installs libraries.
#if defined(__x86_64__)
#define ACTBENCH_MULTIARCH "x86_64-linux-gnu"
#elif defined(__aarch64__)
#define ACTBENCH_MULTIARCH "aarch64-linux-gnu"
#else
#define ACTBENCH_MULTIARCH ""
#endif

namespace actbench::bench::gate {
namespace fs = std::filesystem;
namespace {

MachineCode machine_code(const std::string& path) {
  auto contents = reports::read_file(path, reports::most_read_of_large);
  if (!contents) throw UsageError(fmt::format("there is no file {}", path));
  return {std::move(*contents), path};
}

/// A path as the measuring process is told it, in a line of fields. Throws UsageError where it would be taken apart.
fs::path sendable(const fs::path& path) {
  fs::path whole = fs::absolute(path).lexically_normal();
  if (whole.native().find_first_of("\t\n") != std::string::npos)
    throw UsageError(fmt::format("{}: a path with a tab or a line end in it cannot be used", whole.string()));
  return whole;
}

using Table = std::map<std::string, Listed>;

Table table_of(const Place& place, Side side) {
  Table table;
  for (Listed& entry : list_kernels(place, side)) table.emplace(entry.identity, std::move(entry));
  return table;
}

std::vector<std::string> removed(const Table& base, const Table& head) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : base) {
    if (head.find(name) == head.end()) names.push_back(name);
  }
  return names;
}

}  // namespace

fs::path own_library(const fs::path& program) {
  const fs::path folder = program.parent_path();
  std::string tried;
  for (const char* place : {"../kernels", "../lib", "../lib64", "../lib/" ACTBENCH_MULTIARCH, "."}) {
    const fs::path path = (folder / place / library_file).lexically_normal();
    if (fs::exists(path)) return sendable(path);
    tried += (tried.empty() ? "" : ", ") + path.string();
  }
  throw MissingError(fmt::format(
      "the library of this program's kernels is not where it was built or installed ({}); name it by --head", tried));
}

fs::path library_at(const fs::path& path, const std::string& option) {
  std::error_code none;  // a name that is too long is no file
  if (fs::is_directory(path, none)) {
    for (const char* place : {"kernels", "lib", "lib64", "lib/" ACTBENCH_MULTIARCH, "."}) {
      const fs::path file = path / place / library_file;
      if (fs::exists(file)) return sendable(file);
    }
    throw UsageError(
        fmt::format("{} {}: the folder has no {}; build its target actbench_kernels_c there, or let "
                    "scripts/check build a git revision",
                    option, path.string(), library_file));
  }
  if (!fs::exists(path, none))
    throw UsageError(fmt::format("{} {}: there is no such file or folder", option, path.string()));
  return sendable(path);
}

Family compare_libraries(const Place& place, const std::vector<const Kernel*>& kernels) {
  const MachineCode base_code = machine_code(place.paths[0]), head_code = machine_code(place.paths[1]);
  const Table base = table_of(place, Side::base), head = table_of(place, Side::head);
  Family family;
  for (const auto& [code, whose] : {std::pair(&base_code, "base"), {&head_code, "head"}}) {
    if (code->incomparable() != nullptr && family.incomparable.empty())
      family.incomparable = fmt::format("of the {}, {}", whose, code->incomparable());
  }
  CodeComparison comparison(base_code, head_code);
  std::map<std::string, bool> on_device;  // by activation
  const auto same_on_device = [&](const std::string& activation) {
    const auto [known, fresh] = on_device.try_emplace(activation, false);
    if (fresh) {
      const std::string code = head_code.device_code(activation);
      known->second = !code.empty() && code == base_code.device_code(activation);
    }
    return known->second;
  };
  for (const Kernel* kernel : kernels) {
    const std::string name = identity(*kernel);
    const auto in_base = base.find(name), in_head = head.find(name);
    if (in_head == head.end()) {
      throw MissingError(
          fmt::format("{} is not the library of this program: it has no {}; build both anew", place.paths[1], name));
    }
    Kin kin{kernel, Kinship::added, false};
    if (in_base != base.end()) {
      const Listed &b = in_base->second, &h = in_head->second;
      if (b.code == 0 && family.incomparable.empty())
        family.incomparable = "of the base, it does not say where its kernels begin";
      const bool identical = kernel->backend == Backend::cuda
                                 ? same_on_device(kernel->activation->name)
                                 : b.code != 0 && h.code != 0 && comparison.same(b.code, h.code);
      kin.kinship = identical ? Kinship::identical : Kinship::changed;
      kin.timeable = callable(*kernel) && b.runnable && h.runnable;
    }
    family.kernels.push_back(kin);
  }
  family.removed = removed(base, head);
  return family;
}

Family compare_plugins(const Place& place, const std::vector<const Kernel*>& kernels) {
  const Table base = table_of(place, Side::base), head = table_of(place, Side::head);
  Family family;
  for (const Kernel* kernel : kernels) {
    const auto in_base = base.find(identity(*kernel)), in_head = head.find(identity(*kernel));
    if (in_head == head.end()) continue;
    const bool both = in_base != base.end();
    family.kernels.push_back({kernel, both ? Kinship::changed : Kinship::added,
                              both && in_base->second.runnable && in_head->second.runnable});
  }
  family.removed = removed(base, head);
  family.incomparable = "plug-ins are timed, whether they changed or not";
  return family;
}

}  // namespace actbench::bench::gate
