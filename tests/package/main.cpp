// SPDX-License-Identifier: Apache-2.0
#include <actbench/kernels.hpp>
#include <cstdio>
#include <vector>

int main() {
  std::size_t run = 0;
  for (const actbench::Kernel& kernel : actbench::kernels()) {
    if (kernel.direction != actbench::Direction::forward || kernel.type != actbench::Type::f32) continue;
    if (actbench::unrunnable_reason(kernel) != nullptr) continue;
    if (kernel.activation->shape == actbench::Shape::rows) continue;
    std::vector<float> x(100, -1.0f);
    const bool gated = actbench::multipliers_of(kernel).a;
    actbench::apply(kernel, {x.data(), nullptr, gated ? x.data() : nullptr}, x.data(), x.size());
    for (const float y : x) {
      if (y != x[0]) return 1;
    }
    ++run;
  }
  const actbench::Kernel* tanh = actbench::find("tanh/forward/f32/accurate/scalar");
  const float one = 1.0f;
  float y = 0.0f;
  if (tanh == nullptr) return 1;
  actbench::apply(*tanh, &one, &y, 1);
  const actbench::Kernel* prelu = actbench::find("prelu/forward/f32/accurate/scalar");
  const float in[4] = {-4.0f, -4.0f, -8.0f, -8.0f};
  const double slopes[2] = {0.5, 0.25};
  float out[4] = {};
  double sums[2] = {};
  if (prelu == nullptr) return 1;
  actbench::apply_channels(*prelu, in, nullptr, out, 4, slopes, 2);
  actbench::sum_channels(prelu->type, out, 4, 2, sums);
  if (sums[0] != -4.0 || sums[1] != -4.0) return 1;
  std::printf("%zu kernels run; tanh(1) = %a\n", run, static_cast<double>(y));
  return run > 0 && y == 0x1.85efacp-1f ? 0 : 1;
}
