# secscan_portable: the program with all in it but the C library, for the tarball
# of script/package. Not part of `all`; needs the archives of its libraries, which
# Debian's packages have.
set(portable_archives "")
foreach(name hs pcre2-8 sodium jansson deflate z)
  string(MAKE_C_IDENTIFIER "ARCHIVE_OF_${name}" variable)
  find_library(${variable} lib${name}.a)
  mark_as_advanced(${variable})
  list(APPEND portable_archives ${${variable}})
endforeach()
if(APPLE OR NOT git2_archive OR "${portable_archives}" MATCHES "NOTFOUND")
  return()
endif()

get_target_property(portable_sources secscan SOURCES)
add_executable(secscan_portable EXCLUDE_FROM_ALL ${portable_sources})
target_include_directories(secscan_portable PRIVATE
  ${PROJECT_SOURCE_DIR}/libsecscan/include)
add_dependencies(secscan_portable secscan_git_static secscan_static)
target_link_libraries(secscan_portable PRIVATE
  $<TARGET_FILE:secscan_git_static> $<TARGET_FILE:secscan_static>
  ${GIT2_ARCHIVE} ${MBEDCRYPTO_ARCHIVE} ${portable_archives}
  ${CMAKE_DL_LIBS} Threads::Threads m)
target_link_options(secscan_portable PRIVATE
  -static-libstdc++ -static-libgcc -Wl,--as-needed -Wl,--gc-sections)
# An RPATH, not a RUNPATH: it counts for what libsecscan-containers needs, too.
target_link_options(secscan_portable PRIVATE -Wl,--disable-new-dtags)
set_target_properties(secscan_portable PROPERTIES LINKER_LANGUAGE CXX
  BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH $ORIGIN/../lib)

# Old versions of what the C library has new ones of (old_glibc.c). The two
# libraries have been part of libc.so.6 since 2.34, and are empty there.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_sources(secscan_portable PRIVATE old_glibc.c)
  foreach(name
      __libc_single_threaded __libc_start_main __pthread_key_create _dl_find_object
      dlopen dlsym fstat fstatat log2 lstat pow pthread_condattr_setclock
      pthread_create pthread_getspecific pthread_join pthread_key_create
      pthread_key_delete pthread_once pthread_rwlock_destroy pthread_rwlock_init
      pthread_rwlock_rdlock pthread_rwlock_unlock pthread_rwlock_wrlock
      pthread_setspecific pthread_sigmask stat)
    target_link_options(secscan_portable PRIVATE -Wl,--wrap=${name})
  endforeach()
  target_link_libraries(secscan_portable PRIVATE
    -Wl,--push-state,--no-as-needed -l:libpthread.so.0 -l:libdl.so.2
    -Wl,--pop-state)
endif()
