// SPDX-License-Identifier: Apache-2.0
//
// How to call the kernels of the cuda backend.
//
// Their arrays lie in memory that the current device reaches: run() and apply() hand the pointers on to it, and
// pointers to ordinary memory of the host are a fault. The call returns once the kernel is in its stream; results are
// there when the stream has come so far. The parameters are copied before that. What apply_channels() and
// sum_channels() do on the host they do not do here. An error shows in last_error(), and as with every CUDA program,
// one of an earlier kernel may show later.
#pragma once

namespace actbench::cuda {

/// The stream (cudaStream_t, CUstream) in which this thread's calls run from now on; null, as at first, is the default
/// stream. It must belong to the device that is current at the call.
void set_stream(void* stream) noexcept;

/// What the first failed call since the last question, of this thread, failed for; null where none did.
const char* last_error() noexcept;

}  // namespace actbench::cuda
