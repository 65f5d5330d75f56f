// SPDX-License-Identifier: Apache-2.0
//
// glibc's vector variants, libmvec, which -ffast-math has loops call: exp from glibc 2.22 on, tanh, erf, log1p and
// expm1 from 2.35 on. Names follow x86-64's vector ABI: _ZGVeN16v_tanhf for 16 floats in a register of AVX-512.
#include <gnu/libc-version.h>

#include "simd.hpp"

namespace {

struct Names {
  static constexpr bool has_cdfnorm = false;
  static std::string symbol(const std::string& function, bool single, std::size_t lanes) {
    return std::string("_ZGV") + (peers::register_bytes == 64 ? "e" : "d") + "N" + std::to_string(lanes) + "v_" +
           function + (single ? "f" : "");
  }
};

std::string missing;

const char* start() { return missing.empty() ? nullptr : missing.c_str(); }

peers::Peer described() {
  peers::Peer peer;
  peer.about = std::string("glibc ") + gnu_get_libc_version() + ", libmvec" + peers::compiled_for();
  peer.start = start;
  if (void* const library = dlopen("libmvec.so.1", RTLD_NOW | RTLD_LOCAL)) {
    std::string lacking = peers::Named<float, Names>::find(library);
    if (lacking.empty()) lacking = peers::Named<double, Names>::find(library);
    if (!lacking.empty()) missing = "libmvec.so.1 has no " + lacking + ", which glibc has from 2.35 on";
  } else {
    missing = std::string("libmvec.so.1 cannot be loaded: ") + dlerror();
  }
  peers::add_formulas<peers::Named<float, Names>, false>(peer, "f32", "tanhf");
  peers::add_formulas<peers::Named<double, Names>, false>(peer, "f64", "tanh");
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
