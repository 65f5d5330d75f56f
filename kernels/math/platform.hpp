// SPDX-License-Identifier: Apache-2.0
//
// The platform's own functions, by one name for float and double: what the naive tier is made of.
#pragma once

#include <math.h>

namespace actbench::ACTBENCH_ISA {
namespace {
namespace platform {

inline float exp(float x) { return ::expf(x); }
inline double exp(double x) { return ::exp(x); }
inline float log(float x) { return ::logf(x); }
inline double log(double x) { return ::log(x); }
inline float tanh(float x) { return ::tanhf(x); }
inline double tanh(double x) { return ::tanh(x); }
inline float erf(float x) { return ::erff(x); }
inline double erf(double x) { return ::erf(x); }
template <class T>
inline T abs(T x) {
  return x < 0 ? -x : x;
}
template <class T>
inline T max(T a, T b) {
  return a > b ? a : b;
}
template <class T>
inline T min(T a, T b) {
  return a < b ? a : b;
}

}  // namespace platform
}  // namespace
}  // namespace actbench::ACTBENCH_ISA
