// SPDX-License-Identifier: Apache-2.0
//
// The kernels as data: one row per activation, direction, type, tier and backend, each with the
// function that computes it. Everything that lists, times or checks kernels walks this table.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace actbench {

/// What an element of the result depends on. elementwise: on the same element of the input; gated: on the same element
/// of two inputs, y = a·f(b); rows: on the whole row that it lies in.
enum class Shape : unsigned char { elementwise, gated, rows };
/// forward: y = f(x); derivative: y = f'(x); backward: y = dy·f'(x), the gradient for x, of rows from the result y of
/// forward instead of x; alpha_gradient: y = dy·∂f/∂α, where f has a learned parameter α; gradient_a, gradient_b:
/// dy·f(b) and dy·a·f'(b), the gradients of a gated unit.
enum class Direction : unsigned char { forward, derivative, backward, alpha_gradient, gradient_a, gradient_b };
/// Arrays of f16 (IEEE's binary16) and bf16 (the upper half of an f32) hold bit patterns of type std::uint16_t.
enum class Type : unsigned char { f32, f64, f16, bf16 };
enum class Tier : unsigned char { naive, fast, accurate };
/// In the order of preference, but for cuda, which is another device: scalar, avx2, avx512, cuda.
enum class Backend : unsigned char {
  scalar,
#define ACTBENCH_BACKEND(name, ...) name,
#include "actbench/backends.def"
#undef ACTBENCH_BACKEND
  cuda
};

/// What values a parameter may take. All must be finite. not_below_previous: at least the parameter before it.
enum class Domain : unsigned char { any, nonzero, positive, not_negative, not_below_previous };

struct Parameter {
  const char* name;      ///< ASCII, for the command line: "alpha"
  double default_value;  ///< the field's default, before it is rounded to the kernel's type
  Domain domain;
};

inline constexpr std::size_t max_parameters = 4;

/// The facts of an activation that hold for all its kernels.
struct Activation {
  const char* name;     ///< "gelu_tanh": the file's name
  const char* formula;  ///< UTF-8, as a reader would write it: "x·Φ(x)"
  const char* aliases;  ///< other names, comma separated, may be empty
  Parameter parameters[max_parameters];
  std::size_t parameter_count;
  Shape shape = Shape::elementwise;
};

/// Whether a direction takes the gradient that arrives from above, dy.
constexpr bool takes_dy(Direction d) { return d != Direction::forward && d != Direction::derivative; }
/// Whether a direction takes the input that a gate multiplies, a.
constexpr bool takes_a(Shape shape, Direction d) {
  return shape == Shape::gated && (d == Direction::forward || d == Direction::gradient_b);
}

/// What a kernel multiplies a factor of x with: inputs that it takes beside x.
struct Multipliers {
  bool dy, a;
  constexpr int count() const { return dy + a; }
};

/// One call of a kernel. Arrays hold n elements of the kernel's type; any alignment; y may be one of the inputs itself,
/// but must not overlap them otherwise.
struct Arguments {
  const void* x;             ///< the input; of a gated unit b; of rows, backward, the result of forward
  const void* dy;            ///< where the direction takes it; null elsewhere
  void* y;                   ///< the result
  std::size_t n;             ///< elements, 0 allowed; of rows a multiple of the row's length
  const double* parameters;  ///< parameter_count values, already rounded to the kernel's type
  const void* a = nullptr;   ///< of a gated unit: where takes_a(); null elsewhere
  std::size_t row = 0;       ///< of rows: the length of each, at least 1; 0 elsewhere
};

struct Kernel {
  const Activation* activation;
  Direction direction;
  Type type;
  Tier tier;
  Backend backend;
  double promised_ulp;  ///< the largest error over every input, in ULP; infinity where nothing is promised
  /// The function itself, for apply(): where unrunnable_reason() is null, in the default floating-point state only. Of
  /// cuda: see cuda.hpp.
  void (*run)(const Arguments&) noexcept;
};

constexpr Multipliers multipliers_of(const Kernel& k) {
  return {takes_dy(k.direction), takes_a(k.activation->shape, k.direction)};
}

const char* name(Direction) noexcept;
const char* name(Shape) noexcept;  ///< "elementwise", "gated", "rows"
const char* name(Type) noexcept;
const char* name(Tier) noexcept;
const char* name(Backend) noexcept;
std::size_t size_of(Type) noexcept;  ///< bytes per element

/// Every kernel, runnable here or not, ordered by activation, direction, type, tier, backend.
std::span<const Kernel> kernels() noexcept;

/// "gelu/forward/f32/accurate/avx512".
std::string identity(const Kernel&);

/// The kernel of that identity, or null.
const Kernel* find(std::string_view identity) noexcept;

/// Why find() gives null: which part of the identity is unknown, and what there is in its place. Empty where there is
/// such a kernel.
std::string not_found_reason(std::string_view identity);

/// Null where the kernel runs on this machine; otherwise what is missing, as half a sentence:
/// "this CPU has no AVX-512 (avx512f, avx512dq, avx512bw, avx512vl)".
const char* unrunnable_reason(const Kernel&) noexcept;
const char* unrunnable_reason(Backend) noexcept;

/// Why these parameters cannot be used with this activation; empty where they can.
std::string parameter_error(const Activation&, std::span<const double> parameters);

/// The same of parameters as they are given to a kernel, before they are rounded to its type: names those that the
/// rounding takes out of their domain, such as 1e-60, which is 0 in f32.
std::string parameter_error(const Kernel&, std::span<const double> given);

/// The largest error that a kernel promises with these parameters, which are rounded to its type: promised_ulp for any
/// of an activation that rounds once, and for others where each is 0 or between 2^-100 and 2^100 in size (f64: 2^-8
/// and 2^8); beyond that infinity, nothing.
double promised_ulp(const Kernel&, std::span<const double> parameters) noexcept;

/// A number rounded to a type and given back as double: how a parameter reaches a kernel.
double round_to(Type, double value) noexcept;

/// Arrays that a kernel reads; null what it does not take.
struct InputArrays {
  const void* x;
  const void* dy = nullptr;
  const void* a = nullptr;
};

// All that follows computes in the default floating-point state (to nearest even, nothing flushed to zero, nothing
// traps), whatever the caller's is, and leaves that as it was, the flags of exceptions included.

/// Runs a kernel with parameters rounded to its type, for an empty span the defaults; kernel and parameters must be
/// runnable and valid. To one over rows (Shape::rows) all n elements are one row; apply_rows (rows.hpp) takes several.
void apply(const Kernel&, const InputArrays&, void* y, std::size_t n, std::span<const double> parameters = {}) noexcept;
inline void apply(const Kernel& kernel, const void* x, const void* dy, void* y, std::size_t n,
                  std::span<const double> parameters = {}) noexcept {
  apply(kernel, InputArrays{x, dy}, y, n, parameters);
}
inline void apply(const Kernel& kernel, const void* x, void* y, std::size_t n,
                  std::span<const double> parameters = {}) noexcept {
  apply(kernel, InputArrays{x}, y, n, parameters);
}

/// As apply, for an activation with exactly one parameter that has a value for each channel (prelu's α): element i
/// takes values[(i / stride) % values.size()]. Arrays of N × C × H × W have stride H·W, those of N × H × W × C
/// stride 1. What an element becomes is what it would by itself; the fewer elements side by side share a channel
/// (stride), and the fewer times a channel comes back, the longer it takes. values: at least one; stride: at least 1.
void apply_channels(const Kernel&, const void* x, const void* dy, void* y, std::size_t n,
                    std::span<const double> values, std::size_t stride) noexcept;

/// sums[c] = the sum of terms[i] over all i with (i / stride) % sums.size() == c: what turns the terms of
/// alpha_gradient into the gradient of each channel's α. Added in f64 with the additions' rounding errors carried
/// along: right to the last bit or so, unless far larger terms cancel.
void sum_channels(Type, const void* terms, std::size_t n, std::size_t stride, std::span<double> sums) noexcept;

}  // namespace actbench
