// SPDX-License-Identifier: Apache-2.0
//
// The device's side of a kernel: a loop over chunks of 16 bytes of y by the steps (kernels/elementwise/loop.hpp) that a
// CPU's kernel takes, up to eight of a chunk at once. An element's result depends on nothing but its inputs.
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

template <class T>
struct alignas(cuda::chunk_bytes) ChunkOf {
  T element[cuda::chunk_bytes / sizeof(T)];
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

/// A naive row has no steps: its whole kernel, for one element.
template <std::size_t Row>
class WholeStep {
 public:
  using Function = Definition;
  static constexpr Kernel row = all_rows<Definition>().kernel[Row];
  static constexpr Direction direction = row.direction;
  using Element = typename ElementOf<row.type>::T;
  struct Inputs {
    Element x, dy, a;
  };
  using Attempt = Element;

  explicit WholeStep(const double* parameters) : parameters_(parameters) {}

  Inputs load(const Element* x, MultiplierPointers<Element> m) const {
    Inputs in{*x, {}, {}};
    if constexpr (takes_dy(direction)) in.dy = *m.dy;
    if constexpr (with_a<Function, direction>) in.a = *m.a;
    return in;
  }
  Element attempt(const Inputs& in) const {
    Element result;
    row.run({&in.x, &in.dy, &result, 1, parameters_, &in.a});
    return result;
  }
  bool put(Element* y, Element result) const {
    *y = result;
    return true;
  }
  __attribute__((always_inline)) void recompute(Element*, const Inputs&, Element) const {}

 private:
  const double* parameters_;
};

/// Chunks of 16 bytes lie at multiples of 16 bytes of y; where the inputs lie likewise, each goes in one access, and
/// what is before the first and behind the last element by element, else all. Read before written: y may be one of the
/// inputs.
template <class Step>
inline void walk(const cuda::Call& c, const Step& step) {
  using T = typename Step::Element;
  using Chunk = ChunkOf<T>;
  constexpr bool with_dy = takes_dy(Step::direction),
                 with_a = ACTBENCH_ISA::with_a<typename Step::Function, Step::direction>;
  constexpr std::size_t length = sizeof(Chunk) / sizeof(T);
  // Of steps with more to keep, those in f64, as many as registers have room for.
  constexpr std::size_t most = sizeof(typename Step::Attempt) > 8 ? 4 : 8, together = length < most ? length : most;
  const T* const x = static_cast<const T*>(c.x);
  const T* const dy = static_cast<const T*>(c.dy);
  const T* const a = static_cast<const T*>(c.a);
  T* const y = static_cast<T*>(c.y);
  const std::size_t thread = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x;
  const std::size_t threads = std::size_t{gridDim.x} * blockDim.x;

  const auto one = [&](std::size_t i) {
    T input, gradient, other, result;
    copy(&input, x + i);
    if constexpr (with_dy) copy(&gradient, dy + i);
    if constexpr (with_a) copy(&other, a + i);
    const auto inputs = step.load(&input, {&gradient, &other});
    const auto attempt = step.attempt(inputs);
    if (!step.put(&result, attempt)) step.recompute(&result, inputs, attempt);
    copy(y + i, &result);
  };
  const std::size_t before = (length - past(y, sizeof(Chunk)) / sizeof(T)) % length, head = before < c.n ? before : c.n;
  const bool alike = aligned(x + head, sizeof(Chunk)) && aligned(y + head, sizeof(Chunk)) &&
                     (!with_dy || aligned(dy + head, sizeof(Chunk))) && (!with_a || aligned(a + head, sizeof(Chunk)));
  const std::size_t chunks = alike ? (c.n - head) / length : 0, rest = c.n - chunks * length;
  for (std::size_t k = thread; k < chunks; k += threads) {
    const std::size_t at = head + k * length;
    const Chunk xs = *reinterpret_cast<const Chunk*>(x + at);
    Chunk dys, as, ys;
    if constexpr (with_dy) dys = *reinterpret_cast<const Chunk*>(dy + at);
    if constexpr (with_a) as = *reinterpret_cast<const Chunk*>(a + at);
#pragma unroll
    for (std::size_t first = 0; first < length; first += together) {
      typename Step::Inputs inputs[together];
      typename Step::Attempt attempts[together];
      bool settled[together];
#pragma unroll
      for (std::size_t i = 0; i < together; ++i)
        inputs[i] = step.load(&xs.element[first + i], {&dys.element[first + i], &as.element[first + i]});
#pragma unroll
      for (std::size_t i = 0; i < together; ++i) attempts[i] = step.attempt(inputs[i]);
#pragma unroll
      for (std::size_t i = 0; i < together; ++i) settled[i] = step.put(&ys.element[first + i], attempts[i]);
#pragma unroll
      for (std::size_t i = 0; i < together; ++i) {
        if (!settled[i]) step.recompute(&ys.element[first + i], inputs[i], attempts[i]);
      }
    }
    *reinterpret_cast<Chunk*>(y + at) = ys;
  }
#pragma unroll 1
  for (std::size_t i = thread; i < rest; i += threads) one(i < head ? i : chunks * length + i);
}

}  // namespace

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
  const auto walk_by = [&](const auto& step) { walk(c, step); };
  if constexpr (row.tier == Tier::naive) {
    walk_by(WholeStep<Row>(c.parameters));
  } else if constexpr (row.tier == Tier::accurate) {
    with_accurate_step<Definition, row.direction, T>(c.parameters, walk_by);
  } else {
    with_fast_step<Definition, row.direction, T>(c.parameters, walk_by);
  }
}

}  // namespace actbench::ACTBENCH_ISA
