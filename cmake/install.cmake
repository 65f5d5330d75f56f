# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` puts in place: the library with its headers, a CMake package and a pkg-config file; the
# program, which is installed where it is defined, with a man page and completions for shells; and the licence.

include(CMakePackageConfigHelpers)

# What scripts/run built first.
if(ACTBENCH_HERE_ONLY)
  install(CODE "message(WARNING \"This build has the kernels of this machine alone. -DACTBENCH_HERE_ONLY=OFF builds all.\")")
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/actbench)
install(TARGETS actbench_kernels actbench_plugin EXPORT actbench)
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

# The pkg-config file finds the rest from where it lies itself, so that the installation can be moved. A static library
# leaves the C++ library to whoever links it.
set(libs)
foreach(library IN LISTS CMAKE_CXX_IMPLICIT_LINK_LIBRARIES)
  if(NOT library IN_LIST CMAKE_C_IMPLICIT_LINK_LIBRARIES AND NOT library MATCHES "/")
    string(APPEND libs " -l${library}")
  endif()
endforeach()
if(ACTBENCH_CUDA_BUILT)
  string(APPEND libs " -L${CUDAToolkit_LIBRARY_DIR} -lcudart_static -ldl -lpthread -lrt")
endif()
set(private_libs)
if(BUILD_SHARED_LIBS)
  set(private_libs "${libs}")
  set(libs)
endif()
file(RELATIVE_PATH prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" prefix_from_pc "${prefix_from_pc}")
configure_file(${CMAKE_CURRENT_LIST_DIR}/actbench.pc.in ${PROJECT_BINARY_DIR}/package/actbench.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/actbench.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

if(NOT TARGET actbench)
  return()
endif()
# All that is installed, and no tests.
add_custom_target(actbench_program)
add_dependencies(actbench_program actbench)

# What JSON the program writes: docs/machine-readable.md.
file(GLOB schemas CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/schemas/*.schema.json)
install(FILES ${schemas} DESTINATION ${CMAKE_INSTALL_DATADIR}/actbench/schemas)

# The man page and the completions are written from what the program says of itself, by a script in Python. Without
# Python, or where a program of another processor cannot be started, there are none.
find_package(Python3 COMPONENTS Interpreter)
if(NOT Python3_FOUND OR (CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR))
  message(STATUS "No man page and no completions of shells: they need Python, and a program that runs here")
  return()
endif()
set(cli_folder ${PROJECT_BINARY_DIR}/cli)
set(cli_script ${PROJECT_SOURCE_DIR}/scripts/cli_files.py)
set(cli_files ${cli_folder}/actbench.1 ${cli_folder}/actbench ${cli_folder}/_actbench ${cli_folder}/actbench.fish)
add_custom_command(OUTPUT ${cli_files}
  COMMAND Python3::Interpreter -B ${cli_script} install ${cli_folder} ${CMAKE_CROSSCOMPILING_EMULATOR}
          $<TARGET_FILE:actbench>
  DEPENDS actbench ${cli_script} ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  COMMENT "Writing the man page and the completions" VERBATIM)
add_custom_target(actbench_cli_files ALL DEPENDS ${cli_files})
add_dependencies(actbench_program actbench_cli_files)
install(FILES ${cli_folder}/actbench.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${cli_folder}/actbench DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${cli_folder}/_actbench DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${cli_folder}/actbench.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
