// SPDX-License-Identifier: Apache-2.0
#include "bench/device/digest.hpp"

#include <algorithm>
#include <array>

#include "actbench/cuda.hpp"
#include "bench/device/call.hpp"
#include "bench/device/digest_calls.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/numbers/types.hpp"
#include "bench/support/errors.hpp"
#include "kernels/cuda/call.hpp"
#include "kernels/cuda/runtime.hpp"

namespace actbench::cuda {
extern const Module digest_module;
}

namespace actbench::bench::device {
namespace {

constexpr std::size_t most_at_once = std::size_t{1} << 26, fewest_at_once = std::size_t{1} << 20;

/// Arrays of the device for so many inputs, of fewer where there is no memory for more.
class Arrays {
 public:
  Arrays(const Kernel& kernel, std::size_t wanted, bool multiplied) {
    for (n_ = wanted;; n_ /= 2) {
      cuda::Failure failure = cuda::allocate(&x, n_ * size_of(kernel.type));
      if (!failure && multiplied) failure = cuda::allocate(&multiplier, n_ * size_of(kernel.type));
      if (!failure) failure = cuda::allocate(&y, n_ * size_of(kernel.type));
      if (!failure) failure = cuda::allocate(&sums, sums_bytes);
      if (!failure) return;
      free();
      if (n_ <= fewest_at_once) fail(kernel, failure);
    }
  }
  Arrays(const Arrays&) = delete;
  Arrays& operator=(const Arrays&) = delete;
  ~Arrays() { free(); }

  std::size_t n() const { return n_; }

  static constexpr std::size_t sums_bytes = (digest_ranges + 1) * sizeof(std::uint64_t);
  void *x = nullptr, *multiplier = nullptr, *y = nullptr, *sums = nullptr;

 private:
  void free() {
    for (void** memory : {&x, &multiplier, &y, &sums}) {
      if (*memory != nullptr) cuda::release(*memory);
      *memory = nullptr;
    }
  }

  std::size_t n_;
};

unsigned blocks_for(std::size_t items) {
  constexpr std::size_t most = std::size_t{1} << 16;
  return static_cast<unsigned>(
      std::clamp<std::size_t>((items + cuda::threads_per_block - 1) / cuda::threads_per_block, 1, most));
}

DigestKernel take_in_kernel(Type type) {
  return type == Type::f32   ? DigestKernel::take_in_f32
         : type == Type::f16 ? DigestKernel::take_in_f16
                             : DigestKernel::take_in_bf16;
}

}  // namespace

Digest digest(const Kernel& kernel, std::span<const double> parameters,
              const std::function<void(double fraction)>& progress, const std::atomic<bool>* stop) {
  const Multipliers multipliers = multipliers_of(kernel);
  const bool multiplied = multipliers.count() > 0;
  const std::uint64_t inputs = std::uint64_t{1} << input_bits(kernel);
  const auto check = [&](cuda::Failure failure) {
    if (failure) fail(kernel, failure);
  };
  const Arrays arrays(kernel, static_cast<std::size_t>(std::min<std::uint64_t>(inputs, most_at_once)), multiplied);
  check(cuda::set_bytes(arrays.sums, 0, Arrays::sums_bytes));
  const DigestKernel number = size_of(kernel.type) == 2 ? DigestKernel::number_16 : DigestKernel::number_32;
  const auto launch = [&](DigestKernel which, std::size_t items, auto parameter) {
    check(cuda::launch(cuda::digest_module, static_cast<std::size_t>(which), blocks_for(items), &parameter));
  };
  for (std::uint64_t first = 0; first < inputs; first += arrays.n()) {
    if (stop != nullptr && stop->load()) throw Interrupted();
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(arrays.n(), inputs - first));
    launch(number, n, Number{arrays.x, n, first, 0});
    if (multiplied) launch(number, n, Number{arrays.multiplier, n, first, static_cast<unsigned>(bits_of(kernel.type))});
    actbench::apply(kernel, taken(multipliers, {arrays.x, arrays.multiplier, arrays.multiplier}), arrays.y, n,
                    parameters);
    check(cuda::last_error());
    launch(take_in_kernel(kernel.type), n / digest_piece,
           TakeIn{arrays.y, n, first, inputs / digest_ranges, static_cast<unsigned long long*>(arrays.sums)});
    check(cuda::wait());
    if (progress) progress(static_cast<double>(first + n) / static_cast<double>(inputs));
  }
  std::array<std::uint64_t, digest_ranges + 1> sums{};
  check(cuda::copy(sums.data(), arrays.sums, Arrays::sums_bytes));
  check(cuda::wait());
  Digest result;
  std::copy_n(sums.begin(), digest_ranges, result.ranges.begin());
  result.quick = sums[digest_ranges];
  return result;
}

}  // namespace actbench::bench::device
