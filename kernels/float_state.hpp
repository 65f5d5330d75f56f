// SPDX-License-Identifier: Apache-2.0
//
// The floating-point state of a thread: rounding direction, flush-to-zero, denormals-are-zero, which exceptions trap,
// and the flags of those that occurred. Kernels, and the reference's bounds, hold in the default state only: to nearest
// even, nothing flushed, nothing traps. Programs change it (PyTorch's set_flush_denormal, shared libraries linked with
// -ffast-math, std::fesetround), so every way into the library computes under a DefaultFloatState.
//
// Of x86-64 this is MXCSR: kernels use no x87 instruction, so its control word stays as it is. Of AArch64 it is FPCR,
// and FPSR for the flags. Elsewhere it is what <cfenv> keeps.
#pragma once

#include <cstdint>

#if !defined(__x86_64__) && !defined(__aarch64__)
#include <cfenv>
#endif

namespace actbench {

/// The registers as they are. Nothing that reads or writes memory moves across either function.
#if defined(__x86_64__)
struct FloatState {
  static constexpr std::uint32_t flag_bits = 0x3f, default_control = 0x1f80;  ///< all exceptions masked
  static constexpr std::uint32_t flush_to_zero = 0x8000, denormals_are_zero = 0x0040, rounding = 0x6000;
  std::uint32_t mxcsr;

  void take() noexcept { __asm__ volatile("stmxcsr %0" : "=m"(mxcsr) : : "memory"); }
  void write() const noexcept { __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr) : "memory"); }
  static FloatState read() noexcept {
    FloatState state;
    state.take();
    return state;
  }
  /// The default state, with these flags.
  FloatState with_default_control() const noexcept { return {default_control | (mxcsr & flag_bits)}; }
  friend bool operator==(const FloatState&, const FloatState&) = default;
};
#elif defined(__aarch64__)
struct FloatState {
  static constexpr std::uint64_t flush_to_zero = std::uint64_t{1} << 24, rounding = std::uint64_t{3} << 22;
  std::uint64_t fpcr, fpsr;

  void take() noexcept { __asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(fpcr), "=r"(fpsr) : : "memory"); }
  static FloatState read() noexcept {
    FloatState state;
    state.take();
    return state;
  }
  void write() const noexcept { __asm__ volatile("msr fpcr, %0\n\tmsr fpsr, %1" : : "r"(fpcr), "r"(fpsr) : "memory"); }
  FloatState with_default_control() const noexcept { return {0, fpsr}; }
  friend bool operator==(const FloatState&, const FloatState&) = default;
};
#endif

/// As long as it lives, its thread is in the default state; then in the one before, the exceptions' flags included. A
/// constant or an argument that the compiler holds in a register may be computed with before or after: what depends on
/// the state must go through memory (or `observed`) meanwhile.
class DefaultFloatState {
 public:
#if defined(__x86_64__) || defined(__aarch64__)
  DefaultFloatState() noexcept {
    before_.take();  // into the place that it is written back from
    if (const FloatState wanted = before_.with_default_control(); !(before_ == wanted)) wanted.write();
  }
  // Reading waits for all that may still set a flag, and takes longer than writing what was there.
  ~DefaultFloatState() { before_.write(); }
#else
  DefaultFloatState() noexcept {
    std::fegetenv(&before_);
    std::fesetenv(FE_DFL_ENV);
  }
  ~DefaultFloatState() { std::fesetenv(&before_); }
#endif
  DefaultFloatState(const DefaultFloatState&) = delete;
  DefaultFloatState& operator=(const DefaultFloatState&) = delete;

 private:
#if defined(__x86_64__) || defined(__aarch64__)
  FloatState before_;
#else
  std::fenv_t before_;
#endif
};

/// The value, computed here and nowhere else: neither before a DefaultFloatState begins nor after it ends.
inline double observed(double value) noexcept {
  __asm__ volatile("" : "+m"(value) : : "memory");
  return value;
}

}  // namespace actbench
