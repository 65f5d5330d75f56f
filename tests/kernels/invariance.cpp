// SPDX-License-Identifier: Apache-2.0
//
// An element's result depends on its input alone: not on where it stands, on what stands beside it, on the array's
// length or alignment, or on whether the result overwrites the input. Nothing outside the arrays is read or written.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <random>

#include "tests/support/kernel_calls.hpp"

namespace actbench::test {
namespace {

/// Inputs, gradients that go with them, and what the kernel makes of each pair by itself.
struct Alone {
  std::size_t size;
  std::vector<std::uint64_t> x, dy, y;
};

Alone alone(const Kernel& kernel, const std::vector<double>& parameters) {
  Alone a{size_of(kernel.type), telling_values(kernel.type), {}, {}};
  std::mt19937_64 random(1);
  const Layout l = layout(kernel.type);
  // Ordinary inputs too: of magnitudes from 2^-4 to 2^4.
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t fraction = random() & (l.smallest_normal() - 1);
    a.x.push_back(l.power_of_two(static_cast<int>(random() % 8) - 4) + fraction + (random() % 2 ? l.sign() : 0));
  }
  for (const std::uint64_t x : a.x) {
    a.dy.push_back(a.x[random() % a.x.size()]);
    std::uint64_t y = 0;
    run(kernel, &x, &a.dy.back(), &y, 1, parameters);
    a.y.push_back(l.canonical(y));
  }
  return a;
}

/// An array of bytes that ends, or starts, where memory that may be neither read nor written starts, or ends.
class Fenced {
 public:
  explicit Fenced(std::size_t bytes) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
    inside_ = (bytes + page_ - 1) / page_ * page_;
    void* const p = mmap(nullptr, inside_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED || mprotect(static_cast<char*>(p) + page_, inside_, PROT_READ | PROT_WRITE) != 0) {
      throw std::bad_alloc();
    }
    base_ = static_cast<char*>(p);
  }
  ~Fenced() { munmap(base_, inside_ + 2 * page_); }
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;

  char* first() const { return base_ + page_; }
  char* last(std::size_t bytes) const { return base_ + page_ + inside_ - bytes; }

 private:
  std::size_t page_, inside_;
  char* base_;
};

class Invariance : public testing::TestWithParam<const Kernel*> {
 protected:
  const Kernel& kernel = *GetParam();
  const Layout type_layout = layout(kernel.type);
  const std::vector<double> parameters = default_parameters(kernel);
  const Alone expected = alone(kernel, parameters);
  const std::size_t size = expected.size;

  /// Checks y[i] against the result of pair[i] by itself; says where it differs first.
  bool same(const char* y, const std::vector<std::size_t>& pair, const std::string& where) const {
    for (std::size_t i = 0; i < pair.size(); ++i) {
      const std::uint64_t got = type_layout.canonical(get(y, i, size));
      if (got == expected.y[pair[i]]) continue;
      ADD_FAILURE() << identity(kernel) << ", " << where << ", element " << i << " of " << pair.size() << std::hex
                    << ": f(0x" << expected.x[pair[i]] << ") = 0x" << got << ", alone 0x" << expected.y[pair[i]];
      return false;
    }
    return true;
  }
  void fill(char* x, char* dy, const std::vector<std::size_t>& pair) const {
    for (std::size_t i = 0; i < pair.size(); ++i) {
      set(x, i, size, expected.x[pair[i]]);
      set(dy, i, size, expected.dy[pair[i]]);
    }
  }
  std::vector<std::size_t> draw(std::size_t n, std::mt19937_64& random) const {
    std::vector<std::size_t> pair(n);
    for (std::size_t& p : pair) p = random() % expected.x.size();
    return pair;
  }
};

TEST_P(Invariance, AnyLengthAndAlignmentBetweenGuards) {
  constexpr std::size_t guard = 128;
  constexpr char mark = 0x5A;
  std::mt19937_64 random(2);
  std::vector<std::size_t> lengths;
  for (std::size_t n = 0; n <= 67; ++n) lengths.push_back(n);
  lengths.insert(lengths.end(), {127, 128, 129, 1000, 4099});
  const auto base = [](std::vector<char>& v) {
    return v.data() + (64 - reinterpret_cast<std::uintptr_t>(v.data()) % 64);
  };
  for (const std::size_t n : lengths) {
    const std::size_t room = n * size + 2 * guard + 64;
    std::vector<char> x(room), dy(room), y(room);
    // Other directions and types have the same loops: fewer places will do.
    const bool leading = kernel.direction == Direction::forward && kernel.type == Type::f32;
    const std::size_t step = n > 67 || !leading ? 7 : 1;
    for (std::size_t shift = 0; shift < 64; shift += step) {
      const std::vector<std::size_t> pair = draw(n, random);
      char* const in = base(x) + shift;
      char* const gradient = base(dy) + (shift * 5 + 3) % 64;
      fill(in, gradient, pair);
      const std::vector<char> before = x;

      std::ranges::fill(y, mark);
      char* const out = base(y) + guard / 2 + (shift * 11 + 1) % 64;
      run(kernel, in, gradient, out, n, parameters);
      const std::string where = "shifted by " + std::to_string(shift) + " bytes";
      if (!same(out, pair, where)) return;
      for (const char* p = y.data(); p < y.data() + y.size(); ++p) {
        if (p == out) p += n * size;
        if (*p != mark) FAIL() << identity(kernel) << ", " << where << ", " << n << " elements: wrote byte " << p - out;
      }
      ASSERT_EQ(x, before) << identity(kernel) << " changed its input";

      run(kernel, in, gradient, in, n, parameters);
      if (!same(in, pair, "in place, " + where)) return;
      if (multipliers_of(kernel).count() > 0) {
        fill(in, gradient, pair);
        run(kernel, in, gradient, gradient, n, parameters);
        if (!same(gradient, pair, "over its multiplier, " + where)) return;
      }
    }
  }
}

/// Fast kernels go a shorter way where all inputs lie in the body of their function, up to bounds which these inputs
/// straddle, one after the other.
TEST_P(Invariance, InputsOfLikeSize) {
  constexpr std::size_t n = 96;
  std::mt19937_64 random(5);
  const auto sized = [&](int exponent) {
    const std::uint64_t fraction = random() & (type_layout.smallest_normal() - 1);
    return type_layout.power_of_two(exponent) + fraction + (random() % 2 ? type_layout.sign() : 0);
  };
  const int last = (1 << (type_layout.exponent_bits - 1)) - 1;
  const std::vector<int> near_bounds = {-501, -500, -251, -250, -126, -125, -61, -60, -31, -30, -16, -15, -4,
                                        0,    2,    3,    4,    5,    6,    8,   9,   14,  28,  100, 150};
  const std::vector<int> one = {0}, factors = {-251, -250, -31, -30, -16, -15, 0, 13, 14, 28};
  for (const int x_size : near_bounds) {
    for (const int dy_size : multipliers_of(kernel).count() > 0 ? factors : one) {
      if (x_size <= -last || x_size > last || dy_size <= -last || dy_size > last) continue;
      std::vector<char> x(n * size), dy(n * size), y(n * size);
      for (std::size_t i = 0; i < n; ++i) {
        set(x.data(), i, size, sized(x_size));
        set(dy.data(), i, size, sized(dy_size));
      }
      set(x.data(), n - 5, size, 0);
      set(dy.data(), n - 7, size, type_layout.sign());
      run(kernel, x.data(), dy.data(), y.data(), n, parameters);
      for (std::size_t i = 0; i < n; ++i) {
        std::uint64_t alone = 0;
        run(kernel, x.data() + i * size, dy.data() + i * size, &alone, 1, parameters);
        ASSERT_EQ(type_layout.canonical(get(y.data(), i, size)), type_layout.canonical(alone))
            << identity(kernel) << std::hex << ": f(0x" << get(x.data(), i, size) << "), beside others of its size";
      }
    }
  }
}

TEST_P(Invariance, HostileNeighbours) {
  const Layout l = type_layout;
  const std::uint64_t hostile[] = {
      l.quiet_nan(), l.infinity(),    l.infinity() | l.sign(), 1, l.infinity() - 1, (l.infinity() - 1) | l.sign(), 0,
      l.one(),       l.infinity() + 1};
  constexpr std::size_t block = 64;  // whole registers of any sort, for each value
  // Each value in three of the places, each place for a third of the values.
  constexpr std::size_t places[3][3] = {{0, 8, 31}, {3, 15, 32}, {7, 16, 63}};
  const std::size_t n = expected.x.size() * block;
  std::vector<char> x(n * size), dy(n * size), y(n * size);
  for (const std::uint64_t neighbour : hostile) {
    for (std::size_t turn = 0; turn < 3; ++turn) {
      for (std::size_t i = 0; i < n; ++i) {
        const std::size_t value = i / block;
        const bool here = i % block == places[value % 3][turn];
        set(x.data(), i, size, here ? expected.x[value] : neighbour);
        set(dy.data(), i, size, here ? expected.dy[value] : neighbour);
      }
      run(kernel, x.data(), dy.data(), y.data(), n, parameters);
      for (std::size_t value = 0; value < expected.x.size(); ++value) {
        const std::size_t place = places[value % 3][turn];
        const std::uint64_t got = l.canonical(get(y.data(), value * block + place, size));
        ASSERT_EQ(got, expected.y[value])
            << identity(kernel) << std::hex << ": f(0x" << expected.x[value] << ") = 0x" << got << " at " << std::dec
            << place << std::hex << " among 0x" << neighbour << ", alone 0x" << expected.y[value];
      }
    }
  }
}

/// Every number of a half type, with gradients that are zeros as often as not, beside NaN and without, which takes the
/// kernel another way; with other parameters, too.
TEST_P(Invariance, HalfTypesBesideNaN) {
  if (size != 2 || kernel.tier == Tier::naive) return;
  const Layout l = type_layout;
  std::vector<std::vector<double>> choices = {parameters};
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (const double other : {0.0, -3.0}) {
      for (const double second : {parameters.back(), -5.0}) {
        std::vector<double> changed = parameters;
        changed.back() = second;
        changed[i] = other;
        if (parameter_error(*kernel.activation, changed).empty()) choices.push_back(changed);
      }
    }
  }
  constexpr std::size_t n = 1 << 16;
  std::mt19937_64 random(5);
  std::vector<char> x(n * size), dy(n * size), y(n * size), wide_x(2 * n * size), wide_dy(2 * n * size),
      wide_y(2 * n * size);
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t gradient = i % 2 ? expected.x[random() % expected.x.size()] : i % 4 / 2 * l.sign();
    set(x.data(), i, size, i);
    set(dy.data(), i, size, gradient);
    set(wide_x.data(), 2 * i, size, i);
    set(wide_dy.data(), 2 * i, size, gradient);
    set(wide_x.data(), 2 * i + 1, size, l.quiet_nan());
    set(wide_dy.data(), 2 * i + 1, size, l.one());
  }
  for (const std::vector<double>& choice : choices) {
    run(kernel, x.data(), dy.data(), y.data(), n, choice);
    run(kernel, wide_x.data(), wide_dy.data(), wide_y.data(), 2 * n, choice);
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint64_t got = l.canonical(get(wide_y.data(), 2 * i, size));
      ASSERT_EQ(got, l.canonical(get(y.data(), i, size)))
          << identity(kernel) << testing::PrintToString(choice) << " at 0x" << std::hex << i << ", dy 0x"
          << get(dy.data(), i, size) << ", beside NaN and not";
    }
  }
}

TEST_P(Invariance, TouchesNothingOutsideTheArrays) {
  std::mt19937_64 random(3);
  const std::size_t most = 67 * size;
  const Fenced x(most), dy(most), y(most);
  for (std::size_t n = 0; n <= 67; ++n) {
    const std::vector<std::size_t> pair = draw(n, random);
    const std::size_t bytes = n * size;
    fill(x.last(bytes), dy.last(bytes), pair);
    run(kernel, x.last(bytes), dy.last(bytes), y.last(bytes), n, parameters);
    if (!same(y.last(bytes), pair, "at the end of a page")) return;
    fill(x.first(), dy.first(), pair);
    run(kernel, x.first(), dy.first(), y.first(), n, parameters);
    if (!same(y.first(), pair, "at the start of a page")) return;
  }
}

TEST_P(Invariance, ALargeArray) {
  std::mt19937_64 random(4);
  const std::vector<std::size_t> pair = draw(100003, random);
  std::vector<char> x(pair.size() * size), dy(pair.size() * size), y(pair.size() * size);
  fill(x.data(), dy.data(), pair);
  run(kernel, x.data(), dy.data(), y.data(), pair.size(), parameters);
  same(y.data(), pair, "in a large array");
}

std::string test_name(const testing::TestParamInfo<const Kernel*>& info) {
  std::string s = identity(*info.param);
  for (char& c : s) {
    if (c == '/') c = '_';
  }
  return s;
}

INSTANTIATE_TEST_SUITE_P(Kernels, Invariance, testing::ValuesIn(runnable_kernels()), test_name);

/// The checks above must be able to fail: kernels with the faults that they are there for.
void last_lane(const Arguments& a) noexcept {
  const float* const x = static_cast<const float*>(a.x);
  for (std::size_t i = 0; i < a.n; ++i) static_cast<float*>(a.y)[i] = i % 8 == 7 ? x[i] * 1.0000001f : x[i];
}
void nan_spreads(const Arguments& a) noexcept {
  const float* const x = static_cast<const float*>(a.x);
  bool special = false;
  for (std::size_t i = 0; i < a.n; ++i) special |= x[i] != x[i];
  for (std::size_t i = 0; i < a.n; ++i) static_cast<float*>(a.y)[i] = special ? x[i] + 1.0f : x[i];
}

TEST(Defects, WouldBeSeen) {
  const Activation facts{"defect", "x", "", {}, 0};
  for (const auto function : {last_lane, nan_spreads}) {
    const Kernel kernel{&facts, Direction::forward, Type::f32, Tier::naive, Backend::scalar, 0.5, function};
    const Alone expected = alone(kernel, {});
    std::vector<float> x(expected.x.size()), y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::bit_cast<float>(static_cast<std::uint32_t>(expected.x[i]));
    run(kernel, x.data(), nullptr, y.data(), x.size(), {});
    std::size_t differing = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      differing += layout(Type::f32).canonical(std::bit_cast<std::uint32_t>(y[i])) != expected.y[i];
    }
    EXPECT_GT(differing, 0u);
  }
}

}  // namespace
}  // namespace actbench::test
