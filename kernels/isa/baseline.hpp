// SPDX-License-Identifier: Apache-2.0
//
// The scalar vocabulary for a CPU without fused multiply-add: the C library's fma gives the same bits, slowly.
#pragma once

#include "kernels/isa/scalar.hpp"
