// SPDX-License-Identifier: Apache-2.0
#include "reference/approximations.hpp"

#include <array>
#include <cmath>
#include <limits>

#include "reference/approximation_forms.hpp"
#include "reference/evaluator.hpp"
#include "reference/wide.hpp"

namespace actbench::reference {
namespace {

/// The quick form is the definition over Wide.
template <class Direction, class Form>
Quick quick_at(double x, const Wide* parameters) {
  if (std::isnan(x)) return {x, 0, 0};
  if (std::isinf(x)) return {0, 0, std::numeric_limits<double>::infinity()};
  return quick_of(Direction::template factor<Form>(Wide(x), parameters));
}

template <class Form>
std::array<Wide, Form::parameters> wide(const double* parameters) {
  std::array<Wide, Form::parameters> p;
  for (std::size_t i = 0; i < Form::parameters; ++i) p[i] = parameters[i];
  return p;
}

template <class Direction, class Form>
void loop_wide(const InputArrays& in, Quick* out, std::size_t n, const double* parameters) {
  const auto p = wide<Form>(parameters);
  for (std::size_t i = 0; i < n; ++i) out[i] = quick_at<Direction, Form>(in.x[i], p.data());
}

/// For formats whose judgement wants plain doubles: what those do not hold is there no more than "positive and below
/// 2^-699", or its mirror image.
template <class Direction, class Form>
void loop(const InputArrays& in, const QuickArrays& out, std::size_t n, const double* parameters) {
  const auto p = wide<Form>(parameters);
  for (std::size_t i = 0; i < n; ++i) {
    Quick q = quick_at<Direction, Form>(in.x[i], p.data());
    if (q.scale != 0) {
      q = q.scale < 0 && std::abs(q.hi) > q.error ? Quick{std::copysign(0x1p-700, q.hi), 0, 0x1p-700}
                                                  : Quick{0, 0, std::numeric_limits<double>::infinity()};
    }
    out.hi[i] = q.hi;
    out.lo[i] = q.lo;
    out.error[i] = q.error;
  }
}

template <class Direction, class Form>
constexpr Function function_of() {
  return {Form::name,
          Direction::name,
          Direction::multipliers,
          Form::parameters,
          {&evaluate<RealOf<level_digits[0]>, Direction, Form>, &evaluate<RealOf<level_digits[1]>, Direction, Form>,
           &evaluate<RealOf<level_digits[2]>, Direction, Form>, &evaluate<RealOf<level_digits[3]>, Direction, Form>},
          &loop<Direction, Form>,
          &loop_wide<Direction, Form>};
}

using namespace approximations;
constexpr std::array<Function, 4> all{
    function_of<directions::forward, tanh_form>(), function_of<directions::derivative, tanh_form>(),
    function_of<directions::forward, sigmoid_form>(), function_of<directions::derivative, sigmoid_form>()};

}  // namespace

const Function* find_approximation(std::string_view form, std::string_view direction) noexcept {
  for (const Function& f : all) {
    if (f.activation == form && f.direction == direction) return &f;
  }
  return nullptr;
}

}  // namespace actbench::reference
