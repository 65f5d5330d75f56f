// SPDX-License-Identifier: Apache-2.0
//
// Sixteen threads on shared kernels get the bits that one gets: every kernel that runs here, of every shape, by the C++
// and the C interface; and the first look-ups of the process, which set the table up, all at once. Preset tsan runs the
// same under ThreadSanitizer.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <cstring>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "actbench/actbench.h"
#include "actbench/rows.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

constexpr std::size_t threads = 16;

/// Calls work(thread) on all threads at once.
template <class Work>
void at_once(const Work& work) {
  std::barrier start(static_cast<std::ptrdiff_t>(threads));
  std::vector<std::thread> all;
  for (std::size_t t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      start.arrive_and_wait();
      work(t);
    });
  }
  for (std::thread& thread : all) thread.join();
}

// The first test of the file and so of the process, in which nothing has asked for a kernel before.
TEST(Threads, FirstLookUpsAtOnce) {
  struct Seen {
    const Kernel* table;
    std::size_t count;
    const Kernel* found;
    const actbench_kernel* best;
    const actbench_kernel* first;
    std::string name, reason, unknown;
  };
  std::vector<Seen> seen(threads);
  at_once([&](std::size_t t) {
    // Each begins with another one of the calls, so that each of them is once the first.
    for (std::size_t i = 0; i < 6; ++i) {
      Seen& mine = seen[t];
      switch ((t + i) % 6) {
        case 0:
          mine.table = kernels().data();
          break;
        case 1:
          mine.count = actbench_kernel_count();
          break;
        case 2:
          mine.found = find("gelu/forward/f32/fast/scalar");
          break;
        case 3:
          EXPECT_EQ(actbench_find("gelu/forward/f32/fast/best", &mine.best), ACTBENCH_OK);
          break;
        case 4: {
          actbench_kernel_info info;
          mine.first = actbench_kernel_at(0);
          EXPECT_EQ(actbench_describe(mine.first, &info), ACTBENCH_OK);
          mine.name = info.identity;
          break;
        }
        case 5:
          mine.reason = unrunnable_reason(Backend::avx512) ? unrunnable_reason(Backend::avx512) : "";
          mine.unknown = not_found_reason("gelu/forward/f32/fast/sse");
          break;
      }
    }
  });
  for (const Seen& s : seen) {
    EXPECT_EQ(s.table, seen[0].table);
    EXPECT_EQ(s.count, kernels().size());
    ASSERT_NE(s.found, nullptr);
    EXPECT_EQ(s.found, seen[0].found);
    EXPECT_EQ(s.best, seen[0].best);
    EXPECT_EQ(s.first, seen[0].first);
    EXPECT_EQ(s.name, identity(kernels()[0]));
    EXPECT_EQ(s.reason, seen[0].reason);
    EXPECT_EQ(s.unknown, seen[0].unknown);
  }
}

TEST(Threads, HaveMessagesOfTheirOwn) {
  std::barrier all_failed(static_cast<std::ptrdiff_t>(threads));
  at_once([&](std::size_t t) {
    const std::string name = "unknown" + std::to_string(t);
    const actbench_kernel* kernel = nullptr;
    EXPECT_STREQ(actbench_error_message(), "") << "nothing failed on this thread";
    EXPECT_EQ(actbench_find((name + "/forward/f32/fast/best").c_str(), &kernel), ACTBENCH_NOT_FOUND);
    all_failed.arrive_and_wait();
    EXPECT_NE(std::string(actbench_error_message()).find('"' + name + '"'), std::string::npos);
  });
}

/// Inputs of one type, for everyone: telling values and, in between, patterns of all kinds.
struct Inputs {
  std::vector<char> x, dy, a;
  std::size_t n;

  explicit Inputs(Type type) {
    const std::size_t size = size_of(type);
    const Layout l = layout(type);
    const std::vector<std::uint64_t> telling = telling_values(type);
    const std::uint64_t mask = l.sign() | (l.sign() - 1);
    n = 2 * telling.size() + 3;
    x.resize(n * size), dy.resize(n * size), a.resize(n * size);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t drawn = (i + 1) * 0x9E3779B97F4A7C15;
      set(x.data(), i, size, i % 2 == 0 && i / 2 < telling.size() ? telling[i / 2] : (drawn ^ drawn >> 29) & mask);
      set(dy.data(), i, size, i % 3 == 0 ? l.one() : (drawn * 0xD1B54A32D192ED03 >> 7) & mask);
      set(a.data(), i, size, i % 5 == 0 ? l.one() : (drawn * 0xBF58476D1CE4E5B9 >> 5) & mask);
    }
  }
};

/// One way of calling a kernel: what it gives, in bytes.
using Call = void (*)(const Kernel&, const Inputs&, std::vector<char>& y);

const actbench_kernel* handle_of(const Kernel& kernel) {
  return actbench_kernel_at(static_cast<std::size_t>(&kernel - kernels().data()));
}

constexpr std::size_t row_length = 37;

void by_cpp(const Kernel& kernel, const Inputs& in, std::vector<char>& y) {
  const Multipliers takes = multipliers_of(kernel);
  if (kernel.activation->shape == Shape::rows) {
    apply_rows(kernel, in.x.data(), takes.dy ? in.dy.data() : nullptr, y.data(), in.n / row_length, row_length);
  } else {
    apply(kernel, {in.x.data(), takes.dy ? in.dy.data() : nullptr, takes.a ? in.a.data() : nullptr}, y.data(), in.n);
  }
}

void by_c(const Kernel& kernel, const Inputs& in, std::vector<char>& y) {
  const Multipliers takes = multipliers_of(kernel);
  const actbench_kernel* const handle = handle_of(kernel);
  const void* const dy = takes.dy ? in.dy.data() : nullptr;
  actbench_status status = ACTBENCH_OK;
  if (kernel.activation->shape == Shape::rows) {
    status = actbench_apply_rows(handle, in.x.data(), dy, y.data(), in.n / row_length, row_length);
  } else if (kernel.activation->shape == Shape::gated) {
    status = actbench_apply_gated(handle, takes.a ? in.a.data() : nullptr, in.x.data(), dy, y.data(), in.n, nullptr);
  } else if (takes.dy) {
    status = actbench_apply_gradient(handle, in.x.data(), dy, y.data(), in.n, nullptr);
  } else {
    status = actbench_apply(handle, in.x.data(), y.data(), in.n, nullptr);
  }
  EXPECT_EQ(status, ACTBENCH_OK) << actbench_error_message();
}

/// With a parameter for each channel, and the sums over them; elsewhere as by_c().
void by_channels(const Kernel& kernel, const Inputs& in, std::vector<char>& y) {
  if (kernel.activation->shape != Shape::elementwise || kernel.activation->parameter_count != 1)
    return by_c(kernel, in, y);
  constexpr double values[] = {0.25, 1, 1.5};
  const void* const dy = takes_dy(kernel.direction) ? in.dy.data() : nullptr;
  double sums[3] = {};
  EXPECT_EQ(actbench_apply_channels(handle_of(kernel), in.x.data(), dy, y.data(), in.n, values, 3, 5), ACTBENCH_OK);
  EXPECT_EQ(actbench_sum_channels(name(kernel.type), y.data(), in.n, 3, 5, sums), ACTBENCH_OK);
  y.resize(in.n * size_of(kernel.type) + sizeof sums);
  std::memcpy(y.data() + in.n * size_of(kernel.type), sums, sizeof sums);
}

/// Every kernel once alone, then on all threads at once; names each that differs.
void compare(const std::vector<const Kernel*>& all, Call call) {
  const Inputs inputs[] = {Inputs(Type::f32), Inputs(Type::f64), Inputs(Type::f16), Inputs(Type::bf16)};
  const auto result = [&](const Kernel& kernel) {
    const Inputs& in = inputs[static_cast<std::size_t>(kernel.type)];
    std::vector<char> y(in.n * size_of(kernel.type));
    call(kernel, in, y);
    return y;
  };
  std::vector<std::vector<char>> alone;
  for (const Kernel* kernel : all) alone.push_back(result(*kernel));
  std::vector<std::atomic<bool>> differs(all.size());
  std::barrier next(static_cast<std::ptrdiff_t>(threads));
  at_once([&](std::size_t) {
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (k % 16 == 0) next.arrive_and_wait();  // they stay about the same kernel
      if (result(*all[k]) != alone[k]) differs[k] = true;
    }
  });
  for (std::size_t k = 0; k < all.size(); ++k) {
    if (differs[k]) ADD_FAILURE() << identity(*all[k]) << " gives other bits where " << threads << " threads call it";
  }
}

/// Those of this machine's CPU: of a device, threads have streams.
std::vector<const Kernel*> kernels_of_cpu() {
  std::vector<const Kernel*> found;
  for (const bool rows : {false, true}) {
    for (const Kernel* kernel : runnable_kernels(rows)) {
      if (kernel->backend != Backend::cuda) found.push_back(kernel);
    }
  }
  return found;
}

TEST(Threads, GiveTheBitsOfOneInCpp) { compare(kernels_of_cpu(), by_cpp); }
TEST(Threads, GiveTheBitsOfOneInC) { compare(kernels_of_cpu(), by_c); }
TEST(Threads, GiveTheBitsOfOneByChannels) {
  std::vector<const Kernel*> all = kernels_of_cpu();
  std::erase_if(all, [](const Kernel* k) {
    return k->activation->shape != Shape::elementwise || k->activation->parameter_count != 1;
  });
  ASSERT_FALSE(all.empty());
  compare(all, by_channels);
}

/// The comparison itself: a kernel that keeps its results in a place of all threads must be found.
TEST(Threads, SharedScratchIsFound) {
  static const Activation facts{"defect", "x", "", {}, 0};
  static std::atomic<float> scratch[4096];  // atomic, so that it is wrong and yet no race for a sanitizer
  const auto shared = [](const Arguments& a) noexcept {
    static std::atomic<int> calls = 0;
    const auto call = static_cast<float>(++calls);
    for (std::size_t i = 0; i < a.n; ++i) scratch[i] = call;
    std::this_thread::yield();
    bool own = true;
    for (std::size_t i = 0; i < a.n; ++i) own = own && scratch[i] == call;
    std::memset(a.y, own ? 0 : 1, a.n * 4);
  };
  const Kernel defect{&facts, Direction::forward, Type::f32, Tier::fast, Backend::scalar, 0.5, shared};
  // Threads may by chance take turns: a hundred calls of each do not.
  const std::vector<const Kernel*> often(100, &defect);
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter catcher(testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS,
                                                      &failures);
    compare(often, by_cpp);
  }
  EXPECT_GT(failures.size(), 0);
}

}  // namespace
}  // namespace actbench::test
