// SPDX-License-Identifier: Apache-2.0
#include "bench/peers/peers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "bench/plugin/library.hpp"
#include "bench/selection/functions.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/process.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench::bench::peers {
namespace fs = std::filesystem;

fs::path default_folder() { return (own_program().parent_path() / ".." / ".." / "peers").lexically_normal(); }

std::vector<std::string> plugins_in(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".so" && plugin::looks_like_plugin(entry.path().string()))
      files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> named_plugins(const std::string& folder) {
  std::vector<std::string> files = plugins_in(folder);
  if (!files.empty()) return files;
  std::error_code error;
  throw UsageError(fmt::format("--peers '{}': it {}; scripts/peers builds plug-ins, into build/peers", folder,
                               fs::is_directory(folder, error) ? "has no plug-in in it" : "is no folder"));
}

std::vector<const Kernel*> kernels_like(const Kernel& ours) {
  std::vector<const Kernel*> all;
  for (const Kernel& kernel : kernels()) {
    if (is_foreign(kernel.backend) && same_function(kernel, ours) && unrunnable_reason(kernel) == nullptr)
      all.push_back(&kernel);
  }
  return all;
}

std::vector<const Kernel*> contenders(std::span<const Kernel* const> kernels, double within_ulp) {
  std::vector<const Kernel*> best;
  for (const Kernel* kernel : kernels) {
    if (is_foreign(kernel->backend) || kernel->backend == Backend::cuda || !(kernel->promised_ulp <= within_ulp))
      continue;
    const auto found =
        std::find_if(best.begin(), best.end(), [&](const Kernel* other) { return same_function(*other, *kernel); });
    if (found == best.end()) {
      best.push_back(kernel);
    } else if (kernel->tier < (*found)->tier ||
               (kernel->tier == (*found)->tier && kernel->backend > (*found)->backend)) {
      *found = kernel;
    }
  }
  return best;
}

const Peer* quickest_within(const Standing& standing, double ulp) {
  for (const Peer& peer : standing.peers) {
    if (peer.max_ulp <= ulp) return &peer;
  }
  return nullptr;
}

const char* name(Place place) { return place == Place::ahead ? "ahead" : place == Place::behind ? "behind" : "level"; }

Place place(const Peer& peer) {
  if (peer.over_ours.low > 1) return Place::ahead;
  return peer.over_ours.high < 1 ? Place::behind : Place::level;
}

}  // namespace actbench::bench::peers
