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

# The HTML report's page. Sets SECSCAN_PAGE_SOURCES.
add_executable(secscan_embed_page ${PROJECT_SOURCE_DIR}/tools/embed_page.c)
target_link_libraries(secscan_embed_page PRIVATE PkgConfig::SODIUM)
set_target_properties(secscan_embed_page PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tools)
set(SECSCAN_PAGE_SOURCES ${PROJECT_BINARY_DIR}/generated/report_page.c)
set(page_files page.html page.css page.js)
list(TRANSFORM page_files
  PREPEND ${PROJECT_SOURCE_DIR}/libsecscan/report/page/)
add_custom_command(
  OUTPUT ${SECSCAN_PAGE_SOURCES}
  COMMAND secscan_embed_page ${SECSCAN_PAGE_SOURCES} ${page_files}
  DEPENDS secscan_embed_page ${page_files}
  COMMENT "Embedding the HTML report's page" VERBATIM)
