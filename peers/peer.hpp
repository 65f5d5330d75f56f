// SPDX-License-Identifier: Apache-2.0
//
// What the plug-ins of this folder share: a description that is made when the plug-in is loaded, and what the CPU has.
// PEER_NAME, the backend's name, is given by CMakeLists.txt.
#pragma once

#include <actbench/plugin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace peers {

using Run = void (*)(const actbench_call*);

/// The type's name in the table. Half types are structures of the library, two bytes long.
template <class T>
constexpr const char* type_name() {
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>);
  return std::is_same_v<T, float> ? "f32" : "f64";
}

/// Kernels of one plug-in, and the texts that their descriptions point to.
struct Peer {
  std::string about;                            ///< library and version
  const char* (*start)() = nullptr;             ///< as in actbench_plugin
  std::vector<actbench_plugin_kernel> kernels;  ///< in the order of reports

  /// Adds a kernel forward that computes with any parameters and promises nothing.
  actbench_plugin_kernel& add(const char* activation, const char* type, Run run, const char* note) {
    actbench_plugin_kernel kernel{};
    kernel.activation = activation;
    kernel.type = type;
    kernel.run = run;
    kernel.note = note;
    kernels.push_back(kernel);
    return kernels.back();
  }
};

/// Why what CMakeLists.txt had compiled for an instruction set does not run here; NULL where it does. It may be
/// compiled for that set itself: nothing in it takes such an instruction.
inline const char* cpu_lacks() {
#if defined(__x86_64__) && defined(__AVX512F__)
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512cd"))
    return "this CPU has no AVX-512 (F, BW, CD, DQ and VL)";
#elif defined(__x86_64__) && defined(__AVX2__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return "this CPU has no AVX2 with FMA";
#endif
  return nullptr;
}

/// ", AVX-512" where CMakeLists.txt had this compiled for it.
inline const char* compiled_for() {
#if defined(__AVX512F__)
  return ", AVX-512";
#elif defined(__AVX2__)
  return ", AVX2 and FMA";
#else
  return "";
#endif
}

/// The compiler, for peers that it makes the code of.
inline std::string compiler() {
#if defined(__clang__)
  return "clang " + std::to_string(__clang_major__);
#else
  return "g++ " + std::to_string(__GNUC__);
#endif
}

/// What actbench_plugin_v1 returns. The description is made when it is first asked for, and lives as long as the
/// library. Making one takes instructions that the CPU may lack; then it is a constant, and `start` says why.
inline const actbench_plugin* exported(Peer (*described)()) {
  if (cpu_lacks() != nullptr) {
    static constexpr actbench_plugin_kernel none{"tanh", nullptr, nullptr, nullptr,           nullptr,
                                                 0,      nullptr, nullptr, "not on this CPU", nullptr};
    static constexpr actbench_plugin absent{
        ACTBENCH_PLUGIN_VERSION, sizeof none, PEER_NAME, nullptr, &none, 1, cpu_lacks};
    return &absent;
  }
  static const Peer peer = described();
  static const actbench_plugin plugin{ACTBENCH_PLUGIN_VERSION,
                                      sizeof(actbench_plugin_kernel),
                                      PEER_NAME,
                                      peer.about.c_str(),
                                      peer.kernels.data(),
                                      peer.kernels.size(),
                                      peer.start};
  return &plugin;
}

}  // namespace peers
