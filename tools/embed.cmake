# The built-in rules: patterns/*.toml to one C file, by a program that links what
# reads and compiles rules. Sets SECSCAN_BUILTIN_SOURCES.
include(${PROJECT_SOURCE_DIR}/patterns/patterns.cmake)

add_executable(secscan_embed ${PROJECT_SOURCE_DIR}/tools/embed.c)
target_link_libraries(secscan_embed PRIVATE secscan_rules_objects)
set_target_properties(secscan_embed PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tools LINKER_LANGUAGE CXX)

list(TRANSFORM secscan_patterns PREPEND patterns/)
set(SECSCAN_BUILTIN_SOURCES ${PROJECT_BINARY_DIR}/generated/builtin.c)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/generated)
set(pattern_files ${secscan_patterns})
list(TRANSFORM pattern_files PREPEND ${PROJECT_SOURCE_DIR}/)
add_custom_command(
  OUTPUT ${SECSCAN_BUILTIN_SOURCES}
  COMMAND secscan_embed ${SECSCAN_BUILTIN_SOURCES} ${secscan_patterns}
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  DEPENDS secscan_embed ${pattern_files}
  COMMENT "Compiling the built-in rules" VERBATIM)
