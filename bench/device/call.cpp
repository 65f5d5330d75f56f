// SPDX-License-Identifier: Apache-2.0
#include "bench/device/call.hpp"

#include <string>
#include <string_view>

#include "actbench/cuda.hpp"
#include "bench/support/errors.hpp"

namespace actbench::bench::device {

void run(const Kernel& kernel, const InputArrays& in, void* y, std::size_t n, std::span<const double> parameters) {
  actbench::apply(kernel, in, y, n, parameters);
  if (kernel.backend != Backend::cuda) return;
  if (const char* const failure = cuda::last_error()) fail(kernel, failure);
}

void fail(const Kernel& kernel, const char* failure) {
  if (std::string_view(failure).find("out of memory") != std::string_view::npos) {
    throw MissingError(identity(kernel) +
                       ": the CUDA device is out of memory; other programs may hold it (nvidia-smi shows them), and "
                       "--device chooses another one");
  }
  throw MissingError(identity(kernel) + " failed on the CUDA device: " + failure +
                     "; nothing that the device computes after that can be trusted, so the run ends here");
}

}  // namespace actbench::bench::device
