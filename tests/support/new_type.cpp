// SPDX-License-Identifier: Apache-2.0
//
// new_type TYPE: every pattern of a 16-bit type through all of its kernels, each of which has to keep its promise, and
// on every backend that runs here to give the same bits in fast and accurate, whatever those of a NaN. It has the
// kernels that bf16 has element by element. docs_recipes builds it over the library and the reference to which
// docs/add-a-type.md has added a type.
#include <actbench/actbench.h>

#include <actbench/kernels.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "reference/reference.hpp"

namespace {

namespace reference = actbench::reference;
constexpr std::size_t count = 1 << 16;
using Patterns = std::vector<std::uint16_t>;

int failures = 0;
void fail(const std::string& what) {
  if (failures++ < 20) std::printf("wrong: %s\n", what.c_str());
}

/// What IEEE 754 says of a 16-bit format with infinities and subnormal numbers.
double value_of(const reference::Format& format, unsigned pattern) {
  const int fraction = format.precision - 1;
  const unsigned field = (pattern & 0x7FFF) >> fraction, most = 0x7FFFu >> fraction;
  const double digits = pattern & ((1u << fraction) - 1);
  double size = std::ldexp(digits + (field > 0 ? std::ldexp(1.0, fraction) : 0.0),
                           format.min_exponent - fraction + static_cast<int>(std::max(field, 1u)) - 1);
  if (field == most) size = digits > 0 ? std::nan("") : HUGE_VAL;
  return pattern >> 15 ? -size : size;
}

std::vector<double> values_of(const reference::Format& format, const Patterns& patterns) {
  std::vector<double> values;
  for (const std::uint16_t pattern : patterns) values.push_back(value_of(format, pattern));
  return values;
}

struct Inputs {
  Patterns x, dy;
};

/// x is each pattern once, dy each once in another order.
Inputs all_inputs() {
  Inputs inputs{Patterns(count), Patterns(count)};
  std::iota(inputs.x.begin(), inputs.x.end(), std::uint16_t{0});
  for (std::size_t i = 0; i < count; ++i) inputs.dy[i] = static_cast<std::uint16_t>(i * 40503 + 7);
  return inputs;
}

/// The largest error of these results, in ULP.
double largest_error(const actbench::Kernel& kernel, const reference::Format& format, const Inputs& inputs,
                     const Patterns& y) {
  const auto* function = reference::find(kernel.activation->name, name(kernel.direction));
  const std::vector<double> x = values_of(format, inputs.x), dy = values_of(format, inputs.dy);
  const reference::InputArrays arrays{x.data(), {takes_dy(kernel.direction) ? dy.data() : nullptr}};
  std::vector<reference::Quick> quick(count);
  std::vector<reference::Judgement> judged(count);
  reference::quick(*function, format, arrays, quick.data(), count, {});
  reference::judge(*function, format, arrays, quick.data(), values_of(format, y).data(), judged.data(), count, {});
  double largest = 0;
  for (const reference::Judgement& one : judged) largest = std::max(largest, one.ulp);
  return largest;
}

void judge(const actbench::Kernel& kernel, const reference::Format& format, const Inputs& inputs,
           std::map<std::string, Patterns>& first) {
  const std::string called = identity(kernel);
  if (actbench::find(called) != &kernel) fail(called + " is not found by its name");
  if (unrunnable_reason(kernel) != nullptr) return;
  Patterns y(count);
  apply(kernel, inputs.x.data(), takes_dy(kernel.direction) ? inputs.dy.data() : nullptr, y.data(), count);
  const double error = largest_error(kernel, format, inputs, y);
  if (!(error <= kernel.promised_ulp)) fail(called + " is " + std::to_string(error) + " ULP off");
  if (kernel.tier == actbench::Tier::naive) return;
  for (std::uint16_t& pattern : y) {
    if (std::isnan(value_of(format, pattern))) pattern = 0x7FFF;
  }
  const auto [other, is_first] = first.try_emplace(called.substr(0, called.rfind('/')), y);
  if (other->second != y) fail(called + " has other bits than another backend");
}

/// Sums of what is finite, over one channel; any pattern of NaN or infinity would hide the others.
void add_up(const char* type, const reference::Format& format) {
  Patterns finite;
  double expected = 0;
  for (unsigned pattern = 0; pattern < 0x4000; pattern += 3) {
    finite.push_back(static_cast<std::uint16_t>(pattern));
    expected += value_of(format, pattern);
  }
  double sum = 0;
  if (actbench_sum_channels(type, finite.data(), finite.size(), 1, 1, &sum) != ACTBENCH_OK)
    return fail(actbench_error_message());
  if (!(std::fabs(sum - expected) < 1e-12 * expected)) fail("sums of channels");
}

}  // namespace

int main(int argc, char** argv) {
  const char* type = argc == 2 ? argv[1] : "";
  const reference::Format* format = reference::find_format(type);
  if (format == nullptr) return std::printf("the reference knows no type %s\n", type), 1;
  const Inputs inputs = all_inputs();
  std::map<std::string, Patterns> first;
  int kernels = 0, of_bf16 = 0;
  for (const actbench::Kernel& kernel : actbench::kernels()) {
    if (kernel.type == actbench::Type::bf16 && kernel.activation->shape != actbench::Shape::rows) ++of_bf16;
    if (std::strcmp(name(kernel.type), type) != 0) continue;
    ++kernels;
    judge(kernel, *format, inputs, first);
    const double third = actbench::round_to(kernel.type, 1.0 / 3), spacing = std::ldexp(1.0, -1 - format->precision);
    if (std::fabs(third - 1.0 / 3) > spacing / 2 || std::fmod(third, spacing) != 0) fail("round_to(1/3)");
  }
  if (kernels != of_bf16) fail("bf16 has " + std::to_string(of_bf16) + " kernels");
  add_up(type, *format);
  std::printf("%d kernels of %s, %d wrong\n", kernels, type, failures);
  return failures == 0 ? 0 : 1;
}
