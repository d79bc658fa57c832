# cmake --install: programs, libraries, headers, what finds them, documentation.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/secscan)
# Named as consumers see them: secscan::secscan, secscan::git,
# secscan::containers, and their static forms.
set_target_properties(secscan_shared PROPERTIES EXPORT_NAME secscan)
set_target_properties(secscan_git_shared PROPERTIES EXPORT_NAME git)
set_target_properties(secscan_git_static PROPERTIES EXPORT_NAME git_static)
set_target_properties(secscan_containers_shared PROPERTIES
  EXPORT_NAME containers)
set_target_properties(secscan_containers_static PROPERTIES
  EXPORT_NAME containers_static)
# It needs nothing of libsecscan; who links it does.
target_link_libraries(secscan_containers_shared INTERFACE secscan_shared)
# A C program that links the static library needs what the C++ file needs.
target_link_libraries(secscan_static INTERFACE $<INSTALL_INTERFACE:stdc++>)

install(TARGETS secscan_shared secscan_git_shared secscan_containers_shared
  EXPORT secscanTargets LIBRARY NAMELINK_COMPONENT development)
install(TARGETS secscan_static secscan_git_static EXPORT secscanStaticTargets
  COMPONENT development)
# By itself: who links the others statically need not have libarchive and qpdf.
install(TARGETS secscan_containers_static
  EXPORT secscanContainersStaticTargets COMPONENT development)
foreach(set secscanTargets secscanStaticTargets secscanContainersStaticTargets)
  install(EXPORT ${set} NAMESPACE secscan:: DESTINATION ${package_dir}
    COMPONENT development)
endforeach()
install(FILES libsecscan/include/secscan.h libsecscan/include/secscan_git.h
  libsecscan/include/secscan_containers.h TYPE INCLUDE
  COMPONENT development)

configure_package_config_file(cmake/secscanConfig.cmake.in secscanConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(secscanConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/secscanConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/secscanConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT development)

# The prefix relative to the .pc files, so that --prefix and a moved tree work.
if(IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  set(pc_prefix ${CMAKE_INSTALL_PREFIX})
else()
  file(RELATIVE_PATH up /x/${CMAKE_INSTALL_LIBDIR}/pkgconfig /x)
  string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${up}")
endif()
foreach(name secscan secscan-git secscan-containers)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
endforeach()

install(FILES LICENSE README.md CHANGELOG.md SECURITY.md TYPE DOC)
install(DIRECTORY docs/ TYPE DOC FILES_MATCHING PATTERN "*.md" PATTERN "*.json")

include(cmake/package.cmake)
