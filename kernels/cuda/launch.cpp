// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda/launch.hpp"

#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

#include "actbench/cuda.hpp"
#include "kernels/cuda/call.hpp"

namespace actbench::cuda {
namespace {

thread_local cudaStream_t stream = nullptr;
thread_local cudaError_t first_error = cudaSuccess;

cudaError_t architecture(int device, int& number) {
  int major = 0, minor = 0;
  if (const cudaError_t e = cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device)) return e;
  if (const cudaError_t e = cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device)) return e;
  number = 10 * major + minor;
  return cudaSuccess;
}

/// The image for a device: machine code made for it, else the nearest older of the same family, else the newest PTX.
const Image* fitting(const Module& module, int device_architecture) {
  const Image* best = nullptr;
  for (const Image& image : std::span(module.images, module.image_count)) {
    const bool fits =
        image.architecture <= device_architecture && (image.ptx || image.architecture / 10 == device_architecture / 10);
    if (fits && (!best || std::tuple(!image.ptx, image.architecture) > std::tuple(!best->ptx, best->architecture)))
      best = &image;
  }
  return best;
}

/// A kernel on a device, and how many blocks fill that.
struct Loaded {
  cudaKernel_t kernel;
  int blocks;
};

/// Images are loaded at the first call that needs them, and stay.
class Loader {
 public:
  cudaError_t get(const Module& module, std::size_t row, Loaded& result) {
    int device = 0;
    if (const cudaError_t e = cudaGetDevice(&device)) return e;
    const std::lock_guard lock(mutex_);
    const auto key = std::tuple(&module, row, device);
    if (const auto known = kernels_.find(key); known != kernels_.end()) {
      result = known->second;
      return cudaSuccess;
    }
    if (const cudaError_t e = load(module, row, device, result)) return e;
    kernels_.emplace(key, result);
    return cudaSuccess;
  }

 private:
  cudaError_t load(const Module& module, std::size_t row, int device, Loaded& result) {
    int number = 0, processors = 0, blocks = 0;
    if (const cudaError_t e = architecture(device, number)) return e;
    if (const cudaError_t e = cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, device)) return e;
    const Image* const image = fitting(module, number);
    if (!image) return cudaErrorNoKernelImageForDevice;
    cudaLibrary_t& library = libraries_[image];
    if (!library) {
      if (const cudaError_t e = cudaLibraryLoadData(&library, image->data, nullptr, nullptr, 0, nullptr, nullptr, 0)) {
        library = nullptr;
        return e;
      }
    }
    if (const cudaError_t e = cudaLibraryGetKernel(&result.kernel, library, module.kernels[row])) return e;
    if (const cudaError_t e =
            cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, result.kernel, threads_per_block, 0))
      return e;
    result.blocks = std::max(1, processors * blocks);
    return cudaSuccess;
  }

  std::mutex mutex_;
  std::map<const Image*, cudaLibrary_t> libraries_;
  std::map<std::tuple<const Module*, std::size_t, int>, Loaded> kernels_;
};

Loader& loader() {
  static Loader* const only = new Loader;  // never destroyed: kernels may run until the process ends
  return *only;
}

std::string built_for() {
  std::string text;
  for (const Image& image : std::span(all_modules[0]->images, all_modules[0]->image_count))
    text +=
        (text.empty() ? "" : ", ") + std::string(image.ptx ? "compute_" : "sm_") + std::to_string(image.architecture);
  return text;
}

std::string find_reason() {
  void* const driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (!driver) return "built for CUDA; this machine has no NVIDIA driver (libcuda.so.1)";
  dlclose(driver);
  int count = 0, device = 0, number = 0;
  const cudaError_t counted = cudaGetDeviceCount(&count);
  if (counted == cudaErrorInsufficientDriver)
    return "built for CUDA " + std::to_string(CUDART_VERSION / 1000) + '.' +
           std::to_string(CUDART_VERSION % 1000 / 10) + "; this machine's NVIDIA driver is older than that";
  if (counted == cudaErrorNoDevice || (counted == cudaSuccess && count == 0))
    return "built for CUDA; there is no device, or CUDA_VISIBLE_DEVICES hides it";
  cudaError_t e = counted;
  if (!e) e = cudaGetDevice(&device);
  if (!e) e = architecture(device, number);
  if (e) return std::string("built for CUDA, which fails here: ") + cudaGetErrorString(e);
  if (!fitting(*all_modules[0], number))
    return "built for CUDA on " + built_for() + "; the device is sm_" + std::to_string(number);
  return {};
}

}  // namespace

void set_stream(void* s) noexcept { stream = static_cast<cudaStream_t>(s); }

const char* last_error() noexcept {
  const cudaError_t e = std::exchange(first_error, cudaSuccess);
  return e == cudaSuccess ? nullptr : cudaGetErrorString(e);
}

const char* unrunnable_reason() noexcept {
  static const std::string reason = find_reason();
  return reason.empty() ? nullptr : reason.c_str();
}

void launch(const Module& module, std::size_t row, const Kernel& kernel, const Arguments& a) noexcept {
  if (a.n == 0) return;
  Call call{a.x, a.dy, a.y, a.n, {}};
  std::copy_n(a.parameters, kernel.activation->parameter_count, call.parameters);
  Loaded loaded{};
  cudaError_t e = loader().get(module, row, loaded);
  if (!e) {
    const std::size_t per_block = threads_per_block * (chunk_bytes / size_of(kernel.type));
    const std::size_t needed = a.n / per_block + 2;  // y may begin in the middle of a chunk
    const auto blocks = static_cast<unsigned>(std::min<std::size_t>(needed, loaded.blocks));
    void* arguments[] = {&call};
    e = cudaLaunchKernel(static_cast<const void*>(loaded.kernel), dim3(blocks), dim3(threads_per_block), arguments, 0,
                         stream);
  }
  if (e && !first_error) first_error = e;
}

}  // namespace actbench::cuda
