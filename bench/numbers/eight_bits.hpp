// SPDX-License-Identifier: Apache-2.0
//
// Types of 8 bits: arrays in files have them, and no kernel of the table.
#pragma once

#include <optional>
#include <string_view>

#include "actbench/kernels.hpp"
#include "kernels/registry/foreign.hpp"
#include "reference/reference.hpp"

namespace actbench::bench {

/// The type of that name, of 8 bits too; nothing for any other text.
std::optional<Type> array_type(std::string_view name);

/// The type whose rows of the table say what functions there are: f32 for those of 8 bits, and it also is the one that
/// their functions' parameters are rounded to, as where frameworks compute them. Of other types themselves.
constexpr Type table_type(Type type) { return is_foreign(type) ? Type::f32 : type; }

/// False for f8_e4m3fn, in which overflow gives NaN.
constexpr bool has_infinity(Type type) { return type != f8_e4m3fn; }

/// In a type without infinities: takes what the reference calls infinite for NaN, in what is expected of `computed` and
/// in the judgement on it. A finite number keeps its error, which counts as if there were no largest number.
void take_overflow_for_nan(Type, double computed, reference::Judgement&);

}  // namespace actbench::bench
