/* SPDX-License-Identifier: Apache-2.0
 *
 * Your own kernels, judged by actbench as its own are: actbench accuracy --plugin ./mine.so --backend mine
 *
 *   #include <actbench/plugin.h>
 *   static void relu(const actbench_call* c) {
 *     const float* x = c->x;
 *     float* y = c->y;
 *     for (size_t i = 0; i < c->n; ++i) y[i] = x[i] > 0 ? x[i] : 0;
 *   }
 *   static const actbench_plugin_kernel kernels[] = {{"relu", "forward", "f32", relu}};
 *   ACTBENCH_PLUGIN("mine", "1.0", kernels)
 *
 *   cc -O2 -shared -fPIC -o mine.so mine.c
 *
 * A plug-in is a shared library that exports one function of the C ABI, actbench_plugin_v1. It links to nothing of
 * actbench. The header is C99 and C++11; any language that lays out structures as C does can do without it. Strings are
 * UTF-8, end with a zero byte, and live, like everything else that is pointed to, until the library is unloaded.
 */
#ifndef ACTBENCH_PLUGIN_H
#define ACTBENCH_PLUGIN_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ACTBENCH_PLUGIN_VERSION 1

/* One call of a kernel. The arrays hold n elements of the kernel's type: float, double, or, of the types f16 (IEEE's
 * binary16) and bf16 (the upper half of an f32), bit patterns of type uint16_t. They begin at any multiple of an
 * element's size, and y overlaps none of the others. */
typedef struct actbench_call {
  const void* x;            /* the input; of a gated unit b; of rows, backward, the result of forward */
  const void* dy;           /* the gradient from above, where the direction takes it; otherwise NULL */
  const void* a;            /* of gated units the input a, where the direction takes it; otherwise NULL */
  void* y;                  /* the result: every element is to be written */
  size_t n;                 /* elements, 0 allowed; of rows a multiple of row */
  size_t row;               /* of rows: the length of each, at least 1; otherwise 0 */
  const double* parameters; /* the activation's parameters in the table's order, rounded to the type */
  void* context;            /* that of the kernel's description */
} actbench_call;

/* A kernel. What is left out, and so 0, has the meaning that is given first. */
typedef struct actbench_plugin_kernel {
  const char* activation; /* required: a name or an alias that `actbench list` shows: "gelu", "swiglu", "softmax" */
  const char* direction;  /* NULL: "forward"; "derivative", "backward", "alpha_gradient"; of gated units "gradient_a",
                           * "gradient_b" */
  const char* type;       /* NULL: "f32"; "f64", "f16", "bf16" */
  /* required: computes y, in the calling thread, on the arrays of the call alone. Several threads may call it at once,
   * each with arrays of its own. It leaves the floating-point state as it was. */
  void (*run)(const actbench_call* call);
  /* NULL: computes with whatever parameters a call has, as the table's own kernels do; "alpha=1.702", or
   * "alpha=1, beta=0": computes with these alone, whatever a call has */
  const char* parameters;
  double promised_ulp; /* 0, or infinity: promises nothing; otherwise its largest error over every input, in ULP */
  const char* tier;    /* NULL: "accurate" for a promise of at most 0.5 ULP, "fast" for any other, "naive" for none */
  const char* note;    /* NULL; what a reader should know: "composed of exp" */
  const char* absent;  /* NULL: runs here; otherwise why not, as half a sentence: "this CPU has no AVX-512" */
  void* context;       /* for calls of this kernel */
} actbench_plugin_kernel;

typedef struct actbench_plugin {
  unsigned version;   /* ACTBENCH_PLUGIN_VERSION */
  size_t kernel_size; /* sizeof(actbench_plugin_kernel) */
  /* The backend's name in identities, relu/forward/f32/naive/mine: a letter, then letters, digits and _, 31 at most;
   * none that actbench has for a backend of its own */
  const char* name;
  const char* about; /* the version, for reports: "mine 1.0, gcc 12 -O2"; may be NULL */
  const actbench_plugin_kernel* kernels;
  size_t kernel_count;
  /* Called once, before any kernel, in each process that loads the plug-in. May be NULL. Returns NULL, or why no kernel
   * runs here, as half a sentence: "there is no libsleef.so.3". */
  const char* (*start)(void);
} actbench_plugin;

/* What a plug-in exports. It may fill in what it returns when it is called: before start. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const actbench_plugin*
actbench_plugin_v1(void);

/* Defines it for an array of kernels; the second form has a function `start`. */
#define ACTBENCH_PLUGIN(name, about, kernels) ACTBENCH_PLUGIN_WITH_START(name, about, kernels, NULL)
#ifdef __cplusplus
#define ACTBENCH_PLUGIN_WITH_START(name, about, kernels, start) extern "C" ACTBENCH_PLUGIN_(name, about, kernels, start)
#else
#define ACTBENCH_PLUGIN_WITH_START(name, about, kernels, start) ACTBENCH_PLUGIN_(name, about, kernels, start)
#endif
#define ACTBENCH_PLUGIN_(name, about, kernels, start)                              \
  const actbench_plugin* actbench_plugin_v1(void) {                                \
    static const actbench_plugin plugin = {ACTBENCH_PLUGIN_VERSION,                \
                                           sizeof(actbench_plugin_kernel),         \
                                           name,                                   \
                                           about,                                  \
                                           kernels,                                \
                                           sizeof(kernels) / sizeof((kernels)[0]), \
                                           start};                                 \
    return &plugin;                                                                \
  }

#ifdef __cplusplus
}
#endif

#endif
