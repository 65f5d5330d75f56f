// SPDX-License-Identifier: Apache-2.0
//
// softmax and log_softmax of oneDNN and of this project on the same rows, in turns; scripts/compare_onednn builds it.
//
// Prints a Markdown table: nanoseconds an element of both (medians over rounds), the median of the rounds' ratios with an
// interval that holds the true one with 95 %, and how many numbers of f32 each result is at most away from the
// correctly rounded one, which the accurate kernel gives.
#include <actbench/actbench.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <oneapi/dnnl/dnnl.hpp>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr std::size_t rounds = 41;

const actbench_kernel* kernel(const std::string& identity) {
  const actbench_kernel* found = nullptr;
  if (actbench_find(identity.c_str(), &found) != ACTBENCH_OK) {
    std::fprintf(stderr, "compare_onednn: %s\n", actbench_error_message());
    std::exit(3);
  }
  return found;
}

/// oneDNN's primitive for rows of that length.
class Peer {
 public:
  Peer(bool logarithm, std::size_t rows, std::size_t length, float* x, float* y)
      : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
    const dnnl::memory::desc shape({static_cast<dnnl::memory::dim>(rows), static_cast<dnnl::memory::dim>(length)},
                                   dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab);
#if DNNL_VERSION_MAJOR >= 3
    using Forward = dnnl::softmax_forward;
    primitive_ = Forward(Forward::primitive_desc(
        engine_, dnnl::prop_kind::forward_inference,
        logarithm ? dnnl::algorithm::softmax_log : dnnl::algorithm::softmax_accurate, shape, shape, 1));
#else
    const auto forward = dnnl::prop_kind::forward_inference;
    if (logarithm) {
      using Forward = dnnl::logsoftmax_forward;
      primitive_ = Forward(Forward::primitive_desc(Forward::desc(forward, shape, 1), engine_));
    } else {
      using Forward = dnnl::softmax_forward;
      primitive_ = Forward(Forward::primitive_desc(Forward::desc(forward, shape, 1), engine_));
    }
#endif
    arguments_ = {{DNNL_ARG_SRC, dnnl::memory(shape, engine_, x)}, {DNNL_ARG_DST, dnnl::memory(shape, engine_, y)}};
  }
  void operator()() {
    primitive_.execute(stream_, arguments_);
    stream_.wait();
  }

 private:
  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::primitive primitive_;
  std::unordered_map<int, dnnl::memory> arguments_;
};

/// Place of a number in the order of all.
std::int64_t place(float v) {
  const auto bits = std::bit_cast<std::uint32_t>(v);
  return bits >> 31 ? -static_cast<std::int64_t>(bits & 0x7fffffff) : static_cast<std::int64_t>(bits);
}

double steps_off(const std::vector<float>& got, const std::vector<float>& right) {
  double most = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(got[i]) != std::isnan(right[i])) return INFINITY;
    if (!std::isnan(got[i])) most = std::max(most, static_cast<double>(std::llabs(place(got[i]) - place(right[i]))));
  }
  return most;
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

template <class Call>
double seconds(Call&& call, std::size_t calls) {
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < calls; ++i) call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t elements = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1 << 18;
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal(0, 10);
  std::printf("oneDNN %d.%d.%d, f32, one thread, about %zu elements, logits of scale 10\n\n", DNNL_VERSION_MAJOR,
              DNNL_VERSION_MINOR, DNNL_VERSION_PATCH, elements);
  std::printf("| function | row length | oneDNN ns | fast ns | oneDNN / fast | 95 %% | accurate ns | oneDNN off | fast off |\n"
              "|:---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
  for (const bool logarithm : {false, true}) {
    const std::string name = logarithm ? "log_softmax" : "softmax";
    const actbench_kernel* const fast = kernel(name + "/forward/f32/fast/best");
    const actbench_kernel* const accurate = kernel(name + "/forward/f32/accurate/best");
    for (const std::size_t length : {128, 1024, 4096, 32768, 128256}) {
      const std::size_t rows = std::max<std::size_t>(1, elements / length), n = rows * length;
      std::vector<float> x(n), ours(n), theirs(n), right(n);
      for (float& v : x) v = normal(random);
      Peer peer(logarithm, rows, length, x.data(), theirs.data());
      const auto run_fast = [&] { actbench_apply_rows(fast, x.data(), nullptr, ours.data(), rows, length); };
      const auto run_accurate = [&] { actbench_apply_rows(accurate, x.data(), nullptr, right.data(), rows, length); };
      peer(), run_fast(), run_accurate();
      const std::size_t calls = std::max<std::size_t>(1, static_cast<std::size_t>(2e-3 / seconds(run_fast, 1)));
      std::vector<double> peer_ns, fast_ns, accurate_ns, ratios;
      const double each = 1e9 / (static_cast<double>(calls) * static_cast<double>(n));
      for (std::size_t round = 0; round < rounds; ++round) {
        const bool first = random() >> 63;
        double a = 0, b = 0;
        if (first) a = seconds(peer, calls);
        b = seconds(run_fast, calls);
        if (!first) a = seconds(peer, calls);
        peer_ns.push_back(a * each), fast_ns.push_back(b * each), ratios.push_back(a / b);
        accurate_ns.push_back(seconds(run_accurate, 1) * each * static_cast<double>(calls));
      }
      std::sort(ratios.begin(), ratios.end());  // order statistics 14 and 28 of 41 hold the median with 97 %: binomial
      std::printf("| %s | %zu | %.3f | %.3f | %.2f | %.2f … %.2f | %.3f | %g | %g |\n", name.c_str(), length,
                  median(peer_ns), median(fast_ns), ratios[rounds / 2], ratios[13], ratios[27], median(accurate_ns),
                  steps_off(theirs, right), steps_off(ours, right));
    }
  }
  return 0;
}
