// SPDX-License-Identifier: Apache-2.0
#include "bench/support/float_state.hpp"

#include <fmt/format.h>
#include <link.h>

#include <cfenv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string_view>

#include "kernels/float_state.hpp"

namespace actbench::bench {
namespace {

std::string changed() {
  std::vector<std::string> parts;
  int direction = FE_TONEAREST;
  bool traps = false;
#if defined(__x86_64__)
  // Not std::fegetround(), which reads the x87 unit's direction.
  const FloatState state = FloatState::read();
  if (state.mxcsr & FloatState::flush_to_zero) parts.emplace_back("flush-to-zero");
  if (state.mxcsr & FloatState::denormals_are_zero) parts.emplace_back("denormals-are-zero");
  constexpr int directions[] = {FE_TONEAREST, FE_DOWNWARD, FE_UPWARD, FE_TOWARDZERO};
  direction = directions[(state.mxcsr & FloatState::rounding) >> 13];
  traps = (state.mxcsr & FloatState::default_control) != FloatState::default_control;
#else
  direction = std::fegetround();
#if defined(__aarch64__)
  const FloatState state = FloatState::read();
  if (state.fpcr & FloatState::flush_to_zero) parts.emplace_back("flush-to-zero");
  traps = (state.fpcr & 0x9f00) != 0;
#endif
#endif
  if (direction == FE_UPWARD) parts.emplace_back("rounding upward");
  if (direction == FE_DOWNWARD) parts.emplace_back("rounding downward");
  if (direction == FE_TOWARDZERO) parts.emplace_back("rounding toward zero");
  if (traps) parts.emplace_back("exceptions that trap");
  return fmt::format("{}", fmt::join(parts, ", "));
}

#if defined(__x86_64__)
/// Whether code holds an instruction ldmxcsr next to a constant that sets one of MXCSR's two bits for flushing,
/// perhaps with others that control it: what the start-up code of -ffast-math is, and _MM_SET_FLUSH_ZERO_MODE.
bool sets_flushing(std::span<const unsigned char> code) {
  constexpr std::size_t near = 24;
  for (std::size_t i = near; i + 2 < code.size(); ++i) {
    const bool legacy = code[i] == 0x0f && code[i + 1] == 0xae;
    const bool vex = code[i] == 0xf8 && code[i + 1] == 0xae && code[i - 1] == 0xc5;
    const unsigned modrm = code[i + 2];
    if (!(legacy || vex) || (modrm >> 3 & 7) != 2 || modrm >> 6 == 3) continue;
    for (std::size_t at = i - near; at + 4 <= i; ++at) {
      std::uint32_t constant;
      std::memcpy(&constant, code.data() + at, sizeof constant);
      if ((constant & (FloatState::flush_to_zero | FloatState::denormals_are_zero)) != 0 && (constant & ~0xffc0u) == 0)
        return true;
    }
  }
  return false;
}
#endif

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

std::string float_state_changed() { return changed(); }

}  // namespace actbench::bench
