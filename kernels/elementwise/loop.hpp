// SPDX-License-Identifier: Apache-2.0
//
// The loop over an array. A kernel goes through an array by steps of one register each. A step has four parts:
//
//   load()       reads the inputs of one register;
//   attempt()    computes a result without any branch, so that a device can have several under way at once;
//   put()        stores the attempt and says whether that is the result in all lanes;
//   recompute()  stores the result where put() says no. This is out of line.
//
// A light step, whose arithmetic takes about as long as loading and storing, has three parts more (take_light_steps):
//
//   light        says that it is one;
//   Look         sees the inputs of several registers and says quickly that none of them may need recompute(), nor is
//                subnormal where that is watched for; of zeros it may doubt that;
//   ordinary()   says the same of some registers, and does not.
//
// A result depends on nothing but its inputs: not on its place in the array, nor on its neighbours.
#pragma once

#include "kernels/elementwise/multipliers.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// When a step looks for subnormal inputs x, whose registers go a way of their own (kernels/elementwise/subnormal.hpp):
/// always, where it would multiply them; or only where its attempt decides nothing.
enum class Watch : unsigned char { never, always, unsettled };

/// For a step in the working type. Subnormal numbers of f16 are normal in f32, and one product does no harm.
template <class D, class T>
inline constexpr Watch watch_products = D::rounds_once || is_f16<T> ? Watch::never : Watch::always;

/// The first of an array's numbers to a room for so many. Their number is known to the program only: a call of memcpy
/// would take longer than all the rest.
template <int Lanes, class T>
inline void copy_few(T* to, const T* from, std::size_t n) {
  const auto either_end = [&](auto part) {
    constexpr std::size_t size = sizeof part;
    if constexpr (size < Lanes * sizeof(T)) {
      if (n * sizeof(T) < size) return false;
      decltype(part) begin, end;
      const char* source = reinterpret_cast<const char*>(from);
      char* place = reinterpret_cast<char*>(to);
      __builtin_memcpy(&begin, source, size);
      __builtin_memcpy(&end, source + n * sizeof(T) - size, size);
      __builtin_memcpy(place, &begin, size);
      __builtin_memcpy(place + n * sizeof(T) - size, &end, size);
      return true;
    }
    return false;
  };
  struct Bytes32 {
    char of[32];
  };
  struct Bytes16 {
    char of[16];
  };
  if constexpr (Lanes > 1)
    (void)(either_end(Bytes32()) || either_end(Bytes16()) || either_end(uint64_t()) || either_end(uint32_t()) ||
           either_end(uint16_t()));
}

/// Calls step(x, multipliers, y) for whole registers of y[i], x[i] and, where the direction takes them, dy[i] and a[i].
/// The last elements go through registers of their own by the same code. Inputs are loaded before results are stored:
/// y may be one of the inputs.
template <class D, int Lanes, class T, Direction direction, class Step>
inline void for_each(const Arguments& arguments, Step step) {
  constexpr bool with_dy = takes_dy(direction), with_a = ACTBENCH_ISA::with_a<D, direction>;
  const T* x = static_cast<const T*>(arguments.x);
  const T* dy = static_cast<const T*>(arguments.dy);
  const T* a = static_cast<const T*>(arguments.a);
  T* y = static_cast<T*>(arguments.y);
  const std::size_t n = arguments.n;
  std::size_t i = 0;
  for (; i + Lanes <= n; i += Lanes)
    step(x + i, MultiplierPointers<T>{with_dy ? dy + i : nullptr, with_a ? a + i : nullptr}, y + i);
  if (i < n) {
    T part[Lanes] = {}, dy_part[Lanes] = {}, a_part[Lanes] = {};
    copy_few<Lanes>(part, x + i, n - i);
    if constexpr (with_dy) copy_few<Lanes>(dy_part, dy + i, n - i);
    if constexpr (with_a) copy_few<Lanes>(a_part, a + i, n - i);
    step(part, MultiplierPointers<T>{dy_part, a_part}, part);
    copy_few<Lanes>(y + i, part, n - i);
  }
}

/// Whether one of n numbers is subnormal in what they are computed with.
template <class T>
inline bool any_subnormal(const T* x, std::size_t n) {
  using V = Working<T>;
  constexpr std::size_t lanes = V::lanes;
  const std::size_t whole = n / lanes * lanes;
  T part[lanes];  // the last ones, filled up
  if (whole < n) {
    for (T& one : part) from_float(one, 1);
    copy_few<lanes>(part, x + whole, n - whole);
  }
  Lookout<V> one, other;
  std::size_t i = 0;
  for (; i + 4 * lanes <= whole; i += 4 * lanes) {
    one.see(load_working(x + i));
    one.see(load_working(x + i + lanes));
    other.see(load_working(x + i + 2 * lanes));
    other.see(load_working(x + i + 3 * lanes));
  }
  for (; i < whole; i += lanes) one.see(load_working(x + i));
  if (whole < n) other.see(load_working(part));
  if (one.clear() && other.clear()) [[likely]]
    return false;
  auto found = whole < n ? subnormal(load_working(part)) : subnormal(V(0));
  for (i = 0; i < whole; i += lanes) found = found | subnormal(load_working(x + i));
  return any(found);
}

/// By integers: what is left of a bf16's bits when its sign is shifted out, less 1, is below 0xFE for subnormal numbers
/// alone.
inline bool any_subnormal(const BF16* x, std::size_t n) {
  uint16_t least = 0xFFFF;
  for (std::size_t i = 0; i < n; ++i) {
    const auto size = static_cast<uint16_t>((x[i].bits << 1) - 1);
    least = size < least ? size : least;
  }
  return least < 0xFE;
}

template <class Step, class T>
__attribute__((always_inline)) inline void finish_step(const Step& step, const typename Step::Inputs& inputs, T* y) {
  const auto attempt = step.attempt(inputs);
  if (!step.put(y, attempt)) [[unlikely]]
    step.recompute(y, inputs, attempt);
}

template <class Step>
class SubnormalInputs;

/// What a light step does where its inputs are not ordinary: in a register, and in some whole ones side by side.
template <class Step, bool watched = Step::watch == Watch::always>
class CloserLook {
 public:
  using T = typename Step::Element;
  CloserLook(const Step& step, const double*) : step_(step) {}
  __attribute__((noinline)) void take(const typename Step::Inputs& in, T* y) { finish_step(step_, in, y); }
  __attribute__((noinline)) void walk(const Arguments& a) {
    for_each<typename Step::Function, Step::lanes, T, Step::direction>(
        a, [this](const T* x, MultiplierPointers<T> m, T* y) { finish_step(step_, step_.load(x, m), y); });
  }

 private:
  const Step& step_;
};
template <class Step>
class CloserLook<Step, true> {
 public:
  using T = typename Step::Element;
  CloserLook(const Step& step, const double* parameters) : rare_(step, parameters) {}
  __attribute__((noinline)) void take(const typename Step::Inputs& in, T* y) { rare_.finish(in, y); }
  __attribute__((noinline)) void walk(const Arguments& a) { rare_.walk(a); }

 private:
  SubnormalInputs<Step> rare_;
};

/// Of a call's arrays n elements from one place on.
template <class T>
inline Arguments part_of(const Arguments& a, std::size_t begin, std::size_t n) {
  const auto from = [begin](const void* array) { return array ? static_cast<const T*>(array) + begin : nullptr; };
  Arguments part = a;
  part.x = from(a.x);
  part.dy = from(a.dy);
  part.a = from(a.a);
  part.y = static_cast<T*>(a.y) + begin;
  part.n = n;
  return part;
}

template <class Step>
inline constexpr bool is_light = !on_device && Step::lanes > 1 && requires {
  requires Step::light;
};

/// take_steps for light ones: four registers at a time, stored where a register's addresses lie in one cache line. The
/// first and the last register may overlap others: their inputs are loaded ahead of all stores, and give the same
/// results once more. Flattened: g++ leaves calls in it, which cost more than the arithmetic, where a source grows
/// much.
template <class Step>
__attribute__((flatten)) inline void take_light_steps(const Step& given, const Arguments& arguments) {
  using T = typename Step::Element;
  constexpr Direction direction = Step::direction;
  constexpr bool with_dy = takes_dy(direction), with_a = ACTBENCH_ISA::with_a<typename Step::Function, direction>;
  constexpr std::size_t lanes = Step::lanes;
  const Step step = given;  // a copy that stores do not reach
  CloserLook<Step> closer(given, arguments.parameters);
  const T* const x = static_cast<const T*>(arguments.x);
  const T* const dy = static_cast<const T*>(arguments.dy);
  const T* const a = static_cast<const T*>(arguments.a);
  T* const y = static_cast<T*>(arguments.y);
  const std::size_t n = arguments.n;
  const auto load = [&](std::size_t i) __attribute__((always_inline)) {
    return step.load(x + i, MultiplierPointers<T>{with_dy ? dy + i : nullptr, with_a ? a + i : nullptr});
  };
  const auto take = [&](const typename Step::Inputs& in, T* to) __attribute__((always_inline)) {
    typename Step::Look look;
    look.see(in);
    step.put(to, step.attempt(in));
    if (!look.none() && !step.ordinary(in)) [[unlikely]]
      closer.take(in, to);
  };
  if (n < lanes) {
    for_each<typename Step::Function, Step::lanes, T, direction>(
        arguments, [&](const T* from, MultiplierPointers<T> m, T* to) { take(step.load(from, m), to); });
    return;
  }
  const std::size_t end = n - lanes;
  const auto first = load(0), last = load(end);
  std::size_t i = lanes - (reinterpret_cast<std::size_t>(y) / sizeof(T)) % lanes;
  while (i + 4 * lanes <= n) {
    const auto in0 = load(i), in1 = load(i + lanes), in2 = load(i + 2 * lanes), in3 = load(i + 3 * lanes);
    typename Step::Look look;
    look.see(in0);
    look.see(in1);
    look.see(in2);
    look.see(in3);
    if (!look.none()) [[unlikely]] {
      if (!step.ordinary(in0, in1, in2, in3)) {
        const std::size_t left = (n - i) / lanes, some = left < 32 ? left : 32;
        closer.walk(part_of<T>(arguments, i, some * lanes));
        i += some * lanes;
        continue;
      }
    }
    step.put(y + i, step.attempt(in0));
    step.put(y + i + lanes, step.attempt(in1));
    step.put(y + i + 2 * lanes, step.attempt(in2));
    step.put(y + i + 3 * lanes, step.attempt(in3));
    i += 4 * lanes;
  }
  for (; i < end; i += lanes) take(load(i), y + i);
  take(first, y);
  if (end > 0) take(last, y + end);
}

template <class Step>
inline constexpr bool has_body = requires {
  requires Step::has_body;
};

/// Stores results from element i on, as long as inputs lie in the body of their function; gives the first element that
/// has none yet. A loop without calls, so that constants stay in registers.
template <class BodyStep>
__attribute__((noinline, flatten)) std::size_t take_body_steps(const BodyStep& given, const Arguments& a,
                                                               std::size_t i) {
  using T = typename BodyStep::Element;
  constexpr bool with_dy = takes_dy(BodyStep::direction),
                 with_a = ACTBENCH_ISA::with_a<typename BodyStep::Function, BodyStep::direction>;
  const BodyStep step = given;  // a copy that stores do not reach
  const T* const x = static_cast<const T*>(a.x);
  const T* const dy = static_cast<const T*>(a.dy);
  const T* const other = static_cast<const T*>(a.a);
  T* const y = static_cast<T*>(a.y);
  const std::size_t n = a.n;
  for (; i + BodyStep::lanes <= n; i += BodyStep::lanes) {
    if (!step.put(y + i, x + i, {with_dy ? dy + i : nullptr, with_a ? other + i : nullptr})) break;
  }
  return i;
}
/// take_steps for those that have a shorter way for inputs in the body of their function. Others go through
/// rest(arguments): a step's inputs, and twice as many whenever the next ones are no better, up to 32 registers.
template <class Step, class Rest>
inline void take_body_steps(const Arguments& a, Rest rest) {
  using T = typename Step::Element;
  using BodyStep = typename Step::BodyStep;
  constexpr std::size_t few = BodyStep::lanes, most = 32 * Step::lanes;
  if (!BodyStep::suits(a.parameters)) return rest(a);
  const BodyStep step(a.parameters);
  std::size_t some = few;
  for (std::size_t i = 0; i < a.n;) {
    const std::size_t begin = i;
    i = take_body_steps(step, a, begin);
    some = i > begin ? few : some < most ? 2 * some : most;
    const std::size_t count = a.n - i < some ? a.n - i : some;
    if (count > 0) rest(part_of<T>(a, i, count));
    i += count;
  }
}

template <class Step>
inline constexpr Watch watch_of = on_device ? Watch::never : Step::watch;
/// SubnormalInputs for a step that watches for them.
template <class Step, bool watches = watch_of<Step> != Watch::never>
class RareInputs : public SubnormalInputs<Step> {
 public:
  using SubnormalInputs<Step>::SubnormalInputs;
};
template <class Step>
class RareInputs<Step, false> {
 public:
  RareInputs(const Step&, const double*) {}
};

template <class Step>
inline void take_usual_steps(const Step& step, RareInputs<Step>& rare, const Arguments& a);
template <class Step>
inline void take_usual_steps(const Step& step, const Arguments& a) {
  RareInputs<Step> rare(step, a.parameters);  // one for the call: to learn takes as long as many registers
  take_usual_steps(step, rare, a);
}

/// Takes a call through its array by steps.
template <class Step>
inline void take_steps(const Step& step, const Arguments& a) {
  if constexpr (is_light<Step>) {
    take_light_steps(step, a);
  } else if constexpr (has_body<Step>) {
    RareInputs<Step> rare(step, a.parameters);
    take_body_steps<Step>(a, [&](const Arguments& part) { take_usual_steps(step, rare, part); });
  } else {
    take_usual_steps(step, a);
  }
}

template <class Step>
inline void take_usual_steps(const Step& step, [[maybe_unused]] RareInputs<Step>& rare, const Arguments& a) {
  using T = typename Step::Element;
  using D = typename Step::Function;
  constexpr Watch watch = watch_of<Step>;
  [[maybe_unused]] const auto walk = [&](const Arguments& part) {
    for_each<D, Step::lanes, T, Step::direction>(
        part, [step](const T* x, MultiplierPointers<T> m, T* y) { finish_step(step, step.load(x, m), y); });
  };
  if constexpr (watch == Watch::never) {
    walk(a);
  } else if constexpr (watch == Watch::unsettled) {
    for_each<D, Step::lanes, T, Step::direction>(a, [step, &rare](const T* x, MultiplierPointers<T> m, T* y) {
      const auto inputs = step.load(x, m);
      const auto attempt = step.attempt(inputs);
      if (step.put(y, attempt)) [[likely]]
        return;
      if (!rare.settled(y, inputs)) step.recompute(y, inputs, attempt);
    });
  } else {
    // The search runs ahead of the loop, a block at a time: a test within the loop takes several times as long.
    constexpr std::size_t block = 128 * Step::lanes;
    for (std::size_t begin = 0; begin < a.n; begin += block) {
      const Arguments part = part_of<T>(a, begin, a.n - begin < block ? a.n - begin : block);
      if (any_subnormal(static_cast<const T*>(part.x), part.n)) [[unlikely]] {
        rare.walk(part);
      } else {
        walk(part);
      }
    }
  }
}

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
