# SPDX-License-Identifier: Apache-2.0
#
# Writes HEADER with the git revision of SOURCE, "unknown" outside git; touches it only where it changed.
set(revision "unknown")
set(modified "false")
find_package(Git QUIET)
if(GIT_FOUND)
  # The tree itself must be the repository's: an archive unpacked inside another repository has no revision.
  execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --show-toplevel WORKING_DIRECTORY ${SOURCE}
                  OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  file(REAL_PATH ${SOURCE} real_source)
  if(NOT failed AND top STREQUAL real_source)
    execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse HEAD WORKING_DIRECTORY ${SOURCE}
                    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
      set(revision ${head})
      execute_process(COMMAND ${GIT_EXECUTABLE} status --porcelain WORKING_DIRECTORY ${SOURCE}
                      OUTPUT_VARIABLE changes ERROR_QUIET)
      if(NOT changes STREQUAL "")
        set(modified "true")
      endif()
    endif()
  endif()
endif()
set(content "// Generated.\n#define ACTBENCH_REVISION \"${revision}\"\n#define ACTBENCH_MODIFIED ${modified}\n")
if(EXISTS ${HEADER})
  file(READ ${HEADER} old)
endif()
if(NOT "${old}" STREQUAL "${content}")
  file(WRITE ${HEADER} "${content}")
endif()
