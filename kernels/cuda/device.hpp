// SPDX-License-Identifier: Apache-2.0
//
// The device's side of a kernel: a loop over chunks of 16 bytes of y around the function of the same row that a CPU
// runs, called for one element at a time. An element's result depends on nothing but its inputs.
#pragma once

#include "kernels/cuda/call.hpp"
#define ACTBENCH_ROWS_ONLY
#include "kernels/instantiate.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

template <Type>
struct ElementOf;
template <>
struct ElementOf<Type::f32> {
  using T = float;
};
template <>
struct ElementOf<Type::f64> {
  using T = double;
};
template <>
struct ElementOf<Type::f16> {
  using T = F16;
};
template <>
struct ElementOf<Type::bf16> {
  using T = BF16;
};

struct alignas(cuda::chunk_bytes) Vector {
  unsigned char bytes[cuda::chunk_bytes];
};

inline std::size_t past(const void* p, std::size_t alignment) { return reinterpret_cast<std::size_t>(p) % alignment; }

inline bool aligned(const void* p, std::size_t alignment) { return past(p, alignment) == 0; }

/// One element, at any alignment.
template <class T>
inline void copy(T* to, const T* from) {
  if (aligned(to, sizeof(T)) && aligned(from, sizeof(T))) {
    *to = *from;
  } else {
    for (std::size_t i = 0; i < sizeof(T); ++i)
      reinterpret_cast<unsigned char*>(to)[i] = reinterpret_cast<const unsigned char*>(from)[i];
  }
}

}  // namespace

/// Chunks lie at multiples of 16 bytes of y, so that the first and the last may be partly outside. A whole one goes in
/// one access where the inputs lie likewise, else element by element. Read before written: y may be one of the inputs.
///
/// ACTBENCH_MIN_BLOCKS: so many blocks are to have room on a processor, where the compiler's own choice spills.
template <std::size_t Row>
#ifdef ACTBENCH_MIN_BLOCKS
__global__ void __launch_bounds__(cuda::threads_per_block, ACTBENCH_MIN_BLOCKS)
#else
__global__ void __launch_bounds__(cuda::threads_per_block)
#endif
    ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernel)(const __grid_constant__ cuda::Call c) {
  constexpr Kernel row = all_rows<Definition>().kernel[Row];
  using T = typename ElementOf<row.type>::T;
  constexpr bool with_dy = takes_dy(row.direction), with_a = takes_a(row.activation->shape, row.direction);
  constexpr std::size_t length = sizeof(Vector) / sizeof(T);
  const T* const x = static_cast<const T*>(c.x);
  const T* const dy = static_cast<const T*>(c.dy);
  const T* const a = static_cast<const T*>(c.a);
  T* const y = static_cast<T*>(c.y);
  const std::size_t outside = aligned(y, sizeof(T)) ? past(y, sizeof(Vector)) / sizeof(T) : 0;
  const std::size_t stop = outside + c.n, step = std::size_t{gridDim.x} * blockDim.x;
  const bool alike = aligned(x - outside, sizeof(Vector)) && aligned(y - outside, sizeof(Vector)) &&
                     (!with_dy || aligned(dy - outside, sizeof(Vector))) &&
                     (!with_a || aligned(a - outside, sizeof(Vector)));
  for (std::size_t chunk = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; chunk * length < stop; chunk += step) {
    const std::size_t begin = chunk * length, end = begin + length;
    if (alike && begin >= outside && end <= stop) {
      T inputs[length], gradients[length], others[length], results[length];
      const Vector input = *reinterpret_cast<const Vector*>(x + begin - outside);
      __builtin_memcpy(inputs, &input, sizeof input);
      if constexpr (with_dy) {
        const Vector gradient = *reinterpret_cast<const Vector*>(dy + begin - outside);
        __builtin_memcpy(gradients, &gradient, sizeof gradient);
      }
      if constexpr (with_a) {
        const Vector other = *reinterpret_cast<const Vector*>(a + begin - outside);
        __builtin_memcpy(others, &other, sizeof other);
      }
#pragma unroll
      for (std::size_t i = 0; i < length; ++i)
        row.run({&inputs[i], &gradients[i], &results[i], 1, c.parameters, &others[i]});
      Vector result;
      __builtin_memcpy(&result, results, sizeof result);
      *reinterpret_cast<Vector*>(y + begin - outside) = result;
    } else {
#pragma unroll 1
      for (std::size_t i = begin < outside ? outside : begin; i < end && i < stop; ++i) {
        T input, gradient, other, result;
        copy(&input, x + i - outside);
        if constexpr (with_dy) copy(&gradient, dy + i - outside);
        if constexpr (with_a) copy(&other, a + i - outside);
        row.run({&input, &gradient, &result, 1, c.parameters, &other});
        copy(y + i - outside, &result);
      }
    }
  }
}

}  // namespace actbench::ACTBENCH_ISA
