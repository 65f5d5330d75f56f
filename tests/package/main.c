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
  printf("actbench %s: %g %g %g\n", actbench_version(), (double)y[0], (double)y[1], (double)y[2]);
  return y[0] == -2.0f && y[1] == 0.0f && y[2] == 4.0f ? 0 : 1;
}
