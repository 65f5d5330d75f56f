/* SPDX-License-Identifier: Apache-2.0
 *
 * A plug-in in C:
 *   cc -O2 -shared -fPIC -I ../kernels/include -o mine.so plugin.c -lm
 *   actbench accuracy gelu/forward/f32 --plugin ./mine.so
 */
#include <actbench/plugin.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

static void relu(const actbench_call* c) {
  const float* x = c->x;
  float* y = c->y;
  for (size_t i = 0; i < c->n; ++i) y[i] = x[i] < 0 ? 0 : x[i];
}

static void gelu(const actbench_call* c) {
  const float* x = c->x;
  float* y = c->y;
  for (size_t i = 0; i < c->n; ++i) y[i] = 0.5f * x[i] * (1 + erff(x[i] * 0.70710678f));
}

/* dy·f'(x) */
static void relu_backward(const actbench_call* c) {
  const float *x = c->x, *dy = c->dy;
  float* y = c->y;
  for (size_t i = 0; i < c->n; ++i) y[i] = x[i] > 0 ? dy[i] : 0;
}

/* Of f16 and bf16 the arrays hold bit patterns: a bf16 is the upper half of a float. */
static void relu_bf16(const actbench_call* c) {
  const uint16_t* x = c->x;
  uint16_t* y = c->y;
  for (size_t i = 0; i < c->n; ++i) y[i] = x[i] > 0x8000 && x[i] <= 0xff80 ? 0 : x[i];
}

static const actbench_plugin_kernel kernels[] = {
    {.activation = "relu", .run = relu, .promised_ulp = 0.5},
    {.activation = "relu", .direction = "backward", .run = relu_backward},
    {.activation = "relu", .type = "bf16", .run = relu_bf16, .promised_ulp = 0.5},
    {.activation = "gelu", .run = gelu, .note = "erff of the C library"},
};
ACTBENCH_PLUGIN("mine", "mine 1.0", kernels)
