// SPDX-License-Identifier: Apache-2.0
//
// oneMKL's vector mathematics (VM), from the wheel mkl: functions of arrays, which choose their instructions at run
// time. PEER_MODE says which accuracy: 2 is HA (1 ULP), 1 LA (4 ULP), 3 EP (half the bits). What is composed goes block
// by block, so that it stays in the first-level cache between the functions and the loops around them. gelu is x·Φ(x)
// by CdfNorm.
#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cmath>

#include "peer.hpp"

namespace {

template <class T>
struct Vm {
  using Function = void (*)(int n, const T* a, T* y, long long mode);
  static inline Function Exp, Tanh, Log1p, Expm1, CdfNorm;
};

constexpr long long mode = PEER_MODE | 0x100;  // VML_ERRMODE_IGNORE
constexpr std::size_t block = 4096;            // elements

/// y = f(x); n is any number.
template <class T>
void apply(typename Vm<T>::Function function, const T* x, T* y, std::size_t n) {
  constexpr std::size_t most = 1 << 30;
  for (std::size_t i = 0; i < n; i += most) function(static_cast<int>(std::min(most, n - i)), x + i, y + i, mode);
}

/// Calls each(x, y, n, parameters) for blocks.
template <class T, class Each>
void blocks(const actbench_call* call, const Each& each) {
  for (std::size_t i = 0; i < call->n; i += block)
    each(static_cast<const T*>(call->x) + i, static_cast<T*>(call->y) + i, std::min(block, call->n - i));
}

template <class T>
void tanh(const actbench_call* call) {
  apply<T>(Vm<T>::Tanh, static_cast<const T*>(call->x), static_cast<T*>(call->y), call->n);
}

template <class T>
void sigmoid(const actbench_call* call) {
  blocks<T>(call, [](const T* x, T* y, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) y[i] = -x[i];
    apply<T>(Vm<T>::Exp, y, y, n);
    for (std::size_t i = 0; i < n; ++i) y[i] = 1 / (1 + y[i]);
  });
}

/// x·σ(βx).
template <class T>
void times_sigmoid(const actbench_call* call, T beta) {
  blocks<T>(call, [beta](const T* x, T* y, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) y[i] = -x[i] * beta;
    apply<T>(Vm<T>::Exp, y, y, n);
    for (std::size_t i = 0; i < n; ++i) y[i] = x[i] / (1 + y[i]);
  });
}

template <class T>
void silu(const actbench_call* call) {
  times_sigmoid<T>(call, 1);
}

template <class T>
void swish(const actbench_call* call) {
  times_sigmoid<T>(call, static_cast<T>(call->parameters[0]));
}

template <class T>
void elu(const actbench_call* call) {
  blocks<T>(call, [alpha = static_cast<T>(call->parameters[0])](const T* x, T* y, std::size_t n) {
    apply<T>(Vm<T>::Expm1, x, y, n);
    for (std::size_t i = 0; i < n; ++i) y[i] = x[i] > 0 ? x[i] : alpha * y[i];
  });
}

template <class T>
void gelu(const actbench_call* call) {
  blocks<T>(call, [](const T* x, T* y, std::size_t n) {
    apply<T>(Vm<T>::CdfNorm, x, y, n);
    for (std::size_t i = 0; i < n; ++i) y[i] *= x[i];
  });
}

template <class T>
void gelu_tanh(const actbench_call* call) {
  blocks<T>(call, [](const T* x, T* y, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) y[i] = T(0.7978845608028654) * (x[i] + T(0.044715) * x[i] * x[i] * x[i]);
    apply<T>(Vm<T>::Tanh, y, y, n);
    for (std::size_t i = 0; i < n; ++i) y[i] = T(0.5) * x[i] * (1 + y[i]);
  });
}

/// y = ln(1 + e^−|βx|).
template <class T>
void log_of_one_plus_exp(const T* x, T* y, std::size_t n, T beta) {
  for (std::size_t i = 0; i < n; ++i) y[i] = -std::fabs(beta * x[i]);
  apply<T>(Vm<T>::Exp, y, y, n);
  apply<T>(Vm<T>::Log1p, y, y, n);
}

template <class T>
void softplus(const actbench_call* call) {
  blocks<T>(call, [beta = static_cast<T>(call->parameters[0])](const T* x, T* y, std::size_t n) {
    log_of_one_plus_exp(x, y, n, beta);
    for (std::size_t i = 0; i < n; ++i) y[i] = (std::max<T>(beta * x[i], 0) + y[i]) / beta;
  });
}

template <class T>
void log_sigmoid(const actbench_call* call) {
  blocks<T>(call, [](const T* x, T* y, std::size_t n) {
    log_of_one_plus_exp<T>(x, y, n, 1);
    for (std::size_t i = 0; i < n; ++i) y[i] = std::min<T>(x[i], 0) - y[i];
  });
}

template <class T>
void mish(const actbench_call* call) {
  blocks<T>(call, [](const T* x, T* y, std::size_t n) {
    log_of_one_plus_exp<T>(x, y, n, 1);
    for (std::size_t i = 0; i < n; ++i) y[i] = std::max<T>(x[i], 0) + y[i];
    apply<T>(Vm<T>::Tanh, y, y, n);
    for (std::size_t i = 0; i < n; ++i) y[i] *= x[i];
  });
}

template <class T, bool logarithm>
void rows(const actbench_call* call) {
  for (std::size_t begin = 0; begin < call->n; begin += call->row) {
    const T* const x = static_cast<const T*>(call->x) + begin;
    T* const y = static_cast<T*>(call->y) + begin;
    const std::size_t n = call->row;
    T top = x[0];
    for (std::size_t i = 1; i < n; ++i) top = top > x[i] ? top : x[i];
    for (std::size_t i = 0; i < n; ++i) y[i] = x[i] - top;
    apply<T>(Vm<T>::Exp, y, y, n);
    T sums[16] = {}, sum = 0;
    for (std::size_t i = 0; i < n; ++i) sums[i % 16] += y[i];
    for (const T part : sums) sum += part;
    const T factor = 1 / sum, rest = std::log(sum);
    for (std::size_t i = 0; i < n; ++i) y[i] = logarithm ? x[i] - top - rest : y[i] * factor;
  }
}

template <class T>
void add(peers::Peer& peer) {
  const auto kernel = [&](const char* activation, peers::Run run, const char* note) {
    peer.add(activation, peers::type_name<T>(), run, note);
  };
  kernel("sigmoid", sigmoid<T>, "composed of Exp");
  kernel("silu", silu<T>, "composed of Exp");
  kernel("swish", swish<T>, "composed of Exp");
  kernel("tanh", tanh<T>, "Tanh");
  kernel("gelu", gelu<T>, "composed of CdfNorm");
  kernel("gelu_tanh", gelu_tanh<T>, "composed of Tanh");
  kernel("elu", elu<T>, "composed of Expm1");
  kernel("softplus", softplus<T>, "composed of Exp and Log1p");
  kernel("log_sigmoid", log_sigmoid<T>, "composed of Exp and Log1p");
  kernel("mish", mish<T>, "composed of Exp, Log1p and Tanh");
  kernel("softmax", rows<T, false>, "composed of Exp");
  kernel("log_softmax", rows<T, true>, "composed of Exp");
}

std::string missing;

template <class T>
void find(void* library, const std::string& prefix) {
  const auto one = [&](auto& function, const char* name) {
    function = reinterpret_cast<typename Vm<T>::Function>(dlsym(library, (prefix + name).c_str()));
    if (function == nullptr) missing = "libmkl_rt has no " + prefix + name;
  };
  one(Vm<T>::Exp, "Exp");
  one(Vm<T>::Tanh, "Tanh");
  one(Vm<T>::Log1p, "Log1p");
  one(Vm<T>::Expm1, "Expm1");
  one(Vm<T>::CdfNorm, "CdfNorm");
}

/// Loads it, for one thread; its version.
std::string load() {
  void* const library = dlopen(PEER_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    missing = std::string("oneMKL cannot be loaded: ") + dlerror();
    return {};
  }
  if (const auto layer = reinterpret_cast<int (*)(int)>(dlsym(library, "MKL_Set_Threading_Layer")))
    layer(1);  // sequential
  find<float>(library, "vms");
  find<double>(library, "vmd");
  char text[200] = {};
  if (const auto version = reinterpret_cast<void (*)(char*, int)>(dlsym(library, "MKL_Get_Version_String")))
    version(text, sizeof text - 1);
  // "Intel(R) oneAPI Math Kernel Library Version 2026.2-Product Build … for …": the number alone.
  const std::string all = text;
  const std::size_t begin = all.find("Version ");
  return begin == std::string::npos ? all : all.substr(begin + 8, all.find_first_of(" -", begin + 8) - begin - 8);
}

/// Which of its libraries has the functions for this CPU: libmkl_vml_avx512, or libmkl_vml_def, which is without AVX
/// and is what other makers' CPUs get.
std::string chosen() {
  if (!missing.empty()) return {};
  const float one = 1;
  float result;
  apply<float>(Vm<float>::Tanh, &one, &result, 1);
  std::string name;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* to) {
        const char* const found = std::strstr(info->dlpi_name, "libmkl_vml_");
        if (found != nullptr) *static_cast<std::string*>(to) = std::string(found, std::strcspn(found, "."));
        return 0;
      },
      &name);
  return name;
}

const char* start() { return missing.empty() ? nullptr : missing.c_str(); }

peers::Peer described() {
  peers::Peer peer;
  constexpr const char* names[] = {"", "LA", "HA", "EP"};
  const std::string version = load();
  peer.about = "oneMKL " + version + ", VM " + names[PEER_MODE] + ", here by " + chosen();
  peer.start = start;
  add<float>(peer);
  add<double>(peer);
  return peer;
}

}  // namespace

extern "C" const actbench_plugin* actbench_plugin_v1() { return peers::exported(described); }
