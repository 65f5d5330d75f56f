/* SPDX-License-Identifier: Apache-2.0
 *
 * C interface to the kernels, for every language that can call C.
 *
 *   const actbench_kernel* gelu;
 *   if (actbench_find("gelu/forward/f32/accurate/avx2", &gelu) != ACTBENCH_OK ||
 *       actbench_apply(gelu, x, y, n, NULL) != ACTBENCH_OK)
 *     fprintf(stderr, "%s\n", actbench_error_message());
 *
 * Types are named f32, f64, f16, bf16. Their arrays hold float, double, and for the two half types bit patterns of type
 * uint16_t: f16 is IEEE's binary16, bf16 the upper half of an f32.
 *
 * All functions are thread-safe. None allocates anything that the caller must free. They compute in the default
 * floating-point state (to nearest even, nothing flushed to zero, nothing traps), whatever the caller's is, and leave
 * the caller's as it was.
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
  ACTBENCH_BAD_ARGUMENT = 2, /* a null pointer, a parameter outside its domain, or a call that the kernel is not for */
  ACTBENCH_NOT_RUNNABLE = 3, /* the kernel was built, but this machine lacks what it needs */
  ACTBENCH_DEVICE_FAILED = 4 /* a CUDA device did not do what it was asked to, now or in an earlier call */
} actbench_status;

/* Facts about a kernel. Strings live as long as the process. */
typedef struct actbench_kernel_info {
  const char* identity; /* "gelu/forward/f32/accurate/avx512" */
  const char* activation;
  const char* formula;
  /* forward, derivative, backward, alpha_gradient; for gated units forward, gradient_a, gradient_b */
  const char* direction;
  /* Whether the direction takes dy. 1: call actbench_apply_gradient; 0: call actbench_apply. Gated units are called by
   * actbench_apply_gated in either case. */
  int takes_dy;
  const char* type; /* f32, f64, f16, bf16 */
  const char* tier; /* naive, fast, accurate */
  const char* backend;
  size_t element_size; /* bytes */
  double promised_ulp; /* largest error over every input, in ULP; infinity where nothing is promised */
  size_t parameter_count;
  const char* parameter_names[4];
  double parameter_defaults[4];
  const char* unrunnable_reason; /* NULL where the kernel runs here */
  /* "elementwise"; "gated", called by actbench_apply_gated; "rows", called by actbench_apply_rows */
  const char* shape;
  int takes_a; /* for a gated unit, whether the direction takes the input a; 0 for others */
} actbench_kernel_info;

/* Number of kernels in the table, and the kernel at a place in it (NULL beyond the end). */
size_t actbench_kernel_count(void);
const actbench_kernel* actbench_kernel_at(size_t index);

/* Finds a kernel by its identity, activation/direction/type/tier/backend. The backend may be "best", the widest that
 * runs on this machine. Where there is no such kernel, the error message says which part of the identity is unknown and
 * what the table has instead. */
actbench_status actbench_find(const char* identity, const actbench_kernel** kernel);

/* Where a kernel's machine code begins, for tools that compare builds. A kernel that runs on a device has the host's
 * function here that starts it there. NULL for a null kernel, and for AVX2 and AVX-512 where the library was not built
 * for x86-64. */
const void* actbench_kernel_code(const actbench_kernel* kernel);

actbench_status actbench_describe(const actbench_kernel* kernel, actbench_kernel_info* info);

/* y[i] = f(x[i]), or f'(x[i]), for i < n: directions forward and derivative. x and y hold n elements of the kernel's
 * type, at any alignment; y may be x, but must not overlap it otherwise. parameters: parameter_count values, rounded to
 * the kernel's type before use, or NULL for the defaults. */
actbench_status actbench_apply(const actbench_kernel* kernel, const void* x, void* y, size_t n,
                               const double* parameters);

/* dx[i] = dy[i]*f'(x[i]), rounded once: direction backward; or the terms dy[i]*df/dalpha of a learned parameter's
 * gradient: direction alpha_gradient. dx may be x or dy. The rest is as for actbench_apply. */
actbench_status actbench_apply_gradient(const actbench_kernel* kernel, const void* x, const void* dy, void* dx,
                                        size_t n, const double* parameters);

/* Gated units: y[i] = a[i]*f(b[i]), direction forward; dy[i]*f(b[i]), gradient_a; dy[i]*a[i]*f'(b[i]), gradient_b; each
 * rounded once. dy and a: NULL where the direction takes none. y may be any of the inputs. The rest is as for
 * actbench_apply. */
actbench_status actbench_apply_gated(const actbench_kernel* kernel, const void* a, const void* b, const void* dy,
                                     void* y, size_t n, const double* parameters);

/* For activations with exactly one parameter that has a value for each channel, such as prelu: element i takes
 * values[(i / stride) % channels]. Arrays of N*C*H*W have stride H*W, those of N*H*W*C stride 1. dy: NULL where the
 * kernel's direction takes none. The rest is as for the two functions above. */
actbench_status actbench_apply_channels(const actbench_kernel* kernel, const void* x, const void* dy, void* y, size_t n,
                                        const double* values, size_t channels, size_t stride);

/* For kernels over rows (shape rows: softmax, log_softmax, softmin), which no other function takes: `rows` rows, one
 * after the other, of `length` elements each, at least 1. Direction forward: dy must be NULL. backward: x is what
 * forward gave, dy the gradient for that; y becomes the gradient for forward's input. y may be x or dy. */
actbench_status actbench_apply_rows(const actbench_kernel* kernel, const void* x, const void* dy, void* y, size_t rows,
                                    size_t length);

/* sums[c] = the sum of terms[i] over all i < n with (i / stride) % channels == c, in double with the additions'
 * rounding errors carried along: the gradient of each channel's parameter from the terms that alpha_gradient gives.
 * type: of the terms. */
actbench_status actbench_sum_channels(const char* type, const void* terms, size_t n, size_t channels, size_t stride,
                                      double* sums);

/* Where the arrays of a call take together so many bytes, results are stored past the caches, by which they come to
 * memory sooner, and are read back later: the same bits. At first it is the environment variable ACTBENCH_STREAM_FROM,
 * or else the size of the last-level cache, but no more than 64 MiB. SIZE_MAX: never. */
void actbench_set_stream_from(size_t bytes);

/* How many threads share a call on arrays of the host, from 2 MiB on: 1 at first, which is the caller's alone. The same
 * bits. */
void actbench_set_threads(unsigned count);

/* For kernels of the backend cuda: the stream (cudaStream_t) in which this thread's calls run from now on; NULL, as at
 * first, is the default stream. Where the device reaches all arrays of a call it returns once the kernel is in the
 * stream; arrays of ordinary memory are copied there and back, and the call waits. actbench_apply_channels takes
 * arrays of ordinary memory only. Without CUDA this does nothing. */
void actbench_set_cuda_stream(void* stream);

/* One sentence about the last call on this thread that did not return ACTBENCH_OK. */
const char* actbench_error_message(void);

/* "0.1.0" */
const char* actbench_version(void);

#ifdef __cplusplus
}
#endif

#endif
