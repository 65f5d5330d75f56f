// SPDX-License-Identifier: Apache-2.0
//
// As for CPUs with fused multiply-add, which the C library stands in for.
#pragma once

#include "kernels/isa/single/scalar.hpp"
