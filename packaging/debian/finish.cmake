# CPack runs this when what a .deb gets is in place: what Debian's policy asks of
# every package and no other installation has.
#
# In: CPACK_TEMPORARY_DIRECTORY, with a folder a component.
set(packages program:secscan development:libsecscan-dev)

function(finish_compress path)
  execute_process(COMMAND gzip -9n -f ${path} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

string(TIMESTAMP time "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(package IN LISTS packages)
  string(REGEX REPLACE "(.*):(.*)" "\\1;\\2" package ${package})
  list(POP_FRONT package component)
  set(share ${CPACK_TEMPORARY_DIRECTORY}/${component}/usr/share)
  set(documents ${share}/doc/${package})
  # It is in every Debian system.
  file(REMOVE ${documents}/LICENSE)
  file(MAKE_DIRECTORY ${documents})
  file(COPY_FILE ${CMAKE_CURRENT_LIST_DIR}/copyright ${documents}/copyright)
  file(WRITE ${documents}/changelog
"${package} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * What is new is in /usr/share/doc/secscan/CHANGELOG.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${time}
")
  finish_compress(${documents}/changelog)
  file(GLOB pages ${share}/man/man1/*.1)
  foreach(page IN LISTS pages)
    finish_compress(${page})
  endforeach()
endforeach()
