/* SPDX-License-Identifier: Apache-2.0 */
#include <actbench/actbench.h>
#include <stdio.h>

int main(void) {
  const actbench_kernel* leaky_relu;
  const float x[3] = {-4.0f, 0.0f, 4.0f};
  const double slope = 0.5;
  float y[3];
  if (actbench_find("leaky_relu/forward/f32/accurate/best", &leaky_relu) != ACTBENCH_OK ||
      actbench_apply(leaky_relu, x, y, 3, &slope) != ACTBENCH_OK) {
    fprintf(stderr, "%s\n", actbench_error_message());
    return 1;
  }
  /* One slope a channel, two channels of one element each, over and over. */
  const actbench_kernel* prelu;
  const double slopes[2] = {0.5, 0.25};
  const float in[4] = {-4.0f, -4.0f, -8.0f, -8.0f};
  float out[4];
  double sums[2];
  if (actbench_find("prelu/forward/f32/accurate/best", &prelu) != ACTBENCH_OK ||
      actbench_apply_channels(prelu, in, NULL, out, 4, slopes, 2, 1) != ACTBENCH_OK ||
      actbench_sum_channels("f32", out, 4, 2, 1, sums) != ACTBENCH_OK) {
    fprintf(stderr, "%s\n", actbench_error_message());
    return 1;
  }
  if (sums[0] != -6.0 || sums[1] != -3.0) return 1;
  /* Gradients have a call of their own. */
  const actbench_kernel* backward;
  const float dy[3] = {3.0f, 3.0f, 3.0f};
  float dx[3];
  if (actbench_find("leaky_relu/backward/f32/accurate/best", &backward) != ACTBENCH_OK ||
      actbench_apply(backward, x, dx, 3, &slope) == ACTBENCH_OK ||
      actbench_apply_gradient(backward, x, dy, dx, 3, &slope) != ACTBENCH_OK) {
    fprintf(stderr, "%s\n", actbench_error_message());
    return 1;
  }
  if (dx[0] != 1.5f || dx[2] != 3.0f) return 1;
  printf("actbench %s: %g %g %g\n", actbench_version(), (double)y[0], (double)y[1], (double)y[2]);
  return y[0] == -2.0f && y[1] == 0.0f && y[2] == 4.0f ? 0 : 1;
}
