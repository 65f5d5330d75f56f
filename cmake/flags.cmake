# SPDX-License-Identifier: Apache-2.0
#
# What the flags of whoever builds this may do: anything but change a result. Those that would are refused, by name. A
# program that is linked with -ffast-math computes without subnormal numbers from its start, so linkers' flags count, too.
#
# -march is the user's for the program. What is compiled for an instruction set is for that one and no other, and its machine
# code is that of its own source: ACTBENCH_OWN_ISA undoes -march and link-time optimisation. Where products and sums must not
# be fused, -ffp-contract=off follows the user's flags.

get_directory_property(added COMPILE_OPTIONS)
get_directory_property(added_to_link LINK_OPTIONS)
set(places CMAKE_CXX_FLAGS CMAKE_C_FLAGS CMAKE_EXE_LINKER_FLAGS CMAKE_SHARED_LINKER_FLAGS added added_to_link)
foreach(config IN LISTS CMAKE_BUILD_TYPE CMAKE_CONFIGURATION_TYPES)
  string(TOUPPER "${config}" config)
  list(APPEND places CMAKE_CXX_FLAGS_${config} CMAKE_C_FLAGS_${config})
endforeach()
foreach(place IN LISTS places)
  string(REPLACE ";" " " flags "${${place}}")
  separate_arguments(flags UNIX_COMMAND "${flags}")
  set(name ${place})
  if(place MATCHES "^added")
    set(name "add_compile_options or add_link_options")
  endif()
  foreach(flag IN LISTS flags)
    if(flag MATCHES "^-(Ofast|ffast-math|funsafe-math-optimizations|fassociative-math|freciprocal-math|ffinite-math-only)$" OR
       flag MATCHES "^-(fno-signed-zeros|fno-honor-(infinities|nans)|fapprox-func|fsingle-precision-constant|fcx-limited-range)$" OR
       flag MATCHES "^-(ffp-model=(fast|aggressive)|fdenormal-fp-math.*|mfpmath=.*|mrecip.*|mdaz-ftz|mpc(32|64|80)|m32|mx32)$" OR
       flag MATCHES "^-(fveclib=.*|mveclibabi=.*)$")
      message(FATAL_ERROR "${name} has ${flag}, which changes results, and every bit of the kernels' is promised: leave it out")
    elseif(flag MATCHES "^-m(sse|ssse|avx|fma|f16c|bmi|amx)[0-9a-z.-]*$")
      message(FATAL_ERROR "${name} has ${flag}, but kernels are built for each instruction set, and chosen by the CPU they run on: "
                          "leave it out")
    endif()
  endforeach()
endforeach()

set(ACTBENCH_OWN_ISA -fno-lto)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  list(APPEND ACTBENCH_OWN_ISA -march=x86-64)
endif()
