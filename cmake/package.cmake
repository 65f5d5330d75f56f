# SPDX-License-Identifier: Apache-2.0
#
# `cpack` in the build folder makes a package for Debian and Ubuntu, and an archive that needs nothing but the C and C++
# libraries of the machine it is unpacked on. package_files.cmake says how their files differ from installed ones.

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME actbench)
set(CPACK_PACKAGE_VENDOR "The actbench authors")
set(ACTBENCH_PACKAGE_CONTACT "The actbench authors" CACHE STRING "Who makes the packages: Name <address>")
set(CPACK_PACKAGE_CONTACT "${ACTBENCH_PACKAGE_CONTACT}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "measures how fast and how right activation functions are")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_FILE_NAME actbench-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/package_files.cmake)
set(CPACK_VERBATIM_VARIABLES ON)
# What package_files.cmake needs to know of the build.
set(CPACK_ACTBENCH_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_ACTBENCH_STRIP ${CMAKE_STRIP})
set(CPACK_ACTBENCH_OBJDUMP ${CMAKE_OBJDUMP})

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION math)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
file(WRITE ${PROJECT_BINARY_DIR}/package/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/package/triggers)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Kernels of the activation functions of neural networks, and a program that
holds every result against the exact value, and times every kernel beside
copying the same bytes. The kernels are also a library for C and C++.")

include(CPack)
