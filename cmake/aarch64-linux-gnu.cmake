# SPDX-License-Identifier: Apache-2.0
#
# For aarch64 by Debian's cross compiler (crossbuild-essential-arm64); what was built runs in qemu-user, where that is.
# scripts/aarch64 installs both, builds and tests.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
# Debian's packages for arm64 lie beside those of the machine that builds.
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
# Of Boost it takes headers alone, whose configuration lies where the libraries of the machine that builds do.
file(GLOB ACTBENCH_BOOST /usr/lib/*-linux-gnu/cmake/Boost-*)
if(ACTBENCH_BOOST AND NOT Boost_DIR)
  list(GET ACTBENCH_BOOST -1 Boost_DIR)
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
find_program(ACTBENCH_QEMU_AARCH64 NAMES qemu-aarch64 qemu-aarch64-static)
if(ACTBENCH_QEMU_AARCH64)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${ACTBENCH_QEMU_AARCH64} -L /usr/aarch64-linux-gnu)
endif()
