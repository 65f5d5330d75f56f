/* SPDX-License-Identifier: Apache-2.0
 *
 * A plug-in whose kernel is good, and that is bad itself: in one way for each macro that may be defined.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "actbench/plugin.h"

#ifndef WRONG
#define WRONG 0
#endif
#ifndef PROMISE
#define PROMISE 0
#endif

static void relu(const actbench_call* c) {
  const float* x = c->x;
#ifdef HUNGRY /* for all the memory that it is let have */
  static void* volatile taken;
  for (size_t size = 1 << 20; size > 0; size /= 4)
    while ((taken = malloc(size)) != NULL) continue;
#endif
  float* y = c->y;
  for (size_t i = 0; i < c->n; ++i) y[i] = x[i] < 0 ? WRONG : x[i];
}

#ifndef ABSENT
#define ABSENT NULL
#endif
static const actbench_plugin_kernel kernels[] = {
    {"relu", "forward", "f32", relu, NULL, PROMISE, NULL, NULL, ABSENT, NULL},
};

#ifdef LOADING
static void* sleeps(void* nothing) {
  for (;;) pause();
  return nothing;
}
static void starts_a_thread(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, sleeps, NULL);
}
static void prints(void) {
  printf("hello\n");
  fflush(stdout);
}
static int* volatile nowhere;
static void crashes(void) { *nowhere = 1; }
static void hangs(void) {
  for (;;) pause();
}
static void exits(void) { _exit(0); }
static void flushes_to_zero(void) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(0x1f80 | 0x8000);
#endif
}
__attribute__((constructor)) static void when_loaded(void) {
  void (*all[])(void) = {starts_a_thread, prints, crashes, hangs, exits, flushes_to_zero};
  (void)all;
  LOADING();
}
#endif

#ifdef STARTING /* 1, 2 */
static const char* absent(void) { return "there is no such device"; }
static const char* aborts(void) { abort(); }
#define WHEN_STARTED(which) (which == 1 ? absent : aborts)
#else
#define WHEN_STARTED(which) NULL
#endif

#ifndef NAME
#define NAME "bad"
#endif
#ifndef VERSION
#define VERSION ACTBENCH_PLUGIN_VERSION
#endif
#ifndef ENTRY
#define ENTRY actbench_plugin_v1
#endif
#ifndef COUNT
#define COUNT 1
#endif

#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const actbench_plugin*
ENTRY(void) {
  static actbench_plugin plugin;
  plugin.version = VERSION;
  plugin.kernel_size = sizeof kernels[0];
  plugin.name = NAME;
  plugin.kernels = kernels;
  plugin.kernel_count = COUNT;
  plugin.start = WHEN_STARTED(STARTING);
  return &plugin;
}
