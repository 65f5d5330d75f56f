// SPDX-License-Identifier: Apache-2.0
//
// Code for wider instruction sets is confined to functions of its own that call nothing but intrinsics, so that nothing
// of it can reach a CPU that lacks them.
#include "kernels/registry/streaming.hpp"

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#endif

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "kernels/registry/foreign.hpp"

namespace actbench {
namespace {

constexpr std::size_t line = 64, page = 4096;
/// What a block's results take, and those of one row at most: room in a nearest cache, beside the inputs.
constexpr std::size_t block_bytes = 2048, most_block_bytes = 16384;
/// How far ahead inputs are fetched.
constexpr std::size_t ahead_bytes = 8192;

// ---- Stores past the caches

/// Places in inputs that will be read soon, as many as arrays that a call takes. A line of each is fetched with every
/// line stored: alone, stores that pass the caches leave the memory idle while the next block is computed.
using Ahead = const char* const*;

#if defined(__x86_64__)
template <int inputs>
inline void fetch(Ahead ahead, std::size_t at) {
  for (int i = 0; i < inputs; ++i) _mm_prefetch(ahead[i] + at, _MM_HINT_T0);
}
template <int inputs>
__attribute__((target("avx512f"))) void stream_avx512(char* to, const char* from, std::size_t lines, Ahead ahead) {
  for (std::size_t at = 0; at < lines * line; at += line) {
    fetch<inputs>(ahead, at);
    _mm512_stream_si512(reinterpret_cast<__m512i*>(to + at), _mm512_loadu_si512(from + at));
  }
}
template <int inputs>
__attribute__((target("avx"))) void stream_avx(char* to, const char* from, std::size_t lines, Ahead ahead) {
  for (std::size_t at = 0; at < lines * line; at += line) {
    fetch<inputs>(ahead, at);
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + at));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + at + 32));
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to + at), a);
    _mm256_stream_si256(reinterpret_cast<__m256i*>(to + at + 32), b);
  }
}
template <int inputs>
void stream_sse2(char* to, const char* from, std::size_t lines, Ahead ahead) {
  for (std::size_t at = 0; at < lines * line; at += line) {
    fetch<inputs>(ahead, at);
    for (std::size_t i = at; i < at + line; i += 16)
      _mm_stream_si128(reinterpret_cast<__m128i*>(to + i), _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i)));
  }
}
using Stream = void (*)(char*, const char*, std::size_t, Ahead);
template <int inputs>
Stream widest() noexcept {
  const unsigned features = cpu_features();
  return features & cpu_avx512 ? stream_avx512<inputs> : features & cpu_avx2 ? stream_avx<inputs> : stream_sse2<inputs>;
}
void stream(char* to, const char* from, std::size_t lines, Ahead ahead, int inputs) noexcept {
  static const Stream by_inputs[] = {widest<0>(), widest<1>(), widest<2>(), widest<3>()};
  by_inputs[inputs](to, from, lines, ahead);
}

/// The size of the largest cache that cpuid knows, by the leaf that Intel and AMD each have for it; 0 for none.
std::size_t largest_cache(unsigned leaf) noexcept {
  std::size_t largest = 0;
  for (unsigned index = 0; index < 16; ++index) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid_count(leaf, index, &a, &b, &c, &d) || (a & 0x1F) == 0) break;
    const std::size_t ways = (b >> 22) + 1, parts = (b >> 12 & 0x3FF) + 1, bytes = (b & 0xFFF) + 1,
                      sets = std::size_t{c} + 1;
    largest = std::max(largest, ways * parts * bytes * sets);
  }
  return largest;
}
std::size_t last_cache() noexcept { return std::max(largest_cache(4), largest_cache(0x8000001D)); }
#else
std::size_t last_cache() noexcept { return 0; }

void stream(char* to, const char* from, std::size_t lines, Ahead, int) noexcept {
#ifdef __aarch64__
  for (; lines > 0; --lines, to += line, from += line) {
    asm volatile(
        "ldp q0, q1, [%1]\n\tldp q2, q3, [%1, #32]\n\t"
        "stnp q0, q1, [%0]\n\tstnp q2, q3, [%0, #32]"
        :
        : "r"(to), "r"(from)
        : "v0", "v1", "v2", "v3", "memory");
  }
#else
  std::memcpy(to, from, lines * line);  // C++ has no such stores; a plain copy is what can be had
#endif
}
#endif

// ---- From which size on

/// ACTBENCH_STREAM_FROM, in bytes; without it the size of the last-level cache, as far as it can be told. A virtual
/// machine may be shown a cache that it has a small part of.
std::size_t usual_stream_from() noexcept {
  if (const char* const text = std::getenv("ACTBENCH_STREAM_FROM")) {
    char* end = nullptr;
    const unsigned long long bytes = std::strtoull(text, &end, 10);
    if (end != text && *end == '\0') return static_cast<std::size_t>(bytes);
  }
  constexpr std::size_t usual = std::size_t{32} << 20, most = std::size_t{64} << 20;
  const std::size_t cache = last_cache();
  return cache == 0 ? usual : std::min(cache, most);
}
std::atomic<std::size_t>& least_bytes() noexcept {
  static std::atomic<std::size_t> bytes{usual_stream_from()};
  return bytes;
}

// ---- A call's arrays

/// Whether y shares memory with an array of as many bytes.
bool overlaps(const void* y, const void* other, std::size_t bytes) noexcept {
  const auto a = reinterpret_cast<std::uintptr_t>(y), b = reinterpret_cast<std::uintptr_t>(other);
  return other != nullptr && a < b + bytes && b < a + bytes;
}

}  // namespace

std::size_t stream_from() noexcept { return least_bytes().load(std::memory_order_relaxed); }
void set_stream_from(std::size_t bytes) noexcept { least_bytes().store(bytes, std::memory_order_relaxed); }

void stream_lines(void* to, const void* from, std::size_t lines) noexcept {
  stream(static_cast<char*>(to), static_cast<const char*>(from), lines, nullptr, 0);
}
void streamed() noexcept {
#ifdef __x86_64__
  _mm_sfence();
#endif
}

Arguments part(const Arguments& a, std::size_t size, std::size_t at, std::size_t n) noexcept {
  const auto from = [&](const void* array) { return array ? static_cast<const char*>(array) + at * size : nullptr; };
  Arguments part = a;
  part.x = from(a.x);
  part.dy = from(a.dy);
  part.a = from(a.a);
  part.y = static_cast<char*>(a.y) + at * size;
  part.n = n;
  return part;
}

bool streams(const Kernel& kernel, const Arguments& a) noexcept {
  const std::size_t size = size_of(kernel.type), bytes = a.n * size;
  const auto arrays = static_cast<std::size_t>(2 + multipliers_of(kernel).count());
  if (bytes * arrays < stream_from() || bytes == 0 || arrays > 3) return false;
  if (kernel.tier == Tier::naive || (kernel.tier == Tier::accurate && !rounds_once(kernel))) return false;
  if (kernel.backend == Backend::cuda || is_foreign(kernel.backend)) return false;
  if (a.row * size > most_block_bytes) return false;
  return !overlaps(a.y, a.x, bytes) && !overlaps(a.y, a.dy, bytes) && !overlaps(a.y, a.a, bytes);
}

void run_streaming(const Kernel& kernel, const Arguments& a) noexcept {
  alignas(line) char room[page + line + most_block_bytes];
  const std::size_t size = size_of(kernel.type);
  const std::size_t unit = std::max<std::size_t>(a.row, 1), block = std::max(unit, block_bytes / size / unit * unit);
  const std::size_t distance = std::max(block, ahead_bytes / size / block * block);
  // In the room lines lie as in y. A shorter first block leaves whole lines to the others.
  const auto into_line = [&](std::size_t i) { return (reinterpret_cast<std::uintptr_t>(a.y) + i * size) % line; };
  // What is read in wider pieces than it was written in has to be in the cache first, and so waits for all stores
  // before it, those to memory too. So arguments are written number by number, ahead of such stores, and never copied.
  const auto take_block = [&](Arguments& one, std::size_t i) {
    const std::size_t into = into_line(i), most = unit == 1 && into > 0 ? block - into / size : block;
    const auto from = [&](const void* array) { return array ? static_cast<const char*>(array) + i * size : nullptr; };
    one.x = from(a.x);
    one.dy = from(a.dy);
    one.a = from(a.a);
    one.n = std::min(most, a.n - i);
    // Half a page off x: a load that comes soon after a store whose address has the same lower 12 bits waits for it.
    const std::size_t off = reinterpret_cast<std::uintptr_t>(one.x) + page / 2 - reinterpret_cast<std::uintptr_t>(room);
    one.y = room + off % page / line * line + into;
  };
  Arguments arguments[2] = {a, a};
  take_block(arguments[0], 0);
  for (std::size_t i = 0, turn = 0; i < a.n; turn ^= 1) {
    const Arguments& one = arguments[turn];
    const std::size_t n = one.n, bytes = n * size;
    kernel.run(one);
    const char* const from = static_cast<const char*>(one.y);
    const char* ahead[3];
    int inputs = 0;
    if (a.n - i >= distance + block) {
      for (const void* in : {one.x, one.dy, one.a})
        if (in != nullptr) ahead[inputs++] = static_cast<const char*>(in) + distance * size;
    }
    if (i + n < a.n) take_block(arguments[turn ^ 1], i + n);
    char* const y = static_cast<char*>(a.y) + i * size;
    const std::size_t head = std::min(bytes, (line - into_line(i)) % line);
    const std::size_t lines = (bytes - head) / line, rest = bytes - head - lines * line;
    if (head > 0) std::memcpy(y, from, head);
    stream(y + head, from + head, lines, ahead, inputs);
    if (rest > 0) std::memcpy(y + head + lines * line, from + head + lines * line, rest);
    i += n;
  }
  streamed();
}

}  // namespace actbench
