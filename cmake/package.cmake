# cpack -G DEB: two packages. script/package runs it, with the preset "package",
# which installs to /usr.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME secscan)
set(CPACK_PACKAGE_VENDOR secscan)
# A .deb has to name somebody; there is no public address yet.
set(CPACK_PACKAGE_CONTACT "secscan maintainers <maintainers@secscan.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program development)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
  ${PROJECT_BINARY_DIR}/libsecscan ${PROJECT_BINARY_DIR}/lib)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/debian/finish.cmake)

# Debian's way of what the scripts do that CPack writes, too.
file(WRITE ${PROJECT_BINARY_DIR}/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/triggers)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME secscan)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION vcs)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
  "find committed credentials in files and git histories
The program, and the libraries that other programs link. Reads repositories
itself, needs no network, and runs nothing.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libsecscan-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "secscan (= ${PROJECT_VERSION})")
# What the archives are linked with.
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS
  "libhyperscan-dev, libpcre2-dev, libsodium-dev, libjansson-dev, libgit2-dev, libdeflate-dev, zlib1g-dev, libarchive-dev, libsqlite3-dev, libqpdf-dev, libssl-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
  "find committed credentials: headers and archives
What programs that use libsecscan are compiled with.")

include(CPack)
