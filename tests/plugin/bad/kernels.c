/* SPDX-License-Identifier: Apache-2.0
 *
 * A plug-in with a kernel of every bad kind, and good ones between them.
 */
#define _GNU_SOURCE
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "actbench/plugin.h"

static void relu(const actbench_call* c) {
  const float* x = c->x;
  float* y = c->y;
  for (size_t i = 0; i < c->n; ++i) y[i] = x[i] < 0 ? 0 : x[i];
}

static int* volatile nowhere;
static void crashes(const actbench_call* c) {
  relu(c);
  *nowhere = 1;
}
static void aborts(const actbench_call* c) {
  relu(c);
  abort();
}
static void exits(const actbench_call* c) {
  relu(c);
  exit(0);
}
static void hangs(const actbench_call* c) {
  relu(c);
  for (;;) pause();
}
static void divides(const actbench_call* c) {
  volatile int zero = 0;
  relu(c);
  ((float*)c->y)[0] = (float)(7 / zero);
}
static int deeper(volatile char* above) {
  volatile char here[4096];
  here[0] = above[0];
  return here[0] == 2 ? 0 : deeper(here) + here[1];
}
static void recurses(const actbench_call* c) {
  volatile char first[1] = {0};
  relu(c);
  ((float*)c->y)[0] = (float)deeper(first);
}
static void writes_past(const actbench_call* c) {
  relu(c);
  ((float*)c->y)[c->n] = 1;
}
static void writes_before(const actbench_call* c) {
  relu(c);
  ((float*)c->y)[-1] = 1;
}
/* In whole registers of four, as where a loop's remainder was forgotten. */
static void reads_past(const actbench_call* c) {
  const float* x = c->x;
  volatile float sum = 0;
  relu(c);
  for (size_t i = 0; i < (c->n + 3) / 4 * 4; ++i) sum = sum + x[i];
}
static void reads_before(const actbench_call* c) {
  volatile float before = ((const float*)c->x)[-1];
  relu(c);
  (void)before;
}
static void writes_input(const actbench_call* c) {
  relu(c);
  if (c->n > 3) ((float*)(uintptr_t)c->x)[3] = 1;
}
static void leaves_unwritten(const actbench_call* c) {
  actbench_call shorter = *c;
  if (shorter.n > 30) --shorter.n;
  relu(&shorter);
}
static void prints(const actbench_call* c) {
  relu(c);
  if (c->n == 17) printf("hello\n");
}
static void* sleeps(void* nothing) {
  for (;;) pause();
  return nothing;
}
static void starts_threads(const actbench_call* c) {
  static int started = 0;
  pthread_t thread;
  relu(c);
  if (!started++) pthread_create(&thread, NULL, sleeps, NULL);
}
static void* ends(void* nothing) { return nothing; }
static void has_threads(const actbench_call* c) {
  pthread_t thread;
  relu(c);
  if (c->n == 17 && pthread_create(&thread, NULL, ends, NULL) == 0) pthread_join(thread, NULL);
}
static void changes_rounding(const actbench_call* c) {
  relu(c);
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(0x3f80 | 0x8000);
#endif
}
/* Where something is left of a register of four it gives another result. */
static void depends_on_place(const actbench_call* c) {
  float* y = c->y;
  relu(c);
  for (size_t i = c->n / 4 * 4; i < c->n; ++i) y[i] = y[i] * 1.5f;
}
static void depends_on_calls(const actbench_call* c) {
  static float calls = 0;
  relu(c);
  if (c->n > 0) ((float*)c->y)[0] = ++calls;
}

#ifdef LATER
/* These behave as long as the arrays are small. */
static void crashes_later(const actbench_call* c) {
  if (c->n > 1050) crashes(c);
  relu(c);
}
static void exits_later(const actbench_call* c) {
  if (c->n > 1050) exits(c);
  relu(c);
}
static void hangs_later(const actbench_call* c) {
  if (c->n > 1050) hangs(c);
  relu(c);
}

#endif

#define KERNEL(activation, run) \
  { activation, "forward", "f32", run, NULL, 0, NULL, NULL, NULL, NULL }
static const actbench_plugin_kernel kernels[] = {
    KERNEL("relu", relu),
#ifdef LATER
    KERNEL("gelu", crashes_later),
    KERNEL("silu", exits_later),
    KERNEL("mish", hangs_later),
    {"relu", "derivative", "f32", NULL, NULL, 0, NULL, NULL, "this CPU is too small", NULL},
#else
    KERNEL("gelu", crashes),
    KERNEL("silu", aborts),
    KERNEL("mish", exits),
    KERNEL("tanh", hangs),
    KERNEL("elu", divides),
    KERNEL("selu", recurses),
    KERNEL("relu6", writes_past),
    KERNEL("sigmoid", writes_before),
    KERNEL("softplus", reads_past),
    KERNEL("softsign", reads_before),
    KERNEL("hardtanh", writes_input),
    KERNEL("hard_swish", leaves_unwritten),
    KERNEL("celu", prints),
    KERNEL("gelu_tanh", starts_threads),
    KERNEL("log_sigmoid", has_threads),
    KERNEL("step", changes_rounding),
    KERNEL("identity", depends_on_place),
    KERNEL("tanhshrink", depends_on_calls),
    KERNEL("fancy", relu),
    KERNEL("rellu", relu),
    KERNEL(NULL, relu),
    KERNEL("threshold", NULL),
    {"relu", "sideways", "f32", relu, NULL, 0, NULL, NULL, NULL, NULL},
    {"relu", "gradient_a", "f32", relu, NULL, 0, NULL, NULL, NULL, NULL},
    {"relu", "forward", "f8", relu, NULL, 0, NULL, NULL, NULL, NULL},
    {"relu", "forward", "f32", relu, "alpha=1", 0, NULL, NULL, NULL, NULL},
    {"leaky_relu", "forward", "f32", relu, "alpha=many", 0, NULL, NULL, NULL, NULL},
    {"hard_sigmoid", "forward", "f32", relu, NULL, -1, NULL, NULL, NULL, NULL},
    {"hard_sigmoid", "forward", "f32", relu, NULL, 0, "quick", NULL, NULL, NULL},
    KERNEL("relu", relu),
    KERNEL("squared_relu", relu),
#endif
};
ACTBENCH_PLUGIN(NAME, "bad 1.0", kernels)
