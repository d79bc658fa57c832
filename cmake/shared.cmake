# The shared libraries: the same objects as the static ones. libsecscan-git
# links libsecscan and calls some of its ss_* functions, so the version scripts,
# not the compiler, decide what is visible: a hidden symbol could not be exported
# to it, and an attribute on every such function would have to be kept by hand.
set(secscan_map ${CMAKE_CURRENT_BINARY_DIR}/secscan.map)
add_custom_command(OUTPUT ${secscan_map}
  COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DVERSION=${PROJECT_VERSION}
    -DOUT=${secscan_map} "-DOBJECTS=$<TARGET_OBJECTS:secscan_git_objects>"
    -P ${PROJECT_SOURCE_DIR}/cmake/exports.cmake
  DEPENDS $<TARGET_OBJECTS:secscan_git_objects>
    ${PROJECT_SOURCE_DIR}/cmake/exports.cmake
  VERBATIM)
add_custom_target(secscan_exports DEPENDS ${secscan_map})

function(secscan_shared target output map)
  add_library(${target} SHARED ${ARGN})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${output}
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}
    LINK_DEPENDS ${map})
  target_include_directories(${target} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  if(NOT APPLE)
    target_link_options(${target} PRIVATE -Wl,--version-script=${map})
  endif()
  # A sanitizer's runtime is the program's to bring.
  if(NOT APPLE AND NOT SECSCAN_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,--no-undefined)
  endif()
endfunction()

secscan_shared(secscan_shared secscan ${secscan_map}
  $<TARGET_OBJECTS:secscan_rules_objects> $<TARGET_OBJECTS:secscan_main_objects>)
add_dependencies(secscan_shared secscan_exports)
target_link_libraries(secscan_shared PRIVATE
  PkgConfig::HS PkgConfig::PCRE2 PkgConfig::SODIUM PkgConfig::JANSSON
  Threads::Threads ${CMAKE_DL_LIBS})

secscan_shared(secscan_git_shared secscan-git
  ${PROJECT_SOURCE_DIR}/cmake/secscan-git.map
  $<TARGET_OBJECTS:secscan_git_objects>)
target_link_libraries(secscan_git_shared
  PUBLIC secscan_shared PRIVATE PkgConfig::GIT2 PkgConfig::DEFLATE PkgConfig::ZLIB PkgConfig::SODIUM)

secscan_shared(secscan_containers_shared secscan-containers
  ${PROJECT_SOURCE_DIR}/cmake/secscan-containers.map
  $<TARGET_OBJECTS:secscan_containers_objects>)
# qpdf keeps pointers to its decoders (pdf_filter.cpp) until the process ends.
if(NOT APPLE)
  target_link_options(secscan_containers_shared PRIVATE -Wl,-z,nodelete)
endif()
target_link_libraries(secscan_containers_shared PRIVATE
  PkgConfig::ARCHIVE PkgConfig::ZLIB PkgConfig::SQLITE PkgConfig::QPDF
  PkgConfig::CRYPTO PkgConfig::SODIUM PkgConfig::JANSSON)

# libsecscan loads it from beside itself (secscan_load_containers). The build
# tree has it elsewhere, where the program looks.
set(beside $ORIGIN)
if(APPLE)
  set(beside @loader_path)
endif()
set_target_properties(secscan_shared PROPERTIES
  BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH ${beside})
set(soname $<TARGET_SONAME_FILE_NAME:secscan_containers_shared>)
add_custom_command(TARGET secscan_containers_shared POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E create_symlink
    $<TARGET_FILE:secscan_containers_shared>
    ${CMAKE_CURRENT_BINARY_DIR}/${soname}
  VERBATIM)
