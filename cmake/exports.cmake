# cmake -P exports.cmake: write the version script of the shared libsecscan.
#
# Public names are in one node that lasts as long as the SONAME. What
# libsecscan-git needs of the inside is read off its objects and goes to a node
# with the full version in its name, so that the two libraries of one build find
# each other and no other pair loads. All else is local.
#
# In: NM, VERSION, OBJECTS (of libsecscan-git), OUT.
set(defined "")
set(wanted "")
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND ${NM} -P ${object} OUTPUT_VARIABLE symbols
                  COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "(^|\n)ss_[A-Za-z0-9_]+ [A-Za-z]" lines "${symbols}")
  foreach(line IN LISTS lines)
    string(STRIP "${line}" line)
    string(REGEX REPLACE " .$" "" name "${line}")
    if(line MATCHES " U$")
      list(APPEND wanted ${name})
    else()
      list(APPEND defined ${name})
    endif()
  endforeach()
endforeach()
list(REMOVE_DUPLICATES wanted)
if(defined)
  list(REMOVE_ITEM wanted ${defined})
endif()
list(SORT wanted)

set(text "SECSCAN_0 {\n  global: secscan_*;\n  local: *;\n};\n")
if(wanted)
  string(APPEND text "SECSCAN_PRIVATE_${VERSION} {\n  global:\n")
  foreach(name IN LISTS wanted)
    string(APPEND text "    ${name};\n")
  endforeach()
  string(APPEND text "};\n")
endif()
file(WRITE ${OUT} "${text}")
