// SPDX-License-Identifier: Apache-2.0
//
// The truth: every activation evaluated exactly, correct rounding to a floating-point format, and the error of a
// computed value in units in the last place. It shares nothing with the kernels but the activations' names.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace actbench::reference {

/// A binary floating-point format whose every value is also a double.
struct Format {
  const char* name;
  int precision;     ///< significand bits, the hidden one included
  int min_exponent;  ///< of the smallest normal number, 2^min_exponent
  int max_exponent;  ///< the largest finite number is (2 - 2^(1-precision))·2^max_exponent
};
inline constexpr Format f32{"f32", 24, -126, 127};
inline constexpr Format f64{"f64", 53, -1022, 1023};
inline constexpr Format f16{"f16", 11, -14, 15};
inline constexpr Format bf16{"bf16", 8, -126, 127};
const Format* find_format(std::string_view name) noexcept;

/// One function of one activation ("gelu", "backward"), with its parameters in the specification's order. Directions:
/// "forward" is f(x), "derivative" f'(x), "backward" dy·f'(x); "alpha_gradient", of an activation whose parameter α is
/// learned, dy·∂f/∂α. Of a gated unit, whose x is the b of a·f(b): "forward", "gradient_a", dy·f(b), and "gradient_b",
/// dy·a·f'(b). Products with these multipliers are exact too, and rounded once.
///
/// NaN in any input gives NaN. At an infinite x, f and f' are their limits there. An infinite dy gives an infinity of
/// the product's sign, or NaN where f'(x) is exactly 0, as does dy = 0 where f' is infinite: f'(x) that is tiny is
/// not 0. The same goes for a, and for dy·a. A zero result has the sign of the product of signs.
class Function;
const Function* find(std::string_view activation, std::string_view direction = "forward") noexcept;
std::span<const Function* const> functions() noexcept;
std::string_view activation_of(const Function&) noexcept;
std::string_view direction_of(const Function&) noexcept;
std::size_t multiplier_count(const Function&) noexcept;  ///< 0 to 2
std::size_t parameter_count(const Function&) noexcept;

/// How an error counts in units in the last place. They differ by up to 2 at powers of two, and steps by up to 1/2.
enum class Ulp {
  goldberg,  ///< |computed - exact| over the spacing of the format's numbers in the exact value's binade [2^e,
             ///< 2^(e+1)); below the smallest normal number, that one's
  kahan,     ///< over the distance between the two numbers of the format nearest to the exact value: half of that from
             ///< a power of two to a quarter of the spacing above it
  steps      ///< numbers of the format from the correctly rounded result to the computed one: 0 is correct rounding
};

/// The exact value of a function at one point, to as many digits as are asked for. Precision rises until rounding to
/// the format and comparison with any number of the format are decided, or until the proof in exact.cpp decides. One
/// object is for one thread: answers refine what it holds.
class Exact {
 public:
  /// inputs: x, then dy and a where the function takes them; parameters as in the specification, already rounded to
  /// the format.
  Exact(const Function&, const Format&, std::span<const double> inputs, std::span<const double> parameters);
  ~Exact();
  Exact(Exact&&) noexcept;
  Exact& operator=(Exact&&) noexcept;

  /// The correctly rounded result: ties to even, subnormals kept, infinity from half a spacing above the largest
  /// number on, a zero with the sign that the conventions give it.
  double rounded() const;
  /// 0 for a rightly computed NaN, infinity or zero of either sign; infinity where NaN, infinity or a finite number
  /// stands for another of these kinds, save that a finite value computed for a result that rounds to infinity is
  /// measured as if the format had no largest number.
  double ulp_error(double computed, Ulp = Ulp::goldberg) const;
  /// The exact value to 1 to 900 significant decimal digits, rounded to nearest: "-1.0444...e-07", "nan", "inf", "-0".
  /// What lies closer to zero than 10^-161000000 is printed as a zero.
  std::string decimal(int digits) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A fast look at the exact value: it differs by less than error·2^scale from (hi + lo)·2^scale (an unevaluated sum),
/// or is that where error is 0. Computed independently of the kernels; its bound is tested against Exact.
struct Quick {
  double hi, lo, error;
  int scale = 0;  ///< other than 0 for f64 alone, where doubles cannot hold the parts of what rounds to a double
};
/// Quick values of f32, f16 or bf16, part by part.
struct QuickArrays {
  double *hi, *lo, *error;
};
/// Inputs: x, and its multipliers, dy or a or dy and a, null where the function takes fewer.
struct InputArrays {
  const double* x;
  const double* multiplier[2] = {nullptr, nullptr};
};
/// out[i] for the inputs i < n. NaN, infinite inputs and what they give are in hi and lo as Exact has them. An error of
/// infinity means "ask Exact". Inputs and parameters are numbers of the format.
void quick(const Function&, const Format&, const InputArrays&, Quick* out, std::size_t n,
           std::span<const double> parameters);
/// The same for f32, f16 and bf16; arrays that do not overlap.
void quick(const Function&, const InputArrays&, const QuickArrays& out, std::size_t n,
           std::span<const double> parameters);

/// The judgement of one computed value.
struct Judgement {
  double expected;         ///< the correctly rounded result
  double ulp;              ///< as Exact::ulp_error, within 2^-20 of itself or of a spacing; exactly decided against 0.5
  bool correctly_rounded;  ///< equal to expected, signs of zeros aside, any NaN for NaN
  bool from_exact;         ///< the quick value did not decide it
  double measured = 0;     ///< the error by the measure asked for, as closely as ulp
};

/// Judges computed[i] for the inputs i: by the quick value where that decides, by Exact elsewhere. quick: what
/// quick() gave for these inputs, so that several kernels can be judged by one evaluation.
void judge(const Function&, const Format&, const InputArrays&, const Quick* quick, const double* computed,
           Judgement* out, std::size_t n, std::span<const double> parameters, Ulp measure = Ulp::goldberg);

}  // namespace actbench::reference
