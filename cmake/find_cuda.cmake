# SPDX-License-Identifier: Apache-2.0
#
# Whether the kernels for CUDA are built (ACTBENCH_CUDA_BUILT), and for which architectures.
#
# ACTBENCH_CUDA: AUTO, the default, builds them where there is a toolkit and a GPU; ON needs the CUDA toolkit, version 13.0 or
# newer (with the library management of its runtime); OFF never.
# ACTBENCH_CUDA_ARCHITECTURES: 90 for sm_90's machine code, 90-virtual for PTX, which the driver compiles for devices from
# sm_90 on. Where nothing is said, that of the GPU here, or sm_90.

set(ACTBENCH_CUDA AUTO CACHE STRING "Kernels for CUDA: AUTO (where there is a GPU), ON, OFF")
set_property(CACHE ACTBENCH_CUDA PROPERTY STRINGS AUTO ON OFF)
if(NOT ACTBENCH_CUDA MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "ACTBENCH_CUDA is AUTO, ON or OFF, not ${ACTBENCH_CUDA}")
endif()

set(ACTBENCH_CUDA_BUILT FALSE)
if(ACTBENCH_CUDA STREQUAL "OFF")
  return()
endif()

# "9.0" a line, for each GPU.
find_program(ACTBENCH_NVIDIA_SMI nvidia-smi)
mark_as_advanced(ACTBENCH_NVIDIA_SMI)
set(capabilities)
if(ACTBENCH_NVIDIA_SMI)
  execute_process(COMMAND ${ACTBENCH_NVIDIA_SMI} --query-gpu=compute_cap --format=csv,noheader
                  OUTPUT_VARIABLE listed ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed TIMEOUT 20)
  if(failed EQUAL 0)
    string(REGEX MATCHALL "[0-9]+\\.[0-9]" capabilities "${listed}")
  endif()
endif()
if(ACTBENCH_CUDA STREQUAL "AUTO")
  if(NOT capabilities AND NOT EXISTS /dev/nvidia0)
    return()
  endif()
  find_package(CUDAToolkit 13.0 QUIET)
else()
  find_package(CUDAToolkit 13.0 REQUIRED)
endif()
if(NOT TARGET CUDA::nvrtc OR NOT TARGET CUDA::cudart_static)
  if(ACTBENCH_CUDA STREQUAL "ON")
    message(FATAL_ERROR "the CUDA toolkit in ${CUDAToolkit_BIN_DIR} lacks NVRTC or the static runtime library")
  endif()
  return()
endif()

set(ACTBENCH_CUDA_BUILT TRUE)
if(NOT ACTBENCH_CUDA_ARCHITECTURES)
  string(REPLACE "." "" here "${capabilities}")
  list(REMOVE_DUPLICATES here)
  if(NOT here)
    set(here 90)
  endif()
  set(ACTBENCH_CUDA_ARCHITECTURES ${here})
endif()
set(ACTBENCH_CUDA_ARCHITECTURES "${ACTBENCH_CUDA_ARCHITECTURES}" CACHE STRING "sm_90: 90; PTX for sm_90 and later: 90-virtual")
foreach(architecture IN LISTS ACTBENCH_CUDA_ARCHITECTURES)
  if(NOT architecture MATCHES "^[0-9]+(-virtual)?$")
    message(FATAL_ERROR "ACTBENCH_CUDA_ARCHITECTURES: ${architecture} is neither like 90 nor like 90-virtual")
  endif()
endforeach()
message(STATUS "Kernels for CUDA ${CUDAToolkit_VERSION}: ${ACTBENCH_CUDA_ARCHITECTURES}")
