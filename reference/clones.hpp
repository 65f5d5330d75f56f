// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Before a function that is one loop over branch-free arithmetic: the compiler makes a version of it for each of three
/// widths of registers, and the program takes the widest that the CPU has when it starts. Nothing is fused
/// (-ffp-contract=off) and what is called is made part of it, so all give the same bits. Sanitizers do not bear the
/// mechanism, Clang 14 not on templates.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define ACTBENCH_CLONES \
  [[gnu::target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4"), gnu::noinline, gnu::flatten]]
#else
#define ACTBENCH_CLONES [[gnu::noinline, gnu::flatten]]
#endif
