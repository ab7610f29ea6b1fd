# cpp-httplib with OpenSSL, as Debian has it (a library, not the header alone), as the target dflare_httplib. Used by dflare's own build
# and, installed, by find_package(dflare). Sets DFLARE_HAS_SERVER.
set(DFLARE_HAS_SERVER FALSE)
find_path(dflare_httplib_include httplib.h NO_CACHE)
find_library(dflare_httplib_library cpp-httplib NO_CACHE)
find_file(dflare_httplib_pc cpp-httplib.pc NO_CACHE
  PATH_SUFFIXES pkgconfig "lib/${CMAKE_LIBRARY_ARCHITECTURE}/pkgconfig" lib/pkgconfig share/pkgconfig)
if(dflare_httplib_include AND dflare_httplib_library AND dflare_httplib_pc)
  # The classes in the header have other members by these definitions: they have to be those of the library.
  file(STRINGS "${dflare_httplib_pc}" dflare_httplib_flags REGEX "^Cflags:")
  string(REGEX MATCHALL "CPPHTTPLIB_[A-Z_]+" dflare_httplib_definitions "${dflare_httplib_flags}")
  if("CPPHTTPLIB_OPENSSL_SUPPORT" IN_LIST dflare_httplib_definitions)
    set(DFLARE_HAS_SERVER TRUE)
  endif()
endif()
if(DFLARE_HAS_SERVER AND NOT TARGET dflare_httplib)
  add_library(dflare_httplib INTERFACE IMPORTED GLOBAL)
  target_include_directories(dflare_httplib INTERFACE "${dflare_httplib_include}")
  target_compile_definitions(dflare_httplib INTERFACE ${dflare_httplib_definitions})
  target_link_libraries(dflare_httplib INTERFACE "${dflare_httplib_library}" OpenSSL::SSL)
endif()
if(dflare_is_installed)
  dflare_require(DFLARE_HAS_SERVER "cpp-httplib, with which it was built" "libcpp-httplib-dev")
endif()
