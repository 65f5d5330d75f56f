# SPDX-License-Identifier: Apache-2.0
#
# The kernels for CUDA. A small program compiles the device's side with NVRTC (compile.cpp says why), once for each
# activation and for all architectures; another tells it the rows of the tables (list_rows.cpp). The host's side is one more
# object library like those of the instruction sets.

set(folder ${CMAKE_CURRENT_BINARY_DIR}/cuda_device)
file(MAKE_DIRECTORY ${folder})
add_executable(actbench_compile_cuda cuda/compile.cpp)
target_link_libraries(actbench_compile_cuda PRIVATE actbench_options CUDA::nvrtc)

actbench_table_list(${CMAKE_CURRENT_BINARY_DIR}/scalar_tables.cpp all_tables "${ACTBENCH_ALL_ACTIVATIONS}" scalar)
add_executable(actbench_list_cuda_rows cuda/list_rows.cpp cuda/absent.cpp cuda/stage.cpp registry/registry.cpp registry/cpu.cpp
               registry/streaming.cpp registry/sharing.cpp ${CMAKE_CURRENT_BINARY_DIR}/scalar_tables.cpp $<TARGET_OBJECTS:actbench_scalar>)
target_include_directories(actbench_list_cuda_rows PRIVATE ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/include)
target_link_libraries(actbench_list_cuda_rows PRIVATE actbench_options)
list(TRANSFORM ACTBENCH_ALL_ACTIVATIONS PREPEND ${folder}/ OUTPUT_VARIABLE row_files)
list(TRANSFORM row_files APPEND .rows)
add_custom_command(OUTPUT ${row_files} COMMAND actbench_list_cuda_rows ${folder} DEPENDS actbench_list_cuda_rows
                   COMMENT "Listing the kernels for CUDA" VERBATIM)

# actbench_cuda_module(<result> <name> <source> <kernels> <dependencies>...): the source of a module, <name>_module.
function(actbench_cuda_module result name source kernels)
  set(stem ${CMAKE_CURRENT_BINARY_DIR}/cuda_device/${name})
  file(CONFIGURE OUTPUT ${stem}.cu CONTENT "${source}" @ONLY)
  list(TRANSFORM ACTBENCH_CUDA_ARCHITECTURES PREPEND ${stem}. OUTPUT_VARIABLE images)
  add_custom_command(OUTPUT ${stem}.module.cpp ${stem}.resources.csv ${images}
    COMMAND actbench_compile_cuda ${name} ${stem} ${PROJECT_SOURCE_DIR},${PROJECT_SOURCE_DIR}/kernels/include
            ${kernels} ${ACTBENCH_CUDA_ARCHITECTURES}
    DEPENDS ${stem}.cu ${ARGN} actbench_compile_cuda
    COMMENT "Compiling the kernels of ${name} for CUDA" VERBATIM)
  set_source_files_properties(${stem}.module.cpp PROPERTIES OBJECT_DEPENDS "${images}")
  set(${result} ${stem}.module.cpp PARENT_SCOPE)
endfunction()

file(GLOB device_headers CONFIGURE_DEPENDS *.hpp cuda/*.hpp elementwise/*.hpp isa/scalar.hpp isa/cuda.hpp math/*.hpp numbers/*.hpp include/actbench/kernels.hpp)
file(GLOB row_headers CONFIGURE_DEPENDS rows/*.hpp)
set(cuda_module_sources)
set(declarations)
set(entries)
# actbench_activation_module(<name> <file> <header between the vocabulary and that> <header with the kernel> <dependencies>...)
macro(actbench_activation_module name file before kernel)
  set(includes)
  foreach(header kernels/isa/cuda.hpp ${before} kernels/${file} ${kernel})
    string(APPEND includes "#include \"${header}\"\n")
  endforeach()
  actbench_cuda_module(module ${name} "// Generated: the kernels of one activation for CUDA.
#define ACTBENCH_ISA cuda
#define ACTBENCH_ACTIVATION ${name}
${includes}" rows ${folder}/${name}.rows ${CMAKE_CURRENT_SOURCE_DIR}/${file} ${device_headers} ${ARGN})
  list(APPEND cuda_module_sources ${module})
  string(APPEND declarations "extern const Module ${name}_module;\n")
  string(APPEND entries "    &${name}_module,\n")
endmacro()
foreach(name IN LISTS activations)
  actbench_activation_module(${name} activations/${name}.hpp "" kernels/cuda/device.hpp)
endforeach()
foreach(name IN LISTS row_activations)
  actbench_activation_module(${name} activations/rows/${name}.hpp kernels/cuda/team.hpp
                             kernels/cuda/device_rows.hpp ${row_headers})
endforeach()
file(CONFIGURE OUTPUT ${folder}/modules.cpp CONTENT "// Generated: every module for CUDA.
#include \"kernels/cuda/launch.hpp\"
namespace actbench::cuda {
@declarations@
const Module* const all_modules[] = {
@entries@};
const std::size_t all_modules_count = sizeof all_modules / sizeof all_modules[0];
}  // namespace actbench::cuda
" @ONLY)
list(APPEND cuda_module_sources ${folder}/modules.cpp)

actbench_isa_sources(sources cuda cuda kernels/cuda/instantiate.hpp)
actbench_row_sources(row_sources cuda cuda kernels/rows/alone.hpp kernels/cuda/instantiate.hpp)
add_library(actbench_cuda OBJECT ${sources} ${row_sources})
target_include_directories(actbench_cuda PRIVATE ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/include)
target_link_libraries(actbench_cuda PRIVATE actbench_options)
target_compile_options(actbench_cuda PRIVATE -fno-exceptions -fno-rtti)
list(APPEND isas cuda)
