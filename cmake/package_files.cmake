# SPDX-License-Identifier: Apache-2.0
#
# Run by cpack for each package, between installing into a folder and packing it.
#
# Debian's package depends on Debian's libraries, and has its files as Debian's policy wants them. The archive brings
# along the libraries that a bare system does not have, in lib/actbench, where the program looks for them (its RPATH).

set(root "${CPACK_TEMPORARY_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" root "${root}")
set(doc ${root}/share/doc/actbench)
file(GLOB_RECURSE programs ${root}/bin/actbench)
file(GLOB_RECURSE shared ${root}/lib*/libactbench*.so)
file(GLOB_RECURSE static ${root}/lib*/libactbench*.a)

function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
endfunction()

foreach(file IN LISTS programs)
  run(${CPACK_ACTBENCH_STRIP} --remove-section=.comment --remove-section=.note ${file})
endforeach()
# The gate compares machine code by every symbol and relocation of the shared library, so these stay.
foreach(file IN LISTS shared static)
  run(${CPACK_ACTBENCH_STRIP} --strip-debug --enable-deterministic-archives ${file})
endforeach()

if(CPACK_GENERATOR STREQUAL "DEB")
  foreach(file IN LISTS programs)
    file(RPATH_REMOVE FILE ${file})
  endforeach()
  foreach(file IN LISTS shared)
    file(CHMOD ${file} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  endforeach()

  set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
  file(READ ${CPACK_ACTBENCH_SOURCE}/CHANGELOG.md changelog)
  string(REGEX MATCH "\n## \\[[0-9.]+\\] - ([0-9-]+)" newest "${changelog}")
  set(day ${CMAKE_MATCH_1})
  string(SUBSTRING ${day} 0 4 year)
  execute_process(COMMAND env LC_ALL=C date --utc --rfc-email --date=${day} OUTPUT_VARIABLE date
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${doc}/LICENSE)
  file(WRITE ${doc}/copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: actbench

Files: *
Copyright: ${year} The actbench authors
License: Apache-2.0
 The licence's text is in /usr/share/common-licenses/Apache-2.0.
")
  file(WRITE ${doc}/changelog.Debian "actbench (${version}) unstable; urgency=medium

  * What is new is in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
  file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
  run(gzip -9n ${doc}/changelog ${doc}/changelog.Debian ${root}/share/man/man1/actbench.1)
  file(WRITE ${root}/share/lintian/overrides/actbench
       "# The program compares machine code by the symbols of this library.
actbench: unstripped-binary-or-object
# This library is there to be loaded at run time by its name. Programs are linked with the static one.
actbench: shared-library-lacks-version
actbench: package-name-doesnt-match-sonames
# The project has no address of its own. Whoever hands the package on sets ACTBENCH_PACKAGE_CONTACT.
actbench: malformed-contact
")
  file(GLOB_RECURSE written ${root}/share/doc/* ${root}/share/lintian/* ${root}/share/man/*)
  foreach(file IN LISTS written)
    file(CHMOD ${file} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  endforeach()
else()
  set(CMAKE_OBJDUMP ${CPACK_ACTBENCH_OBJDUMP})
  # The C and C++ libraries are everywhere, and cannot be mixed.
  file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${programs} RESOLVED_DEPENDENCIES_VAR libraries
       PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|stdc\\+\\+|gcc_s)\\.so")
  foreach(library IN LISTS libraries)
    file(INSTALL ${library} DESTINATION ${root}/lib/actbench FOLLOW_SYMLINK_CHAIN)
    # With the licence of each, where the system says which package it is from.
    file(REAL_PATH ${library} real)
    execute_process(COMMAND dpkg-query --search ${real} OUTPUT_VARIABLE owner ERROR_QUIET RESULT_VARIABLE unknown)
    if(NOT unknown AND owner MATCHES "^([^:]+):")
      file(COPY_FILE /usr/share/doc/${CMAKE_MATCH_1}/copyright ${doc}/copyright.${CMAKE_MATCH_1} RESULT none)
    endif()
  endforeach()
endif()
