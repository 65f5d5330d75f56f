# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` puts in place: the library with its headers, and a CMake package. The program
# is installed where it is defined.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/actbench)
install(TARGETS actbench_kernels EXPORT actbench)
install(TARGETS actbench_kernels_c)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/kernels/include/actbench DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT actbench NAMESPACE actbench:: FILE actbenchTargets.cmake DESTINATION ${package_dir})

set(dependencies)
if(ACTBENCH_CUDA_BUILT)
  set(dependencies "include(CMakeFindDependencyMacro)
find_dependency(CUDAToolkit)
")
endif()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/package/actbenchConfig.cmake CONTENT
"@dependencies@include(\${CMAKE_CURRENT_LIST_DIR}/actbenchTargets.cmake)
" @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/actbenchConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/package/actbenchConfig.cmake ${PROJECT_BINARY_DIR}/package/actbenchConfigVersion.cmake
        DESTINATION ${package_dir})
