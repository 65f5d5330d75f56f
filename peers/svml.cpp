// SPDX-License-Identifier: Apache-2.0
//
// Intel's short vector math library, from the wheel intel-cmplr-lib-rt: what icx makes of loops. PEER_SUFFIX says which
// variant: "" has 4 ULP (LA), "_ep" half the bits (EP). gelu is x·Φ(x) by its cdfnorm.
#include "simd.hpp"

namespace {

struct Names {
  static constexpr bool has_cdfnorm = true;
  static std::string symbol(const std::string& function, bool single, std::size_t lanes) {
    return "__svml_" + function + (single ? "f" : "") + std::to_string(lanes) + PEER_SUFFIX;
  }
};

std::string missing;

const char* start() { return missing.empty() ? nullptr : missing.c_str(); }

peers::Peer described() {
  peers::Peer peer;
  peer.about = std::string("SVML " PEER_VERSION ", ") + (*PEER_SUFFIX ? "EP" : "LA") + peers::compiled_for();
  peer.start = start;
  // What it needs lies beside it, where nobody looks.
  dlopen(PEER_FOLDER "/libintlc.so.5", RTLD_NOW | RTLD_GLOBAL);
  if (void* const library = dlopen(PEER_FOLDER "/libsvml.so", RTLD_NOW | RTLD_LOCAL)) {
    std::string lacking = peers::Named<float, Names>::find(library);
    if (lacking.empty()) lacking = peers::Named<double, Names>::find(library);
    if (!lacking.empty()) missing = PEER_FOLDER "/libsvml.so has no " + lacking;
  } else {
    missing = std::string("SVML cannot be loaded: ") + dlerror();
  }
  peers::add_formulas<peers::Named<float, Names>, false>(peer, "f32", "its own tanhf");
  peers::add_formulas<peers::Named<double, Names>, false>(peer, "f64", "its own tanh");
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
