// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Stands before a function that is one loop over branch-free arithmetic. The compiler then makes a version of it for
/// each of three widths of registers, and the program takes the widest that the CPU has when it starts. All versions
/// give the same bits: nothing is fused (-ffp-contract=off), and what the loop calls becomes part of it. Sanitizers do
/// not support this, and Clang 14 does not on templates.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define ACTBENCH_CLONES \
  [[gnu::target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), gnu::noinline, gnu::flatten]]
#else
#define ACTBENCH_CLONES [[gnu::noinline, gnu::flatten]]
#endif
