// SPDX-License-Identifier: Apache-2.0
#include "bench/float_state.hpp"

#include <fmt/format.h>
#include <link.h>

#include <array>
#include <cfenv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string_view>

#include "kernels/float_state.hpp"

namespace actbench::bench {
namespace {

/// In words what of the thread's state is not the default.
std::string changed() {
  std::vector<std::string> parts;
#if defined(__x86_64__)
  const FloatState state = FloatState::read();
  if (state.mxcsr & FloatState::flush_to_zero) parts.emplace_back("flush-to-zero");
  if (state.mxcsr & FloatState::denormals_are_zero) parts.emplace_back("denormals-are-zero");
  const bool traps = (state.mxcsr & FloatState::default_control) != FloatState::default_control;
#elif defined(__aarch64__)
  const FloatState state = FloatState::read();
  if (state.fpcr & FloatState::flush_to_zero) parts.emplace_back("flush-to-zero");
  const bool traps = (state.fpcr & 0x9f00) != 0;
#else
  const bool traps = false;
#endif
  switch (std::fegetround()) {
    case FE_UPWARD:
      parts.emplace_back("rounding upward");
      break;
    case FE_DOWNWARD:
      parts.emplace_back("rounding downward");
      break;
    case FE_TOWARDZERO:
      parts.emplace_back("rounding toward zero");
      break;
    default:
      break;
  }
  if (traps) parts.emplace_back("exceptions that trap");
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Whether code holds an instruction ldmxcsr next to a constant that sets one of MXCSR's two bits for flushing: what
/// the start-up code of -ffast-math is, and _MM_SET_FLUSH_ZERO_MODE.
[[maybe_unused]] bool sets_flushing(std::span<const unsigned char> code) {
  constexpr std::size_t near = 24;
  for (std::size_t i = near; i + 2 < code.size(); ++i) {
    const bool legacy = code[i] == 0x0f && code[i + 1] == 0xae;
    const bool vex = code[i] == 0xf8 && code[i + 1] == 0xae && code[i - 1] == 0xc5;
    const unsigned modrm = code[i + 2];
    if (!(legacy || vex) || (modrm >> 3 & 7) != 2 || modrm >> 6 == 3) continue;
    for (std::size_t at = i - near; at + 4 <= i; ++at) {
      std::uint32_t constant;
      std::memcpy(&constant, code.data() + at, sizeof constant);
      if (constant == 0x8040 || constant == 0x8000 || constant == 0x0040) return true;
    }
  }
  return false;
}

/// The loaded files, the program among them, that do so.
std::vector<std::string> who_sets_flushing() {
  std::vector<std::string> found;
#if defined(__x86_64__)
  dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* list) {
        for (const auto& part : std::span(object->dlpi_phdr, object->dlpi_phnum)) {
          if (part.p_type != PT_LOAD || (part.p_flags & (PF_X | PF_R)) != (PF_X | PF_R)) continue;
          if (!sets_flushing({reinterpret_cast<const unsigned char*>(object->dlpi_addr + part.p_vaddr), part.p_memsz}))
            continue;
          const std::string_view file = object->dlpi_name;
          // The C library's own functions for the caller's use set what they are told to.
          const std::string name = std::filesystem::path(file).filename().string();
          if (name.starts_with("libm.") || name.starts_with("libc.") || name.starts_with("ld-")) continue;
          static_cast<std::vector<std::string>*>(list)->emplace_back(file.empty() ? "the program itself" : file);
          break;
        }
        return 0;
      },
      &found);
#endif
  return found;
}

FoundFloatState at_start;

}  // namespace

void take_default_float_state() {
  static const bool first = [] {
    at_start.changed = changed();
    if (!at_start.changed.empty()) at_start.suspects = who_sets_flushing();
    return true;
  }();
  static_cast<void>(first);
  std::fesetenv(FE_DFL_ENV);
#if defined(__x86_64__) || defined(__aarch64__)
  FloatState::read().with_default_control().write();
#endif
}

const FoundFloatState& float_state_at_start() { return at_start; }

}  // namespace actbench::bench
