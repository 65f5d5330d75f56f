// SPDX-License-Identifier: Apache-2.0
//
// In place of runtime.cpp in a build without CUDA: what the rest of the program links to. No kernel of this backend is
// there, so none of it is reached but unrunnable_reason().
#include "actbench/cuda.hpp"
#include "kernels/cuda/runtime.hpp"

namespace actbench::cuda {
namespace {

constexpr Failure absent = "built without CUDA";

}  // namespace

void set_stream(void*) noexcept {}
const char* last_error() noexcept { return nullptr; }
const char* unrunnable_reason() noexcept { return absent; }

void select(int) noexcept {}
Failure describe(Device&) { return absent; }
Failure allocate(void**, std::size_t) noexcept { return absent; }
void release(void*) noexcept {}
bool reaches(const void*) noexcept { return false; }
Failure copy(void*, const void*, std::size_t) noexcept { return absent; }
Failure set_bytes(void*, unsigned char, std::size_t) noexcept { return absent; }
Failure wait() noexcept { return absent; }
Failure launch(const Module&, std::size_t, unsigned, void*) noexcept { return absent; }
Stopwatch::Stopwatch() = default;
Stopwatch::~Stopwatch() = default;
Failure Stopwatch::start() noexcept { return absent; }
Failure Stopwatch::stop() noexcept { return absent; }
Failure Stopwatch::seconds(double&) noexcept { return absent; }
void note(Failure) noexcept {}

}  // namespace actbench::cuda
