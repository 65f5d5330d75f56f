// SPDX-License-Identifier: Apache-2.0
//
// The arithmetic of formulas.hpp in the compiler's own vectors, for libraries that have functions of vector registers
// and no vector type: they take and return a register by the C convention.
#pragma once

#include <dlfcn.h>
#include <immintrin.h>

#include "formulas.hpp"

namespace peers {

#if defined(__AVX512F__)
inline constexpr std::size_t register_bytes = 64;
#else
inline constexpr std::size_t register_bytes = 32;
#endif

template <class Number>
struct Simd {
  using T = Number;
  using S = Number;
  static constexpr std::size_t lanes = register_bytes / sizeof(T);
  typedef T V __attribute__((vector_size(register_bytes)));
  static V load(const T* p) {
    V v;
    std::memcpy(&v, p, sizeof v);
    return v;
  }
  static void store(T* p, V v) { std::memcpy(p, &v, sizeof v); }
  static V set(T value) { return V{} + value; }
  static V max(V a, V b) { return a > b ? a : b; }
  static V min(V a, V b) { return a < b ? a : b; }
  static V negative(V a) { return -a; }
  static V abs(V a) {
    using Bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
    typedef Bits B __attribute__((vector_size(register_bytes)));
    return (V)((B)a & std::numeric_limits<Bits>::max());
  }
  template <class Condition>
  static V select(Condition condition, V then, V otherwise) {
    return condition ? then : otherwise;
  }
};

/// Functions that are looked up by name in a library that may be absent.
template <class Number, class Names>
struct Named : Simd<Number> {
  using V = typename Simd<Number>::V;
  using Function = V (*)(V);
  static inline Function exp_, tanh_, log1p_, expm1_, erf_, cdfnorm_;
  static V exp(V v) { return exp_(v); }
  static V tanh(V v) { return tanh_(v); }
  static V log1p(V v) { return log1p_(v); }
  static V expm1(V v) { return expm1_(v); }
  static V erf(V v) requires(!Names::has_cdfnorm) { return erf_(v); }
  static V cdfnorm(V v) requires(Names::has_cdfnorm) { return cdfnorm_(v); }

  /// Looks all of them up; returns the name of the first that is lacking, or an empty text.
  static std::string find(void* library) {
    const struct {
      Function* function;
      const char* name;
    } wanted[] = {{&exp_, "exp"},
                  {&tanh_, "tanh"},
                  {&log1p_, "log1p"},
                  {&expm1_, "expm1"},
                  Names::has_cdfnorm ? decltype(wanted[0]){&cdfnorm_, "cdfnorm"} : decltype(wanted[0]){&erf_, "erf"}};
    for (const auto& [function, name] : wanted) {
      const std::string symbol = Names::symbol(name, sizeof(Number) == 4, Simd<Number>::lanes);
      *function = reinterpret_cast<Function>(dlsym(library, symbol.c_str()));
      if (*function == nullptr) return symbol;
    }
    return {};
  }
};

}  // namespace peers
