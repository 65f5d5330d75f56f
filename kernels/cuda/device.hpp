// SPDX-License-Identifier: Apache-2.0
//
// The device's side of a kernel: a loop over chunks of 16 bytes of y around the function of the same row that a CPU runs,
// called for one element at a time. An element's result depends on nothing but its inputs.
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

/// One element, at any alignment.
template <class T>
inline void copy(T* to, const T* from) {
  if (past(to, sizeof(T)) == 0 && past(from, sizeof(T)) == 0) {
    *to = *from;
  } else {
    for (std::size_t i = 0; i < sizeof(T); ++i)
      reinterpret_cast<unsigned char*>(to)[i] = reinterpret_cast<const unsigned char*>(from)[i];
  }
}

/// The elements of an array that one lane takes: those from begin on and before end.
template <class T>
struct Chunk {
  static constexpr int length = cuda::chunk_bytes / sizeof(T);
  int begin, end;

  bool whole() const { return begin == 0 && end == length; }
  void read(T (&to)[length], const T* from) const {
    if (whole() && past(from, sizeof(Vector)) == 0) {
      const Vector v = *reinterpret_cast<const Vector*>(from);
      __builtin_memcpy(to, &v, sizeof v);
    } else {
#pragma unroll
      for (int i = 0; i < length; ++i)
        if (begin <= i && i < end) copy(&to[i], from + i);
    }
  }
  void write(T* to, const T (&from)[length]) const {
    if (whole() && past(to, sizeof(Vector)) == 0) {
      Vector v;
      __builtin_memcpy(&v, from, sizeof v);
      *reinterpret_cast<Vector*>(to) = v;
    } else {
#pragma unroll
      for (int i = 0; i < length; ++i)
        if (begin <= i && i < end) copy(to + i, &from[i]);
    }
  }
};

}  // namespace

/// Chunks lie at multiples of 16 bytes of y, so that the first and the last may be partly outside; what is read lies
/// as it comes. Read before written: y may be x or dy.
template <std::size_t Row>
__global__ void __launch_bounds__(cuda::threads_per_block)
    ACTBENCH_JOIN(ACTBENCH_ACTIVATION, _kernel)(const __grid_constant__ cuda::Call c) {
  constexpr Kernel row = all_rows<Definition>().kernel[Row];
  using T = typename ElementOf<row.type>::T;
  constexpr std::size_t length = Chunk<T>::length;
  const T* const x = static_cast<const T*>(c.x);
  const T* const dy = static_cast<const T*>(c.dy);
  T* const y = static_cast<T*>(c.y);
  const std::size_t outside = past(y, sizeof(T)) == 0 ? past(y, sizeof(Vector)) / sizeof(T) : 0;
  const std::size_t stop = outside + c.n, step = std::size_t{gridDim.x} * blockDim.x;
  for (std::size_t chunk = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; chunk * length < stop; chunk += step) {
    const std::size_t at = chunk * length;
    const Chunk<T> part{static_cast<int>(at < outside ? outside - at : 0),
                        static_cast<int>(stop - at < length ? stop - at : length)};
    T inputs[length] = {}, gradients[length] = {}, results[length];
    part.read(inputs, x + at - outside);
    if constexpr (takes_dy(row.direction)) part.read(gradients, dy + at - outside);
#pragma unroll
    for (std::size_t i = 0; i < length; ++i)
      row.run({&inputs[i], &gradients[i], &results[i], 1, c.parameters});
    part.write(y + at - outside, results);
  }
}

}  // namespace actbench::ACTBENCH_ISA
