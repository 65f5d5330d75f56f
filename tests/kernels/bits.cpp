// SPDX-License-Identifier: Apache-2.0
//
// fast and accurate kernels give the same bits on every instruction set that runs here: forward in f32 over 2^24 inputs
// an activation, spread over all bit patterns by an odd stride (i·c mod 2^bits, which repeats none and, with c next to
// 2^bits over the golden ratio, leaves no large gap); every input of the types that have fewer; 2^20 inputs of the
// other directions and types. Every NaN counts as one. bench_proofs holds the kernels that have certificates to 2^26.
//
// The scalar code for CPUs without fused multiply-add, which software may have to emulate, gets 2^14.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

#include "kernels/table.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
constexpr std::uint64_t full_walk = 1 << 24, short_walk = 1 << 20, shortest_walk = 1 << 14;
#else
constexpr std::uint64_t full_walk = 1 << 18, short_walk = 1 << 12, shortest_walk = 1 << 12;  // 20 to 100 times slower
#endif

std::uint64_t walk(std::uint64_t i, Type type, std::uint64_t stride) {
  const std::size_t bits = 8 * size_of(type);
  return (i * (stride >> (64 - bits) | 1)) & (~std::uint64_t{0} >> (64 - bits));
}

/// The kernels of one function that are to agree.
struct Group {
  const Kernel* kernel;  ///< the one that the others are compared with
  std::vector<const Kernel*> others;
};

struct Tables {
  std::vector<Group> listed;    ///< of the table of kernels
  std::vector<Group> shadowed;  ///< built, but not listed because better code of the same backend runs here
};

bool is_same_function(const Kernel& a, const Kernel& b) {
  return std::string_view(a.activation->name) == b.activation->name && a.direction == b.direction && a.type == b.type &&
         a.tier == b.tier;
}

Tables tables() {
  Tables t;
  for (const Kernel* k : runnable_kernels()) {
    if (k->tier == Tier::naive) continue;
    if (t.listed.empty() || !is_same_function(*t.listed.back().kernel, *k)) {
      t.listed.push_back({k, {}});
    } else {
      t.listed.back().others.push_back(k);
    }
  }
  for (const Group& group : t.listed) {
    Group same{group.kernel, {}};
    for (std::size_t i = 0; i < all_tables_count; ++i) {
      if (all_tables[i]->cpu_features & ~cpu_features()) continue;
      for (const Kernel& k : std::span(all_tables[i]->kernels, all_tables[i]->count)) {
        if (!is_same_function(k, *group.kernel)) continue;
        const Kernel* const listed = find(identity(k));
        if (listed != nullptr && listed->run != k.run) same.others.push_back(&k);
      }
    }
    if (!same.others.empty()) t.shadowed.push_back(same);
  }
  return t;
}

/// Compares all of a group over the first `inputs` of the walk; the first difference of each kernel is reported.
void compare(const Group& group, std::uint64_t inputs, const std::vector<double>& parameters) {
  const Kernel& kernel = *group.kernel;
  const std::size_t size = size_of(kernel.type);
  const Layout l = layout(kernel.type);
  const bool multiplied = multipliers_of(kernel).count() > 0;
  // At least one chunk is taken. A device has room for many inputs, and takes long to be asked.
  const bool device = std::ranges::any_of(group.others, [](const Kernel* k) { return k->backend == Backend::cuda; });
  const std::size_t chunk = device ? 1 << 16 : 1 << 12;
  if (size == 2) inputs = std::min(inputs, std::uint64_t{1} << 16);
  std::atomic<std::uint64_t> next = 0;
  std::mutex report;
  const auto work = [&] {
    std::vector<char> x(chunk * size), dy(chunk * size), expected(chunk * size), y(chunk * size);
    for (std::uint64_t begin; (begin = next.fetch_add(chunk)) < inputs;) {
      for (std::size_t i = 0; i < chunk; ++i) {
        set(x.data(), i, size, walk(begin + i, kernel.type, 0x9E3779B97F4A7C15));
        if (multiplied) set(dy.data(), i, size, walk(begin + i, kernel.type, 0xD1B54A32D192ED03));
      }
      run(kernel, x.data(), dy.data(), expected.data(), chunk, parameters);
      for (const Kernel* other : group.others) {
        run(*other, x.data(), dy.data(), y.data(), chunk, parameters);
        if (std::memcmp(expected.data(), y.data(), y.size()) == 0) continue;
        for (std::size_t i = 0; i < chunk; ++i) {
          const std::uint64_t a = l.canonical(get(expected.data(), i, size));
          const std::uint64_t b = l.canonical(get(y.data(), i, size));
          if (a == b) continue;
          const std::lock_guard lock(report);
          next = inputs;
          ADD_FAILURE() << identity(kernel) << " and " << identity(*other) << std::hex << " differ at 0x"
                        << get(x.data(), i, size) << ": 0x" << a << ", 0x" << b;
          return;
        }
      }
    }
  };
  std::vector<std::thread> threads(std::max(1u, std::thread::hardware_concurrency()));
  for (std::thread& t : threads) t = std::thread(work);
  for (std::thread& t : threads) t.join();
}

std::vector<double> other_parameters(const Kernel& kernel) {
  std::vector<double> p = default_parameters(kernel);
  for (std::size_t i = 0; i < p.size(); ++i) {
    const Domain domain = kernel.activation->parameters[i].domain;
    const bool shift = domain != Domain::nonzero && domain != Domain::positive;
    p[i] = round_to(kernel.type, 1.3 * p[i] + (shift ? 0.37 : 0));
  }
  return p;
}

class Bits : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const Backend b : {Backend::scalar, Backend::avx2, Backend::avx512, Backend::cuda}) {
      const char* const reason = unrunnable_reason(b);
      std::printf("%s: %s%s\n", name(b), reason ? "skipped: " : "compared", reason ? reason : "");
    }
  }
  const Tables all = tables();
};

TEST_F(Bits, SameOnEveryBackend) {
  ASSERT_FALSE(all.listed.empty());
  for (const Group& group : all.listed) {
    const Kernel& k = *group.kernel;
    const bool leading = k.direction == Direction::forward && k.type == Type::f32;
    if (!group.others.empty()) compare(group, leading ? full_walk : short_walk, default_parameters(k));
  }
}

TEST_F(Bits, SameWithOtherParameters) {
  for (const Group& group : all.listed) {
    if (group.kernel->activation->parameter_count > 0) compare(group, shortest_walk, other_parameters(*group.kernel));
  }
}

TEST_F(Bits, SameWithoutFusedMultiplyAdd) {
  if (all.shadowed.empty()) GTEST_SKIP() << "there is no other scalar code to compare with";
  for (const Group& group : all.shadowed) compare(group, shortest_walk, default_parameters(*group.kernel));
}

/// The comparison itself: one input of 2^18 computed differently must be found.
TEST_F(Bits, OneChangedBitIsFound) {
  static constexpr std::uint64_t place = 123457;
  static const Activation facts{"defect", "x", "", {}, 0};
  static const std::uint32_t input = static_cast<std::uint32_t>(walk(place, Type::f32, 0x9E3779B97F4A7C15));
  const auto copy = [](const Arguments& a) noexcept { std::memcpy(a.y, a.x, a.n * 4); };
  const auto changed = [](const Arguments& a) noexcept {
    for (std::size_t i = 0; i < a.n; ++i) set(a.y, i, 4, get(a.x, i, 4) ^ (get(a.x, i, 4) == input ? 1 : 0));
  };
  const Kernel good{&facts, Direction::forward, Type::f32, Tier::accurate, Backend::scalar, 0.5, copy};
  const Kernel bad{&facts, Direction::forward, Type::f32, Tier::accurate, Backend::avx2, 0.5, changed};
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter catcher(testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS,
                                                      &failures);
    compare({&good, {&good}}, std::uint64_t{1} << 18, {});
    EXPECT_EQ(failures.size(), 0);
    compare({&good, {&bad}}, std::uint64_t{1} << 18, {});
  }
  EXPECT_EQ(failures.size(), 1);
}

}  // namespace
}  // namespace actbench::test
