// SPDX-License-Identifier: Apache-2.0
//
// One parameter a channel, and sums over channels. Whatever the layout, no element is computed in another way than by
// itself.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "kernels/float_state.hpp"
#include "kernels/table.hpp"

namespace actbench {
namespace {

constexpr std::size_t line_bytes = 64;
constexpr std::size_t long_run = 256;  // elements from which on a run is worth a call of its own
constexpr std::size_t gathered = 128;  // elements of one channel that shorter runs are gathered to
/// Rows for as many channels as one cache line of short runs holds. A run that is almost long has the room to itself.
constexpr std::size_t room = gathered * line_bytes;
static_assert(long_run * sizeof(double) <= room);

/// Arrays as bytes, to be read or written at elements.
struct Arrays {
  const char* x;
  const char* dy;
  char* y;
};

/// Runs of neighbouring channels, again and again. Sizes in bytes.
struct Tile {
  std::size_t first;     ///< place of the first channel's first run
  std::size_t channels;  ///< side by side
  std::size_t periods;   ///< runs of each
  std::size_t run;       ///< size
  std::size_t period;    ///< from a channel's run to its next
};

/// Calls copy(place in the array, place in the rows, size) for every run, in the order of the array: so each cache line
/// is met once. Size: of a run where the compiler is to know it, or 0.
template <std::size_t Size, class Copy>
inline void each_run_of(const Tile& t, Copy copy) {
  const std::size_t size = Size != 0 ? Size : t.run, row = t.periods * size;
  for (std::size_t k = 0; k < t.periods; ++k) {
    std::size_t at = t.first + k * t.period, in_rows = k * size;
    for (std::size_t c = 0; c < t.channels; ++c, at += size, in_rows += row) copy(at, in_rows, size);
  }
}
template <class Copy>
void each_run(const Tile& t, Copy copy) {
  switch (t.run) {
    case 2:
      return each_run_of<2>(t, copy);
    case 4:
      return each_run_of<4>(t, copy);
    case 8:
      return each_run_of<8>(t, copy);
    default:
      return each_run_of<0>(t, copy);
  }
}

struct Calls {
  const Kernel& kernel;
  Arrays arrays;
  const double* values;
  std::size_t size;

  void run(const void* x, const void* dy, void* y, std::size_t n, double value) const {
    const double parameters[max_parameters] = {round_to(kernel.type, value)};
    actbench::call(kernel, {x, dy, y, n, parameters});
  }
  /// n elements from one place on, with the value of one channel.
  void run_at(std::size_t at, std::size_t n, std::size_t channel) const {
    const char* dy = arrays.dy != nullptr ? arrays.dy + at * size : nullptr;
    run(arrays.x + at * size, dy, arrays.y + at * size, n, values[channel]);
  }
  void run_tile(const Tile& t, std::size_t channel) const {
    alignas(line_bytes) char x[room];
    alignas(line_bytes) char dy[room];
    each_run(t, [&](std::size_t at, std::size_t row, std::size_t n) { std::memcpy(x + row, arrays.x + at, n); });
    if (arrays.dy != nullptr)
      each_run(t, [&](std::size_t at, std::size_t row, std::size_t n) { std::memcpy(dy + row, arrays.dy + at, n); });
    const std::size_t row = t.periods * t.run;
    for (std::size_t c = 0; c < t.channels; ++c) {
      char* const of_channel = x + c * row;
      run(of_channel, arrays.dy != nullptr ? dy + c * row : nullptr, of_channel, row / size, values[channel + c]);
    }
    each_run(t,
             [&](std::size_t at, std::size_t in_rows, std::size_t n) { std::memcpy(arrays.y + at, x + in_rows, n); });
  }
};

/// A sum with the rounding errors of its additions, by Knuth's two-sum: the total is off by 2^-53 of itself and about
/// n²·2^-106 of the sum of magnitudes.
struct Sum {
  double sum = 0, lost = 0;
  void add(double term) {
    const double next = sum + term, part = next - sum;
    lost += (sum - (next - part)) + (term - part);
    sum = next;
  }
  /// An infinite sum has lost NaN.
  double total() const { return std::isfinite(sum) ? sum + lost : sum; }
};

double bf16_value(std::uint16_t pattern) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(pattern) << 16));
}

/// Exponent and fraction moved to where f32 has them; the product puts the difference of the biases right, for
/// subnormal numbers too.
double f16_value(std::uint16_t pattern) {
  const auto magnitude = static_cast<std::uint32_t>(pattern & 0x7fff) << 13;
  const float finite = std::bit_cast<float>(magnitude) * 0x1p112f;
  const float special = std::bit_cast<float>(magnitude | 0x7f800000u);
  const double value = static_cast<double>((pattern & 0x7c00) == 0x7c00 ? special : finite);
  return pattern >> 15 ? -value : value;
}

template <class T>
T element(const char* array, std::size_t i) {
  T value;
  std::memcpy(&value, array + i * sizeof(T), sizeof(T));
  return value;
}

/// Value gives element i as a double.
template <class Value>
void sum_each(Value value, std::size_t n, std::size_t stride, std::span<double> sums) {
  constexpr std::size_t side_by_side = 256;
  const std::size_t period = stride * sums.size();
  for (std::size_t first = 0; first < sums.size(); first += side_by_side) {
    const std::size_t channels = std::min(side_by_side, sums.size() - first);
    Sum part[side_by_side];
    for (std::size_t start = first * stride; start < n; start += period) {
      for (std::size_t c = 0, at = start; c < channels && at < n; ++c, at += stride) {
        Sum sum = part[c];
        for (std::size_t i = at; i < std::min(n, at + stride); ++i) sum.add(value(i));
        part[c] = sum;
      }
    }
    for (std::size_t c = 0; c < channels; ++c) sums[first + c] = part[c].total();
  }
}

}  // namespace

void apply_channels(const Kernel& kernel, const void* x, const void* dy, void* y, std::size_t n,
                    std::span<const double> values, std::size_t stride) noexcept {
  const DefaultFloatState state;
  const std::size_t size = size_of(kernel.type), channels = values.size();
  const Calls calls{
      kernel, {static_cast<const char*>(x), static_cast<const char*>(dy), static_cast<char*>(y)}, values.data(), size};
  if (n == 0) return;
  stride = std::min(stride, n);
  if (channels == 1) return calls.run_at(0, n, 0);
  const std::size_t runs = n / stride;                                  // whole ones
  const std::size_t periods = stride < long_run ? runs / channels : 0;  // whole ones, of short runs
  const std::size_t together = std::max<std::size_t>(1, gathered / stride);
  const std::size_t side_by_side = std::max<std::size_t>(1, line_bytes / (stride * size));
  const std::size_t run = stride * size, period = run * channels;
  for (std::size_t k = 0; k < periods; k += together) {
    for (std::size_t c = 0; c < channels; c += side_by_side) {
      calls.run_tile(
          {k * period + c * run, std::min(side_by_side, channels - c), std::min(together, periods - k), run, period},
          c);
    }
  }
  for (std::size_t i = periods * channels; i * stride < n; ++i) {
    calls.run_at(i * stride, std::min(stride, n - i * stride), i % channels);
  }
}

void sum_channels(Type type, const void* terms, std::size_t n, std::size_t stride, std::span<double> sums) noexcept {
  const DefaultFloatState state;
  const char* const bytes = static_cast<const char*>(terms);
  switch (type) {
    case Type::f32:
      return sum_each([=](std::size_t i) { return double{element<float>(bytes, i)}; }, n, stride, sums);
    case Type::f64:
      return sum_each([=](std::size_t i) { return element<double>(bytes, i); }, n, stride, sums);
    case Type::f16:
      return sum_each([=](std::size_t i) { return f16_value(element<std::uint16_t>(bytes, i)); }, n, stride, sums);
    case Type::bf16:
      return sum_each([=](std::size_t i) { return bf16_value(element<std::uint16_t>(bytes, i)); }, n, stride, sums);
  }
}

}  // namespace actbench
