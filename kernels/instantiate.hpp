// SPDX-License-Identifier: Apache-2.0
//
// Turns one activation's Definition into kernels for the instruction set being compiled, as a table for the registry.
#pragma once

#include "kernels/loops.hpp"

namespace actbench::ACTBENCH_ISA {
namespace {

constexpr Kernel rows[] = {
    {&Definition::facts, Direction::forward, Type::f32, Tier::naive, backend, __builtin_inf(), naive<float>},
    {&Definition::facts, Direction::forward, Type::f32, Tier::accurate, backend, 0.5, accurate_f32<Definition>},
};

}  // namespace
}  // namespace actbench::ACTBENCH_ISA

ACTBENCH_EXPORT(rows)
