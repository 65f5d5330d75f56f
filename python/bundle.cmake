# SPDX-License-Identifier: Apache-2.0
#
# Run while a wheel's files are installed: puts the libraries that the module and the program need, MPFR and GMP among them,
# beside them, with the licence of each. The C and C++ libraries are everywhere, and cannot be mixed.
# Needs module and program: their paths in the build folder.

file(GET_RUNTIME_DEPENDENCIES MODULES ${module} EXECUTABLES ${program} RESOLVED_DEPENDENCIES_VAR libraries
     PRE_EXCLUDE_REGEXES "^ld-linux" "^libactbench_" "^lib(c|m|dl|rt|pthread|stdc\\+\\+|gcc_s)\\.so")
set(folder ${CMAKE_INSTALL_PREFIX}/actbench/lib)
foreach(library IN LISTS libraries)
  get_filename_component(name ${library} NAME)
  file(REAL_PATH ${library} real)
  file(MAKE_DIRECTORY ${folder})
  file(COPY_FILE ${real} ${folder}/${name})
  execute_process(COMMAND dpkg-query --search ${real} OUTPUT_VARIABLE owner ERROR_QUIET RESULT_VARIABLE unknown)
  if(NOT unknown AND owner MATCHES "^([^:]+):")
    file(COPY_FILE /usr/share/doc/${CMAKE_MATCH_1}/copyright ${folder}/copyright.${CMAKE_MATCH_1} RESULT none)
  endif()
endforeach()
