// SPDX-License-Identifier: Apache-2.0
#include "kernels/registry/sharing.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

#include "kernels/float_state.hpp"
#include "kernels/registry/foreign.hpp"

namespace actbench {
namespace {

std::atomic<unsigned>& wanted() noexcept {
  static std::atomic<unsigned> count{1};
  return count;
}

}  // namespace

unsigned threads() noexcept { return wanted().load(std::memory_order_relaxed); }
void set_threads(unsigned count) noexcept { wanted().store(std::max(count, 1u), std::memory_order_relaxed); }

void share(std::size_t n, std::size_t unit, unsigned count, const std::function<void(std::size_t, std::size_t)>& work) {
  const std::size_t units = n / unit + (n % unit != 0);
  const auto edge = [&](unsigned part) { return std::min(n, units * part / count * unit); };
  std::vector<std::thread> others;
  unsigned part = 1;
  try {
    others.reserve(count - 1);
    for (; part < count; ++part) {
      others.emplace_back([&work, begin = edge(part), end = edge(part + 1)] {
        const DefaultFloatState state;
        work(begin, end);
      });
    }
  } catch (const std::exception&) {  // no thread, or no memory for one
  }
  work(0, edge(1));
  if (part < count) work(edge(part), n);
  for (std::thread& other : others) other.join();
}

unsigned sharing(std::size_t bytes) noexcept {
  constexpr std::size_t least = std::size_t{1} << 20;
  return static_cast<unsigned>(std::clamp<std::size_t>(bytes / least, 1, threads()));
}

unsigned sharing(const Kernel& kernel, const Arguments& a) noexcept {
  if (threads() == 1 || kernel.backend == Backend::cuda || is_foreign(kernel.backend)) return 1;
  const unsigned count = sharing(a.n * size_of(kernel.type) * (2u + multipliers_of(kernel).count()));
  const std::size_t rows = a.row > 0 ? a.n / a.row : count;
  return rows < count ? static_cast<unsigned>(std::max<std::size_t>(rows, 1)) : count;
}

}  // namespace actbench
