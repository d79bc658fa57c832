# The program links libgit2 as an archive without its network code where that
# works (cli/no_net.c says why), and as a shared library elsewhere.
option(SECSCAN_STATIC_LIBGIT2 "Link libgit2.a into the program if it can be" ON)

set(git2_archive "")
if(SECSCAN_STATIC_LIBGIT2)
  pkg_get_variable(git2_libdir libgit2 libdir)
  find_library(GIT2_ARCHIVE libgit2.a HINTS ${git2_libdir})
  find_library(MBEDCRYPTO_ARCHIVE libmbedcrypto.a HINTS ${git2_libdir})
  find_library(Z_LIBRARY z)
  mark_as_advanced(GIT2_ARCHIVE MBEDCRYPTO_ARCHIVE Z_LIBRARY)
endif()
if(SECSCAN_STATIC_LIBGIT2 AND GIT2_ARCHIVE AND MBEDCRYPTO_ARCHIVE
   AND Z_LIBRARY)
  set(libs ${GIT2_ARCHIVE} ${MBEDCRYPTO_ARCHIVE} PkgConfig::PCRE2 ${Z_LIBRARY}
    Threads::Threads)
  try_compile(GIT2_ARCHIVE_WORKS
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/libgit2_check.c
      ${PROJECT_SOURCE_DIR}/cli/no_net.c
    CMAKE_FLAGS -DINCLUDE_DIRECTORIES=${GIT2_INCLUDE_DIRS}
    LINK_LIBRARIES ${libs})
  if(GIT2_ARCHIVE_WORKS)
    set(git2_archive ${libs})
  endif()
endif()
