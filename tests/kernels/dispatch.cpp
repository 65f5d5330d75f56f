// SPDX-License-Identifier: Apache-2.0
//
// What runs on a narrower CPU: ACTBENCH_CPU_MASK hides instruction sets, the rest runs and gives the same bits. A
// process looks at its CPU once, so each case is a process of its own: this program again, running the one test that
// reports.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "actbench/large.hpp"
#include "kernels/table.hpp"
#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

constexpr Backend cpu_backends[] = {Backend::scalar, Backend::avx2, Backend::avx512};

/// Changes with any bit of a result that goes past the caches, by the widest stores that the CPU is said to have.
std::uint64_t streamed_digest(Backend backend) {
  const Kernel* const kernel = find(std::string("relu/forward/f32/fast/") + name(backend));
  constexpr std::size_t n = 5003;
  std::vector<float> x(n), y(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i * 7 % 5003) - 2500;
  set_stream_from(0);
  apply(*kernel, x.data(), y.data(), n);
  std::uint64_t d = 0;
  for (const float v : y) d = (d ^ std::bit_cast<std::uint32_t>(v)) * 0x100000001B3;
  set_stream_from(SIZE_MAX);
  return d;
}

/// Changes with any bit of the results of a backend's accurate kernels, and of one that streams.
std::uint64_t digest(Backend backend) {
  std::uint64_t d = streamed_digest(backend);
  for (const Kernel& k : kernels()) {
    if (k.backend != backend || k.tier != Tier::accurate) continue;
    for (const std::uint64_t x : telling_values(k.type)) {
      const std::uint64_t dy = layout(k.type).one();
      std::uint64_t y = 0;
      run(k, &x, &dy, &y, 1, default_parameters(k));
      d = (d ^ layout(k.type).canonical(y)) * 0x100000001B3;
    }
  }
  return d;
}

/// Run by Case, in a process of its own.
TEST(Child, DISABLED_Reports) {
  for (const Backend b : cpu_backends) {
    std::size_t count = 0;
    for (const Kernel& k : kernels()) {
      if (k.backend != b) continue;
      ++count;
      // A kernel has the reason of its backend.
      ASSERT_STREQ(unrunnable_reason(k) ? unrunnable_reason(k) : "", unrunnable_reason(b) ? unrunnable_reason(b) : "");
    }
    const char* const reason = unrunnable_reason(b);
    std::printf("report %s count %zu\n", name(b), count);
    if (reason) {
      std::printf("report %s reason %s\n", name(b), reason);
    } else {
      std::printf("report %s digest %llx\n", name(b), static_cast<unsigned long long>(digest(b)));
    }
  }
}

/// What a process reports in whose environment ACTBENCH_CPU_MASK is `mask`: "avx2 digest" -> "12ab…".
using Report = std::map<std::string, std::string>;
Report report(const std::string& mask) {
  std::array<char, 4096> path{};
  if (readlink("/proc/self/exe", path.data(), path.size() - 1) < 0) return {};
  const char* const emulator = std::getenv("ACTBENCH_EMULATOR");  // of a processor that this machine does not have
  const std::string command = "ACTBENCH_CPU_MASK='" + mask + "' " + (emulator ? emulator : "") + " '" + path.data() +
                              "' --gtest_also_run_disabled_tests --gtest_filter=Child.DISABLED_Reports";
  std::FILE* const child = popen(command.c_str(), "r");
  Report found;
  std::array<char, 512> line{};
  while (child && std::fgets(line.data(), line.size(), child)) {
    std::array<char, 64> backend{}, key{};
    std::array<char, 256> value{};
    if (std::sscanf(line.data(), "report %63s %63s %255[^\n]", backend.data(), key.data(), value.data()) == 3) {
      found[std::string(backend.data()) + ' ' + key.data()] = value.data();
    }
  }
  EXPECT_EQ(child ? pclose(child) : -1, 0) << command;
  return found;
}

bool runs(const Report& r, Backend b) { return r.count(std::string(name(b)) + " digest") != 0; }

TEST(Dispatch, HidesWhatTheMaskNames) {
  const Report whole = report("");
  const bool avx2 = runs(whole, Backend::avx2), avx512 = runs(whole, Backend::avx512);
  EXPECT_TRUE(runs(whole, Backend::scalar));
  struct Case {
    const char* mask;
    bool avx2, avx512;
  };
  for (const Case& c : {Case{"avx512", avx2, false}, Case{"avx2", false, false}, Case{"avx512,avx2", false, false},
                        Case{"fma", false, false}, Case{"", avx2, avx512}}) {
    const Report masked = report(c.mask);
    EXPECT_TRUE(runs(masked, Backend::scalar)) << c.mask;
    EXPECT_EQ(runs(masked, Backend::avx2), c.avx2) << c.mask;
    EXPECT_EQ(runs(masked, Backend::avx512), c.avx512) << c.mask;
    for (const Backend b : cpu_backends) {
      const std::string key = name(b);
      EXPECT_EQ(masked.at(key + " count"), whole.at(key + " count")) << "rows are not to vanish: " << c.mask;
      if (runs(masked, b)) {
        EXPECT_EQ(masked.at(key + " digest"), whole.at(key + " digest")) << c.mask;
      }
    }
  }
}

TEST(Dispatch, SaysWhatIsMissing) {
  const Report masked = report("avx2");
#ifdef __x86_64__
  EXPECT_EQ(masked.at("avx2 reason"), "this CPU has no AVX2 (avx2, fma, f16c)");
  EXPECT_EQ(masked.at("avx512 reason"), "this CPU has no AVX-512 (avx512f, avx512dq, avx512bw, avx512vl)");
#else
  EXPECT_TRUE(masked.at("avx2 reason").starts_with("AVX2 needs x86-64, and this is built for"));
  EXPECT_TRUE(masked.at("avx512 reason").starts_with("AVX-512 needs x86-64, and this is built for"));
#endif
}

TEST(Dispatch, BackendsThatRunAgree) {
  const Report whole = report("");
  for (const Backend b : cpu_backends) {
    if (!runs(whole, b)) continue;
    EXPECT_EQ(whole.at(std::string(name(b)) + " digest"), whole.at("scalar digest")) << name(b);
  }
}

}  // namespace
}  // namespace actbench::test
