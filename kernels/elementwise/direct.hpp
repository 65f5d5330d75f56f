// SPDX-License-Identifier: Apache-2.0
//
// Activations that round once at most (D::rounds_once), such as relu: what V's own arithmetic gives is the result.
#pragma once

#include "kernels/elementwise/rounding_test.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

/// The result in V's own arithmetic. The factor of a gated unit is 0, 1 or x.
template <class D, Direction direction, class V>
__attribute__((always_inline)) inline V own_value(const Numbers<V>& n, const Parameters<D, V>& p) {
  if constexpr (takes_dy(direction) && with_a<D, direction>) {
    return product<D, direction>(n.dy, n.x, p) * n.a;
  } else if constexpr (with_a<D, direction>) {
    return product<D, direction>(n.a, n.x, p);
  } else if constexpr (takes_dy(direction)) {
    return product<D, direction>(n.dy, n.x, p);
  } else {
    return factor<D, direction>(n.x, p);
  }
}

/// Whether two registers at a time are quicker: bf16 are the halves of floats, f16 have to be converted one by one.
template <class T>
inline constexpr bool in_pairs = two_at_a_time<T> && !is_f16<T> && !on_device && F32::lanes > 1;

/// Computes in the working type. The half types round once more when they are stored.
template <class D, Direction d, class T>
class DirectStep {
 public:
  using Function = D;
  using Element = T;
  using V = Working<T>;
  static constexpr Direction direction = d;
  static constexpr int lanes = V::lanes;
  static constexpr Watch watch = Watch::never;
  static constexpr bool light = true;
  using Inputs = Numbers<V>;
  using Attempt = V;
  struct Look {
    void see(const Inputs&) {}
    static constexpr bool none() { return true; }
  };
  template <class... Registers>
  static constexpr bool ordinary(const Registers&...) {
    return true;
  }

  explicit DirectStep(const double* parameters) : p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_numbers<D, V, d>(x, m); }
  __attribute__((always_inline)) V attempt(const Inputs& in) const { return own_value<D, d>(in, p_); }
  bool put(T* y, V value) const {
    store_working(y, value);
    return true;
  }
  __attribute__((always_inline)) void recompute(T*, const Inputs&, V) const {}

 private:
  Parameters<D, V> p_;
};

/// Two registers at a time, held as they are until they are computed with.
template <class D, Direction d, class T>
requires in_pairs<T>
class DirectStep<D, d, T> {
 public:
  using Function = D;
  using Element = T;
  using V = Body<F32>;
  static constexpr Direction direction = d;
  static constexpr int lanes = body_registers * F32::lanes;
  static constexpr Watch watch = Watch::never;
  static constexpr bool light = true;
  struct Inputs {
    HalfBits<T> x, dy, a;
  };
  using Attempt = V;
  struct Look {
    void see(const Inputs&) {}
    static constexpr bool none() { return true; }
  };
  template <class... Registers>
  static constexpr bool ordinary(const Registers&...) {
    return true;
  }

  explicit DirectStep(const double* parameters) : p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const {
    Inputs in{load_bits(x), {}, {}};
    if constexpr (takes_dy(d)) in.dy = load_bits(m.dy);
    if constexpr (with_a<D, d>) in.a = load_bits(m.a);
    return in;
  }
  __attribute__((always_inline)) V attempt(const Inputs& in) const {
    Numbers<V> n{floats(in.x), V(1), V(1)};
    if constexpr (takes_dy(d)) n.dy = floats(in.dy);
    if constexpr (with_a<D, d>) n.a = floats(in.a);
    return own_value<D, d>(n, p_);
  }
  bool put(T* y, V value) const {
    store_rounded(y, value.v[0], value.v[1]);
    return true;
  }
  __attribute__((always_inline)) void recompute(T*, const Inputs&, V) const {}

 private:
  __attribute__((always_inline)) static V floats(HalfBits<T> bits) {
    V both;
    spread(bits, both.v[0], both.v[1]);
    return both;
  }

  Parameters<D, V> p_;
};

// ---- Half types as they are

/// Whether results are inputs, parameters and constants, none of which has to be rounded (D::selects).
template <class D, Direction d, class T>
constexpr bool selects_halves() {
  if constexpr (sizeof(T) == 2 && !on_device && !multiplied<D, d>) {
    if constexpr (has_halves<T> && requires { D::selects(d); }) return D::selects(d);
  }
  return false;
}

template <class T>
inline Mask<Halves<T>> operator>(Halves<T> a, Halves<T> b) {
  return b < a;
}
template <class T>
inline Mask<Halves<T>> operator>=(Halves<T> a, Halves<T> b) {
  return b <= a;
}
/// Of a number with itself.
template <class T>
inline Mask<Halves<T>> operator==(Halves<T> a, Halves<T> b) {
  return a <= b;
}
template <class T>
inline Halves<T> min(Halves<T> a, Halves<T> b) {
  return select(a < b, a, b);
}
template <class T>
inline Halves<T> max(Halves<T> a, Halves<T> b) {
  return select(b < a, a, b);
}

/// Takes the half types as they are. A register with a NaN goes by way of f32.
template <class D, Direction d, class T>
class SelectingStep {
 public:
  using Function = D;
  using Element = T;
  using V = Halves<T>;
  static constexpr Direction direction = d;
  static constexpr int lanes = V::lanes;
  static constexpr Watch watch = Watch::never;
  static constexpr bool light = true;
  struct Inputs {
    V x;
  };
  struct Attempt {
    V value;
    bool sure;
  };
  struct Look : NaNs<T> {
    void see(const Inputs& in) { NaNs<T>::see(in.x); }
  };
  template <class... Registers>
  static constexpr bool ordinary(const Registers&...) {
    return false;
  }

  explicit SelectingStep(const double* parameters) : parameters_(parameters), p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T>) const { return {load_halves(x)}; }
  __attribute__((always_inline)) Attempt attempt(const Inputs& in) const {
    Look look;
    look.see(in);
    return {factor<D, d>(in.x, p_), look.none()};
  }
  bool put(T* y, const Attempt& a) const {
    store_halves(y, a.value);
    return a.sure;
  }
  __attribute__((always_inline)) void recompute(T* y, const Inputs& in, const Attempt&) const {
    const DirectStep<D, d, T> direct(parameters_);
    T room[lanes];
    store_halves(room, in.x);
    for (int i = 0; i < lanes; i += direct.lanes)
      direct.put(y + i, direct.attempt(direct.load(room + i, MultiplierPointers<T>{nullptr, nullptr})));
  }

 private:
  const double* parameters_;
  Parameters<D, V> p_;
};

// ---- Half types in f64

/// Computes the half types in f64, where the products that they need are exact, and rounds once.
template <class D, Direction d, class T>
class DirectInDoubleStep {
 public:
  using Function = D;
  using Element = T;
  static constexpr Direction direction = d;
  static constexpr int lanes = F64::lanes;
  static constexpr Watch watch = Watch::never;
  using Inputs = WideNumbers;
  using Attempt = F64;

  explicit DirectInDoubleStep(const double* parameters) : p_(parameters) {}

  Inputs load(const T* x, MultiplierPointers<T> m) const { return load_wide_numbers<D, d>(x, m); }
  __attribute__((always_inline)) F64 attempt(const Inputs& in) const {
    if constexpr (multiplied<D, d>) {
      return product<D, d>(in.multiplier, in.x, p_);
    } else {
      return factor<D, d>(in.x, p_);
    }
  }
  bool put(T* y, F64 value) const {
    store_narrow(y, rounded_to(y, value));
    return true;
  }
  __attribute__((always_inline)) void recompute(T*, const Inputs&, F64) const {}

 private:
  Parameters<D, F64> p_;
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA
