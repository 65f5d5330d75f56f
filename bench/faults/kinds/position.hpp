// SPDX-License-Identifier: Apache-2.0
//
// Other bits than when computed alone: the result depends on place, length, neighbours, alignment or overlap.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "bench/faults/probe.hpp"
#include "bench/faults/shape.hpp"

namespace actbench::bench::faults {

/// Holds a kernel's results in arrays against its results for the same inputs alone.
template <class U>
class PositionSearch {
 public:
  PositionSearch(const Probe<U>& probe, const FunctionShape<U>& shape, std::uint64_t seed, Faults& faults)
      : probe_(probe), layout_(probe.layout), faults_(faults) {
    choose_inputs(shape, seed);
    for (U v : x_) alone_.push_back(static_cast<U>(probe.alone(v)));
  }

  void run() {
    at_every_length();
    among_hostile_neighbours();
  }

 private:
  /// Where a call puts its results.
  enum class Target : unsigned char { apart, over_x, over_multiplier };
  static constexpr std::size_t most = 67;  ///< elements of a short array

  /// The special inputs, which tell the most, and after them ordinary ones. Half of these come from where activations
  /// are curved, 2^-8 to 2^8.
  void choose_inputs(const FunctionShape<U>& shape, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (const SpecialInput& special : shape.truth.specials) x_.push_back(static_cast<U>(special.input.x));
    telling_ = x_.size();
    const auto& magnitudes = shape.sample.magnitudes;
    for (std::size_t i = 0; i < 4000; ++i) {
      const int exponent = static_cast<int>(random() % 16) - 8;
      const U curved = static_cast<U>(pattern_of(probe_.kernel.type, std::ldexp(1.0, exponent)) +
                                      (random() & (layout_.smallest_normal - 1)));
      const U anywhere = magnitudes[random() % magnitudes.size()];
      x_.push_back(static_cast<U>((i % 2 == 0 ? curved : anywhere) | (random() % 2 != 0 ? layout_.sign : 0)));
    }
  }

  /// One array of all inputs. Then arrays of every length up to four of the widest registers and some, at any byte,
  /// with the results apart, over x and over the multiplier.
  void at_every_length() {
    compare(0, x_.size(), 0, Target::apart);
    for (const Target target : {Target::apart, Target::over_x, Target::over_multiplier}) {
      if (target == Target::over_multiplier && multipliers_of(probe_.kernel).count() == 0) continue;
      std::size_t shift = 0;
      for (std::size_t first = 0, length = 1; first < x_.size(); first += length, length = length % most + 1) {
        compare(first, std::min(length, x_.size() - first), shift, target);
        shift = (shift + 13) % 64;
      }
    }
  }

  /// Every telling input at every place of an array that is full of another, and some ordinary inputs at some places.
  void among_hostile_neighbours() {
    const std::uint64_t largest = layout_.infinity - 1;
    const std::uint64_t hostile[] = {layout_.quiet_nan(),
                                     layout_.infinity,
                                     layout_.infinity | layout_.sign,
                                     largest,
                                     largest | layout_.sign,
                                     1,
                                     layout_.infinity | 1,
                                     0,
                                     probe_.one};
    constexpr std::size_t n = most;
    std::vector<U> in(n), multiplier(n), out(n);
    for (const std::uint64_t neighbour : hostile) {
      std::fill(in.begin(), in.end(), static_cast<U>(neighbour));
      std::fill(multiplier.begin(), multiplier.end(), static_cast<U>(neighbour));
      const auto try_at = [&](std::size_t i, std::size_t p) {
        in[p] = x_[i];
        multiplier[p] = probe_.one;
        probe_.call({in.data(), multiplier.data(), multiplier.data()}, out.data(), n);
        in[p] = multiplier[p] = static_cast<U>(neighbour);
        judge(i, out[p], [&] { return fmt::format("element {} of {}, all others {}", p, n, text(neighbour)); });
      };
      for (std::size_t i = 0; i < telling_; ++i) {
        for (std::size_t p = 0; p < n; p += 1 + p % 3) try_at(i, p);
      }
      for (std::size_t i = telling_; i < telling_ + 2 * n; ++i) try_at(i, i % n);
    }
  }

  /// The inputs first … first + n - 1 in one array that begins `shift` bytes after a multiple of 64. The other arrays
  /// begin elsewhere.
  void compare(std::size_t first, std::size_t n, std::size_t shift, Target target) {
    constexpr std::size_t alignment = 64;
    const std::size_t bytes = n * sizeof(U), room = bytes + 2 * alignment;
    std::vector<char> memory(3 * room + alignment);
    char* const base = memory.data() + (alignment - reinterpret_cast<std::uintptr_t>(memory.data()) % alignment);
    const std::size_t stride = room / alignment * alignment;
    char* const in = base + shift;
    char* const ones = base + stride + (shift * 3 + 2) % alignment;
    char* const out = target == Target::over_x            ? in
                      : target == Target::over_multiplier ? ones
                                                          : base + 2 * stride + (shift * 5 + 1) % alignment;
    std::memcpy(in, x_.data() + first, bytes);
    for (std::size_t i = 0; i < n; ++i) std::memcpy(ones + i * sizeof(U), &probe_.one, sizeof(U));
    probe_.call({in, ones, ones}, out, n);
    for (std::size_t i = 0; i < n; ++i) {
      judge(first + i, pattern_at(probe_.kernel.type, out, i), [&] {
        return fmt::format("element {} of {}{}", i, n,
                           target == Target::over_x            ? ", result over x"
                           : target == Target::over_multiplier ? ", result over its multiplier"
                                                               : "");
      });
    }
  }

  /// A result of the i-th input; `where` makes the text of its circumstances.
  template <class Where>
  void judge(std::size_t i, std::uint64_t result, Where where) {
    const std::uint64_t x = x_[i], got = layout_.canonical(result), expected = alone_[i];
    if (got == expected) return;
    Faults fault{1, std::isfinite(probe_.subject.promised_ulp()), x, x, got, expected, {}};
    if (faults_.count == 0 || place(x, layout_.sign) < place(faults_.first, layout_.sign)) fault.where = where();
    faults_.merge(fault, layout_.sign);
  }

  std::string text(std::uint64_t pattern) const {
    return layout_.is_nan(pattern) ? "NaN" : decimal(probe_.kernel.type, value_of(probe_.kernel.type, pattern));
  }

  const Probe<U>& probe_;
  const Layout& layout_;
  Faults& faults_;
  std::vector<U> x_, alone_;
  std::size_t telling_ = 0;  ///< how many of the inputs are special
};

namespace kinds {

struct position {
  template <class U>
  static void in_kernel(const Probe<U>& probe, const FunctionShape<U>& shape, std::uint64_t seed, Faults& faults) {
    PositionSearch<U>(probe, shape, seed, faults).run();
  }
};

}  // namespace kinds
}  // namespace actbench::bench::faults
