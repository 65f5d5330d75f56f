/* SPDX-License-Identifier: Apache-2.0
 *
 * A shared library as -ffast-math links it: as it is loaded, flush-to-zero and denormals-are-zero are set. This one
 * lets numbers be rounded toward zero as well.
 */
#include <xmmintrin.h>

__attribute__((constructor)) static void set_fast_math(void) { _mm_setcsr(_mm_getcsr() | 0x8040 | 0x6000); }
