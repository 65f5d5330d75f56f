// SPDX-License-Identifier: Apache-2.0
//
// Programs change the floating-point state of their threads, and the kernels' bits must not follow: every way into the
// library, under every rounding direction, with and without flush-to-zero and denormals-are-zero. What the caller had
// set is as it was afterwards, the flags of exceptions and the x87 unit's control word included.
#include "kernels/float_state.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <sstream>
#include <thread>

#include "actbench/actbench.h"
#include "actbench/large.hpp"
#include "actbench/rows.hpp"
#include "kernels/registry/sharing.hpp"
#include "tests/support/kernel_calls.hpp"

#if defined(__x86_64__) || defined(__aarch64__)

namespace actbench {
namespace {

using test::get;
using test::set;

#if defined(__x86_64__)
std::uint16_t x87_control() {
  std::uint16_t word;
  __asm__ volatile("fnstcw %0" : "=m"(word));
  return word;
}
void set_x87_control(std::uint16_t word) { __asm__ volatile("fldcw %0" : : "m"(word)); }

/// 4 directions, flushing to zero or not, denormals as zero or not; and the exceptions' flags clear or set.
std::vector<FloatState> states() {
  std::vector<FloatState> all;
  for (std::uint32_t bits = 0; bits < 32; ++bits) {
    all.push_back({FloatState::default_control | (bits & 3) << 13 | (bits & 4 ? FloatState::flush_to_zero : 0) |
                   (bits & 8 ? FloatState::denormals_are_zero : 0) | (bits & 16 ? FloatState::flag_bits : 0)});
  }
  return all;
}
#else
std::uint16_t x87_control() { return 0; }
void set_x87_control(std::uint16_t) {}
std::vector<FloatState> states() {
  std::vector<FloatState> all;
  for (std::uint64_t bits = 0; bits < 16; ++bits) {
    all.push_back({(bits & 3) << 22 | (bits & 4 ? FloatState::flush_to_zero : 0), bits & 8 ? std::uint64_t{0x9f} : 0});
  }
  return all;
}
#endif

std::string words(const FloatState& state) {
  std::ostringstream text;
  text << "state" << std::hex;
  for (std::size_t i = 0; i < sizeof state / 4; ++i) text << ' ' << get(&state, i, 4);
  return text.str();
}

/// Runs something in a state, and says whether the state is the same afterwards.
template <class Call>
void run_in(const FloatState& state, Call call) {
  const FloatState mine = FloatState::read();
  const std::uint16_t mine_x87 = x87_control();
  set_x87_control(0x077f);  // to single precision, downwards
  state.write();
  call();
  const FloatState after = FloatState::read();
  const std::uint16_t after_x87 = x87_control();
  mine.write();
  set_x87_control(mine_x87);
  EXPECT_EQ(words(after), words(state));
  EXPECT_EQ(after_x87, mine_x87 == 0 ? 0 : 0x077f);
}

/// Telling values, numbers where results are ordinary ones, and where they are subnormal.
std::vector<std::uint64_t> inputs(Type type) {
  std::vector<std::uint64_t> all = test::telling_values(type);
  for (const double x :
       {0.1, 0.3, 0.7, 1.3, 2.9, 3.3, 6.1, 8.7, 11.9, 13.3, 14.1, 17.3, 20.0, 50.3, 87.5, 100.1, 700.5, 745.1}) {
    for (const double v : {x, -x}) {
      std::uint64_t bits = 0;
      if (type == Type::f64) {
        std::memcpy(&bits, &v, 8);
      } else {
        const float f = static_cast<float>(v);
        std::uint32_t wide;
        std::memcpy(&wide, &f, 4);
        bits = type == Type::f32    ? wide
               : type == Type::bf16 ? wide >> 16
                                    : (v < 0 ? 0x8000u : 0u) | 0x3800u | (wide >> 13 & 0x7ff);
      }
      all.push_back(bits);
    }
  }
  return all;
}

/// What one way into the library makes of a kernel's inputs, as bytes.
using Way = std::vector<char> (*)(const Kernel&, const std::vector<char>& x, const std::vector<char>& m, std::size_t n);

std::vector<char> by_apply(const Kernel& kernel, const std::vector<char>& x, const std::vector<char>& m,
                           std::size_t n) {
  std::vector<char> y(x.size());
  const Multipliers takes = multipliers_of(kernel);
  apply(kernel, {x.data(), takes.dy ? m.data() : nullptr, takes.a ? m.data() : nullptr}, y.data(), n);
  return y;
}
std::vector<char> by_rows(const Kernel& kernel, const std::vector<char>& x, const std::vector<char>& m, std::size_t n) {
  std::vector<char> y(x.size());
  constexpr std::size_t length = 4;
  n -= n % length;
  apply_rows(kernel, x.data(), takes_dy(kernel.direction) ? m.data() : nullptr, y.data(), n / length, length);
  apply(kernel, {x.data(), takes_dy(kernel.direction) ? m.data() : nullptr, nullptr}, y.data(), 3);
  return y;
}
std::vector<char> by_c(const Kernel& kernel, const std::vector<char>& x, const std::vector<char>& m, std::size_t n) {
  std::vector<char> y(x.size());
  const actbench_kernel* handle = nullptr;
  EXPECT_EQ(actbench_find(identity(kernel).c_str(), &handle), ACTBENCH_OK);
  const Multipliers takes = multipliers_of(kernel);
  const void* const dy = takes.dy ? m.data() : nullptr;
  double parameters[max_parameters];
  for (std::size_t i = 0; i < kernel.activation->parameter_count; ++i)
    parameters[i] = kernel.activation->parameters[i].default_value;
  actbench_status status;
  if (kernel.activation->shape == Shape::rows) {
    status = actbench_apply_rows(handle, x.data(), dy, y.data(), n / 4, 4);
  } else if (kernel.activation->shape == Shape::gated) {
    status = actbench_apply_gated(handle, takes.a ? m.data() : nullptr, x.data(), dy, y.data(), n, parameters);
  } else if (takes.dy) {
    status = actbench_apply_gradient(handle, x.data(), dy, y.data(), n, parameters);
  } else {
    status = actbench_apply(handle, x.data(), y.data(), n, parameters);
  }
  EXPECT_EQ(status, ACTBENCH_OK) << actbench_error_message();
  return y;
}
std::vector<char> by_channels(const Kernel& kernel, const std::vector<char>& x, const std::vector<char>& m,
                              std::size_t n) {
  std::vector<char> y(x.size());
  const double values[] = {0.1, 0.3, 1.1};
  apply_channels(kernel, x.data(), takes_dy(kernel.direction) ? m.data() : nullptr, y.data(), n, values, 5);
  return y;
}
std::vector<char> by_channels_in_c(const Kernel& kernel, const std::vector<char>& x, const std::vector<char>& m,
                                   std::size_t n) {
  std::vector<char> y(x.size());
  const actbench_kernel* handle = nullptr;
  EXPECT_EQ(actbench_find(identity(kernel).c_str(), &handle), ACTBENCH_OK);
  const double values[] = {0.1, 0.3, 1.1};
  EXPECT_EQ(actbench_apply_channels(handle, x.data(), takes_dy(kernel.direction) ? m.data() : nullptr, y.data(), n,
                                    values, 3, 5),
            ACTBENCH_OK);
  return y;
}
std::vector<char> by_sums(const Kernel& kernel, const std::vector<char>& x, const std::vector<char>&, std::size_t n) {
  std::vector<char> sums(7 * sizeof(double));
  std::vector<double> in_cpp(7);
  sum_channels(kernel.type, x.data(), n, 1, in_cpp);
  EXPECT_EQ(actbench_sum_channels(name(kernel.type), x.data(), n, 7, 1, reinterpret_cast<double*>(sums.data())),
            ACTBENCH_OK);
  EXPECT_EQ(std::memcmp(in_cpp.data(), sums.data(), sums.size()), 0);
  return sums;
}

/// Arrays of more than two MiB, results past the caches, three threads that share the call.
std::vector<char> by_threads(const Kernel& kernel, const std::vector<char>& x, const std::vector<char>& m,
                             std::size_t) {
  struct Large {
    const std::size_t stream_before = stream_from();
    Large() { set_stream_from(0), set_threads(3); }
    ~Large() { set_stream_from(stream_before), set_threads(1); }
  };
  const std::size_t times = (std::size_t{3} << 19) / x.size() + 1;
  std::vector<char> many_x, many_m;
  for (std::size_t i = 0; i < times; ++i) {
    many_x.insert(many_x.end(), x.begin(), x.end());
    many_m.insert(many_m.end(), m.begin(), m.end());
  }
  std::vector<char> y(many_x.size());
  const std::size_t n = many_x.size() / size_of(kernel.type);
  const Multipliers takes = multipliers_of(kernel);
  const Large large;
  if (kernel.activation->shape == Shape::rows) {
    apply_rows(kernel, many_x.data(), takes.dy ? many_m.data() : nullptr, y.data(), n / 64, 64);
  } else {
    apply(kernel, {many_x.data(), takes.dy ? many_m.data() : nullptr, takes.a ? many_m.data() : nullptr}, y.data(), n);
  }
  // A NaN's sign may depend on the place in a block, and so on where y lies.
  const std::size_t size = size_of(kernel.type);
  for (std::size_t i = 0; i < n; ++i)
    set(y.data(), i, size, test::layout(kernel.type).canonical(get(y.data(), i, size)));
  return y;
}

/// Every kernel that promises something has the bits of the default state in all others; a naive one, whose functions
/// are the platform's, as well.
void check(const std::vector<const Kernel*>& kernels, Way way) {
  ASSERT_FALSE(kernels.empty());
  for (const Kernel* kernel : kernels) {
    const std::size_t size = size_of(kernel->type);
    const std::vector<std::uint64_t> values = inputs(kernel->type);
    const std::size_t n = values.size();
    std::vector<char> x(n * size), m(n * size);
    for (std::size_t i = 0; i < n; ++i) {
      set(x.data(), i, size, values[i]);
      set(m.data(), i, size, values[(i * 7 + 3) % n]);
    }
    const std::vector<char> usual = way(*kernel, x, m, n);
    for (const FloatState& state : states()) {
      std::vector<char> here;
      run_in(state, [&] { here = way(*kernel, x, m, n); });
      ASSERT_EQ(here.size(), usual.size());
      if (std::memcmp(here.data(), usual.data(), here.size()) == 0) continue;
      std::size_t i = 0;
      while (get(here.data(), i, size) == get(usual.data(), i, size)) ++i;
      ADD_FAILURE() << identity(*kernel) << " in " << words(state) << ": element " << i << " of " << std::hex
                    << get(x.data(), i % n, size) << " is " << get(here.data(), i, size) << ", not "
                    << get(usual.data(), i, size);
      return;
    }
  }
}

std::vector<const Kernel*> with_one_parameter() {
  std::vector<const Kernel*> some;
  for (const Kernel* kernel : test::runnable_kernels()) {
    if (kernel->activation->parameter_count == 1 && kernel->activation->shape == Shape::elementwise)
      some.push_back(kernel);
  }
  return some;
}

TEST(FloatState, NoKernelFollowsIt) { check(test::runnable_kernels(), by_apply); }
TEST(FloatState, NoKernelFollowsItByC) { check(test::runnable_kernels(), by_c); }
TEST(FloatState, NoKernelOverRowsFollowsIt) { check(test::runnable_kernels(true), by_rows); }
TEST(FloatState, NoKernelOverRowsFollowsItByC) { check(test::runnable_kernels(true), by_c); }
TEST(FloatState, ChannelsDoNotFollowIt) { check(with_one_parameter(), by_channels); }
TEST(FloatState, ChannelsDoNotFollowItByC) { check(with_one_parameter(), by_channels_in_c); }
TEST(FloatState, SumsDoNotFollowIt) {
  for (const Type type : {Type::f32, Type::f64, Type::f16, Type::bf16})
    check({find(std::string("prelu/alpha_gradient/") + name(type) + "/accurate/scalar")}, by_sums);
}

TEST(FloatState, ThreadsThatShareACallDoNotFollowIt) {
  std::vector<const Kernel*> some;
  for (const char* name : {"gelu/forward/f32/fast/", "softplus/backward/bf16/accurate/", "hard_swish/forward/f64/fast/",
                           "swiglu/forward/f32/fast/", "softmax/forward/f32/fast/"}) {
    for (const char* backend : {"scalar", "avx2", "avx512"}) {
      const Kernel* const kernel = find(std::string(name) + backend);
      if (kernel != nullptr && unrunnable_reason(*kernel) == nullptr) some.push_back(kernel);
    }
  }
  check(some, by_threads);
}

/// A thread begins in the state of the one that starts it.
TEST(FloatState, ThreadsThatShareBeginInTheDefaultOne) {
  for (const FloatState& state : states()) {
    std::atomic<int> others{0}, changed{0};
    run_in(state, [&] {
      const std::thread::id caller = std::this_thread::get_id();
      share(3, 1, 3, [&](std::size_t, std::size_t) {
        if (std::this_thread::get_id() == caller) return;
        ++others;
        const FloatState here = FloatState::read();
        if (!(here == here.with_default_control())) ++changed;
      });
    });
    EXPECT_EQ(others, 2);
    EXPECT_EQ(changed, 0) << words(state);
  }
}

TEST(FloatState, ParametersAreRoundedTheSame) {
  const Activation& softplus = *find("softplus/forward/f32/accurate/scalar")->activation;
  for (const FloatState& state : states()) {
    run_in(state, [&] {
      EXPECT_EQ(round_to(Type::f32, 0.1), 0x1.99999ap-4);
      EXPECT_EQ(round_to(Type::bf16, 0.3), 0.30078125);
      EXPECT_EQ(round_to(Type::f16, 0.1), 0x1.998p-4);
      // Comparisons with the values themselves would be made in the state that is tested.
      const double small = round_to(Type::f32, 0x1p-149), subnormal = 0x1p-1074;
      EXPECT_EQ(get(&small, 0, 8), get(std::vector<double>{0x1p-149}.data(), 0, 8));
      EXPECT_EQ(parameter_error(softplus, {&subnormal, 1}), "");
    });
  }
}

/// What the test rests on: a kernel's function, called without the guard, does follow.
TEST(FloatState, TheFunctionItselfFollowsIt) {
#if defined(__x86_64__)
  const Kernel& kernel = *find("softplus/forward/f32/fast/scalar");
  const double one = 1;
  float x = 0.3f, usual = 0, other = 0;
  kernel.run({&x, nullptr, &usual, 1, &one});
  run_in({FloatState::default_control | FloatState::rounding | FloatState::flag_bits}, [&] {
    kernel.run({&x, nullptr, &other, 1, &one});
  });
  EXPECT_NE(usual, other);
#endif
}

/// An exception that traps for the caller must not trap within a call.
TEST(FloatState, NothingTraps) {
#if defined(__x86_64__)
  const Kernel& kernel = *find("gelu/forward/f32/accurate/scalar");
  const float x[] = {std::numeric_limits<float>::infinity(), 0x1p-149f, -14.2f,
                     std::numeric_limits<float>::signaling_NaN()};
  float y[4];
  run_in({0x0000}, [&] { apply(kernel, x, y, 4); });
  EXPECT_EQ(y[0], x[0]);
#endif
}

}  // namespace
}  // namespace actbench

#endif
