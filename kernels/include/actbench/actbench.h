/* SPDX-License-Identifier: Apache-2.0
 *
 * C interface to the kernels, for every language that can call C.
 *
 *   const actbench_kernel* gelu;
 *   if (actbench_find("gelu/forward/f32/accurate/avx2", &gelu) != ACTBENCH_OK ||
 *       actbench_apply(gelu, x, y, n, NULL) != ACTBENCH_OK)
 *     fprintf(stderr, "%s\n", actbench_error_message());
 *
 * All functions are thread-safe. Nothing is allocated that the caller must free.
 */
#ifndef ACTBENCH_H
#define ACTBENCH_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct actbench_kernel actbench_kernel;

typedef enum actbench_status {
  ACTBENCH_OK = 0,
  ACTBENCH_NOT_FOUND = 1,    /* no kernel has that identity */
  ACTBENCH_BAD_ARGUMENT = 2, /* a null pointer, or a parameter outside its domain */
  ACTBENCH_NOT_RUNNABLE = 3  /* the kernel was built, but this machine lacks what it needs */
} actbench_status;

/* Facts about a kernel. Strings live as long as the process. */
typedef struct actbench_kernel_info {
  const char* identity; /* "gelu/forward/f32/accurate/avx512" */
  const char* activation;
  const char* formula;
  const char* direction;
  const char* type;
  const char* tier;
  const char* backend;
  size_t element_size; /* bytes */
  double promised_ulp; /* largest error over every input, in ULP; infinity where nothing is promised */
  size_t parameter_count;
  const char* parameter_names[4];
  double parameter_defaults[4];
  const char* unrunnable_reason; /* NULL where the kernel runs here */
} actbench_kernel_info;

/* Number of kernels in the table, and the kernel at a place in it (NULL beyond the end). */
size_t actbench_kernel_count(void);
const actbench_kernel* actbench_kernel_at(size_t index);

/* Finds a kernel by its identity, activation/direction/type/tier/backend. The backend may be "best": the
 * widest that runs on this machine. */
actbench_status actbench_find(const char* identity, const actbench_kernel** kernel);

actbench_status actbench_describe(const actbench_kernel* kernel, actbench_kernel_info* info);

/* y[i] = f(x[i]) for i < n. x and y hold n elements of the kernel's type, at any alignment; y may be x, but must
 * not overlap it otherwise. parameters: parameter_count values, rounded to the kernel's type before use, or NULL
 * for the defaults. */
actbench_status actbench_apply(const actbench_kernel* kernel, const void* x, void* y, size_t n,
                               const double* parameters);

/* One sentence about the last call on this thread that did not return ACTBENCH_OK. */
const char* actbench_error_message(void);

/* "0.1.0" */
const char* actbench_version(void);

#ifdef __cplusplus
}
#endif

#endif
