// SPDX-License-Identifier: Apache-2.0
#include "kernels/cuda/runtime.hpp"

#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

#include "actbench/cuda.hpp"
#include "kernels/cuda/call.hpp"

namespace actbench::cuda {
namespace {

std::atomic<int> selected = -1;  ///< negative: whichever the caller has made current
thread_local int current = -1;
thread_local cudaStream_t stream = nullptr;
thread_local Failure first_failure = nullptr;

Failure failure(cudaError_t e) { return e == cudaSuccess ? nullptr : cudaGetErrorString(e); }

/// What every call begins with: the selected device is current in this thread.
cudaError_t enter() {
  const int wanted = selected;
  if (wanted < 0 || current == wanted) return cudaSuccess;
  const cudaError_t e = cudaSetDevice(wanted);
  if (!e) current = wanted;
  return e;
}

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
    if (const cudaError_t e = enter()) return e;
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

std::string version(int number) { return std::to_string(number / 1000) + '.' + std::to_string(number % 1000 / 10); }

std::string find_reason() {
  void* const driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (!driver) return "built for CUDA; this machine has no NVIDIA driver (libcuda.so.1)";
  dlclose(driver);
  int count = 0, device = 0, number = 0;
  const cudaError_t counted = cudaGetDeviceCount(&count);
  if (counted == cudaErrorInsufficientDriver)
    return "built for CUDA " + version(CUDART_VERSION) + "; this machine's NVIDIA driver is older than that";
  if (counted == cudaErrorNoDevice || (counted == cudaSuccess && count == 0)) {
    const char* const visible = std::getenv("CUDA_VISIBLE_DEVICES");
    if (!visible) return "built for CUDA; this machine has no CUDA device";
    return "built for CUDA; CUDA_VISIBLE_DEVICES=" + std::string(visible) + " leaves no device";
  }
  if (counted) return std::string("built for CUDA, which fails here: ") + cudaGetErrorString(counted);
  if (selected >= count)
    return "built for CUDA; there is no device " + std::to_string(selected) + ", only " +
           (count == 1 ? "0" : "0 to " + std::to_string(count - 1));
  cudaError_t e = enter();
  if (!e) e = cudaGetDevice(&device);
  if (!e) e = architecture(device, number);
  if (e) return std::string("built for CUDA, which fails here: ") + cudaGetErrorString(e);
  if (!fitting(*all_modules[0], number))
    return "built for CUDA on " + built_for() + "; the device is sm_" + std::to_string(number);
  return {};
}

}  // namespace

void set_stream(void* s) noexcept { stream = static_cast<cudaStream_t>(s); }

void note(Failure f) noexcept {
  if (!first_failure) first_failure = f;
}

const char* last_error() noexcept { return std::exchange(first_failure, nullptr); }

const char* unrunnable_reason() noexcept {
  static const std::string reason = find_reason();
  return reason.empty() ? nullptr : reason.c_str();
}

void select(int device) noexcept { selected = device; }

Failure describe(Device& d) {
  cudaError_t e = enter();
  if (!e) e = cudaGetDeviceCount(&d.count);
  if (!e) e = cudaGetDevice(&d.index);
  cudaDeviceProp properties{};
  if (!e) e = cudaGetDeviceProperties(&properties, d.index);
  if (!e) e = cudaMemGetInfo(&d.free_bytes, &d.memory_bytes);
  if (!e) e = cudaDriverGetVersion(&d.driver_cuda);
  if (!e) e = cudaRuntimeGetVersion(&d.runtime_cuda);
  std::array<char, 32> bus{};
  if (!e) e = cudaDeviceGetPCIBusId(bus.data(), static_cast<int>(bus.size()), d.index);
  if (e) return failure(e);
  d.name = properties.name;
  d.bus = bus.data();
  d.architecture = 10 * properties.major + properties.minor;
  d.processors = properties.multiProcessorCount;
  d.l2_bytes = static_cast<std::size_t>(properties.l2CacheSize);
  return nullptr;
}

Failure allocate(void** memory, std::size_t bytes) noexcept {
  cudaError_t e = enter();
  if (!e) e = cudaMalloc(memory, bytes);
  if (e) cudaGetLastError();  // memory that is not there is no reason for the next call to fail
  return failure(e);
}
void release(void* memory) noexcept { cudaFree(memory); }

bool reaches(const void* pointer) noexcept {
  cudaPointerAttributes attributes{};
  if (enter() || cudaPointerGetAttributes(&attributes, pointer)) {
    cudaGetLastError();
    return false;
  }
  return attributes.type != cudaMemoryTypeUnregistered && attributes.devicePointer != nullptr;
}

Failure copy(void* to, const void* from, std::size_t bytes) noexcept {
  cudaError_t e = enter();
  if (!e) e = cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream);
  return failure(e);
}
Failure set_bytes(void* memory, unsigned char value, std::size_t bytes) noexcept {
  cudaError_t e = enter();
  if (!e) e = cudaMemsetAsync(memory, value, bytes, stream);
  return failure(e);
}
Failure wait() noexcept {
  cudaError_t e = enter();
  if (!e) e = cudaStreamSynchronize(stream);
  return failure(e);
}

Failure launch(const Module& module, std::size_t kernel, unsigned blocks, void* parameter) noexcept {
  Loaded loaded{};
  void* parameters[] = {parameter};
  cudaError_t e = loader().get(module, kernel, loaded);
  if (!e)
    e = cudaLaunchKernel(static_cast<const void*>(loaded.kernel), dim3(blocks), dim3(threads_per_block), parameters, 0,
                         stream);
  return failure(e);
}

Stopwatch::Stopwatch() {
  cudaError_t e = enter();
  for (void*& event : events_) {
    cudaEvent_t made = nullptr;
    if (!e) e = cudaEventCreate(&made);
    event = made;
  }
  note(failure(e));
}
Stopwatch::~Stopwatch() {
  for (void* const event : events_) {
    if (event != nullptr) cudaEventDestroy(static_cast<cudaEvent_t>(event));
  }
}
Failure Stopwatch::start() noexcept { return failure(cudaEventRecord(static_cast<cudaEvent_t>(events_[0]), stream)); }
Failure Stopwatch::stop() noexcept { return failure(cudaEventRecord(static_cast<cudaEvent_t>(events_[1]), stream)); }
Failure Stopwatch::seconds(double& taken) noexcept {
  float milliseconds = 0;
  cudaError_t e = cudaEventSynchronize(static_cast<cudaEvent_t>(events_[1]));
  if (!e)
    e = cudaEventElapsedTime(&milliseconds, static_cast<cudaEvent_t>(events_[0]), static_cast<cudaEvent_t>(events_[1]));
  taken = static_cast<double>(milliseconds) * 1e-3;
  return failure(e);
}

namespace {

/// An array of the device as kernels over rows take it, from a multiple of its elements' size on: itself, or where it
/// is not, a copy for as long as the kernel runs.
class Aligned {
 public:
  Aligned(const void* array, const Kernel& kernel, std::size_t n)
      : given_(const_cast<void*>(array)), bytes_(n * size_of(kernel.type)) {
    if (reinterpret_cast<std::uintptr_t>(array) % size_of(kernel.type) == 0) return;
    error_ = cudaMallocAsync(&copy_, bytes_, stream);
    if (error_) cudaGetLastError();
  }
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  ~Aligned() {
    if (copy_) cudaFreeAsync(copy_, stream);
  }

  cudaError_t error() const { return error_; }
  void* data() const { return copy_ ? copy_ : given_; }
  cudaError_t fill() const { return copy_ ? move(copy_, given_) : cudaSuccess; }
  cudaError_t give_back() const { return copy_ ? move(given_, copy_) : cudaSuccess; }

 private:
  cudaError_t move(void* to, const void* from) const {
    return cudaMemcpyAsync(to, from, bytes_, cudaMemcpyDefault, stream);
  }
  void* given_;
  std::size_t bytes_;
  void* copy_ = nullptr;
  cudaError_t error_ = cudaSuccess;
};

cudaError_t start(const Loaded& loaded, std::size_t blocks, Call& call) {
  void* arguments[] = {&call};
  return cudaLaunchKernel(static_cast<const void*>(loaded.kernel),
                          dim3(static_cast<unsigned>(std::min<std::size_t>(blocks, loaded.blocks))),
                          dim3(threads_per_block), arguments, 0, stream);
}

cudaError_t start_rows(const Loaded& loaded, const Kernel& kernel, Call& call) {
  const std::size_t rows = call.n / call.row, together = rows_per_block(call.row);
  const Aligned x(call.x, kernel, call.n), dy(call.dy, kernel, call.n), y(call.y, kernel, call.n);
  for (const Aligned* array : {&x, &dy, &y}) {
    if (array->error()) return array->error();
  }
  cudaError_t e = x.fill();
  if (!e) e = dy.fill();
  call.x = x.data();
  call.dy = dy.data();
  call.y = y.data();
  if (!e) e = start(loaded, (rows + together - 1) / together, call);
  return e ? e : y.give_back();
}

}  // namespace

void launch(const Module& module, std::size_t row, const Kernel& kernel, const Arguments& a) noexcept {
  if (a.n == 0) return;
  Call call{a.x, a.dy, a.a, a.y, a.n, a.row, {}};
  std::copy_n(a.parameters, kernel.activation->parameter_count, call.parameters);
  Loaded loaded{};
  cudaError_t e = loader().get(module, row, loaded);
  if (!e) {
    if (kernel.activation->shape == Shape::rows) {
      if (a.row > 0) e = start_rows(loaded, kernel, call);
    } else {
      const std::size_t per_block = threads_per_block * (chunk_bytes / size_of(kernel.type));
      e = start(loaded, a.n / per_block + 2, call);  // y may begin in the middle of a chunk
    }
  }
  note(failure(e));
}

}  // namespace actbench::cuda
