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

/// The quick form is the definition over Wide. narrow: for formats whose judgement wants plain doubles; what those do
/// not hold is there no more than "positive and below 2^-699", or its mirror image.
template <class Direction, class Form, bool narrow>
void loop(const double* x, const double*, Quick* out, std::size_t n, const double* parameters) {
  Wide p[Form::parameters];
  for (std::size_t i = 0; i < Form::parameters; ++i) p[i] = parameters[i];
  for (std::size_t i = 0; i < n; ++i) {
    if (std::isnan(x[i])) {
      out[i] = {x[i], 0, 0};
    } else if (std::isinf(x[i])) {
      out[i] = {0, 0, std::numeric_limits<double>::infinity()};
    } else {
      out[i] = quick_of(Direction::template factor<Form>(Wide(x[i]), p));
      if (narrow && out[i].scale != 0) {
        const double size = std::copysign(0x1p-700, out[i].hi);
        out[i] = out[i].scale < 0 && std::abs(out[i].hi) > out[i].error
                     ? Quick{size, 0, 0x1p-700}
                     : Quick{0, 0, std::numeric_limits<double>::infinity()};
      }
    }
  }
}

template <class Direction, class Form>
constexpr Function function_of() {
  return {Form::name,
          Direction::name,
          Direction::inputs,
          Form::parameters,
          {&evaluate<RealOf<level_digits[0]>, Direction, Form>, &evaluate<RealOf<level_digits[1]>, Direction, Form>,
           &evaluate<RealOf<level_digits[2]>, Direction, Form>, &evaluate<RealOf<level_digits[3]>, Direction, Form>},
          &loop<Direction, Form, true>,
          &loop<Direction, Form, false>};
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
