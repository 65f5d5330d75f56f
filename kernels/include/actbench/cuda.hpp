// SPDX-License-Identifier: Apache-2.0
//
// How to call the kernels of the cuda backend.
//
// apply() takes arrays wherever they are. Where the current device reaches all of them, the call returns once the
// kernel is in its stream, and results are there when the stream has come so far. Arrays of the host's ordinary memory
// are copied there and back, and the call waits for the result. run() hands the pointers on as they are: those to
// ordinary memory of the host are a fault. apply_channels() and sum_channels() take arrays of the host. Parameters are
// copied before a call returns. What went wrong last_error() says; as with every CUDA program, an error of an earlier
// kernel may show later.
#pragma once

namespace actbench::cuda {

/// The stream (cudaStream_t, CUstream) in which this thread's calls run from now on; null, as at first, is the default
/// stream. It must belong to the device that is current at the call.
void set_stream(void* stream) noexcept;

/// What the first failed call since the last question, of this thread, failed for; null where none did.
const char* last_error() noexcept;

}  // namespace actbench::cuda
