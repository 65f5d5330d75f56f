// SPDX-License-Identifier: Apache-2.0
//
// A plug-in in C++, with kernels of all shapes, types from a template, and parameters:
//   c++ -O2 -shared -fPIC -I ../kernels/include -o mine_cpp.so plugin.cpp
//   actbench list --plugin ./mine_cpp.so --backend mine_cpp
#include <actbench/plugin.h>

#include <algorithm>
#include <cmath>

namespace {

template <class T>
void elu(const actbench_call* c) {
  const T *x = static_cast<const T*>(c->x), alpha = static_cast<T>(c->parameters[0]);
  T* y = static_cast<T*>(c->y);
  for (size_t i = 0; i < c->n; ++i) y[i] = x[i] > 0 ? x[i] : alpha * std::expm1(x[i]);
}

// This one knows no other α.
void celu_half(const actbench_call* c) {
  const float* x = static_cast<const float*>(c->x);
  float* y = static_cast<float*>(c->y);
  for (size_t i = 0; i < c->n; ++i) y[i] = x[i] > 0 ? x[i] : 0.5f * std::expm1(2 * x[i]);
}

// A gated unit: a·f(x).
template <class T>
void reglu(const actbench_call* c) {
  const T *a = static_cast<const T*>(c->a), *x = static_cast<const T*>(c->x);
  T* y = static_cast<T*>(c->y);
  for (size_t i = 0; i < c->n; ++i) y[i] = a[i] * (x[i] < 0 ? 0 : x[i]);
}

// Whole rows, c->row elements each.
template <class T>
void softmax(const actbench_call* c) {
  for (size_t first = 0; first < c->n; first += c->row) {
    const T* x = static_cast<const T*>(c->x) + first;
    T* y = static_cast<T*>(c->y) + first;
    const T most = *std::max_element(x, x + c->row);
    T sum = 0;
    for (size_t i = 0; i < c->row; ++i) sum += y[i] = std::exp(x[i] - most);
    for (size_t i = 0; i < c->row; ++i) y[i] /= sum;
  }
}

const actbench_plugin_kernel kernels[] = {
    {"elu", "forward", "f32", elu<float>},
    {"elu", "forward", "f64", elu<double>},
    {"elu", "derivative", "f32", nullptr, nullptr, 0, nullptr, nullptr, "nobody has written it yet"},
    {"celu", "forward", "f32", celu_half, "alpha=0.5", 0, nullptr, "α is 0.5 and nothing else"},
    {"reglu", "forward", "f32", reglu<float>},
    {"softmax", "forward", "f32", softmax<float>},
    {"softmax", "forward", "f64", softmax<double>},
};

}  // namespace

ACTBENCH_PLUGIN("mine_cpp", "mine_cpp 1.0", kernels)
