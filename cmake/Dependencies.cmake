# Everything dflare needs, found or refused with the name of the Debian package that brings it. Used by dflare's own build
# and, installed, by find_package(dflare).

# dflare_check(CONDITION MESSAGE...): where the condition is false, the build ends with the message; within
# find_package(dflare), it ends this file, and dflare counts as not found.
macro(dflare_check condition)
  if(NOT ${condition})
    string(CONCAT dflare_NOT_FOUND_MESSAGE ${ARGN})
    if(dflare_is_installed)
      set(dflare_FOUND FALSE)
      return()
    endif()
    message(FATAL_ERROR "${dflare_NOT_FOUND_MESSAGE}")
  endif()
endmacro()

macro(dflare_require found what package)
  dflare_check(${found}
    "dflare needs ${what}, which CMake did not find. On Debian: apt-get install ${package}\n"
    "(dflare's scripts/install-deps.sh installs everything at once).")
endmacro()

find_package(Threads QUIET)
dflare_require(Threads_FOUND "a threads library" "libc6-dev")
find_package(Boost 1.74 QUIET COMPONENTS filesystem iostreams)
dflare_require(Boost_FOUND "Boost.Filesystem and Boost.Iostreams 1.74 or newer" "libboost-dev libboost-filesystem-dev libboost-iostreams-dev")
find_package(OpenCV QUIET COMPONENTS core imgproc imgcodecs quality)
dflare_require(OpenCV_FOUND "OpenCV with imgproc, imgcodecs and the quality module" "libopencv-dev")
find_package(JPEG QUIET)
dflare_require(JPEG_FOUND "libjpeg (libjpeg-turbo)" "libjpeg-dev")
find_package(nlohmann_json QUIET)
dflare_require(nlohmann_json_FOUND "nlohmann-json" "nlohmann-json3-dev")
find_package(fmt QUIET)
dflare_require(fmt_FOUND "fmt" "libfmt-dev")
find_package(OpenSSL QUIET COMPONENTS Crypto)
dflare_require(OpenSSL_FOUND "OpenSSL's libcrypto" "libssl-dev")
find_package(yaml-cpp QUIET)
dflare_require(yaml-cpp_FOUND "yaml-cpp" "libyaml-cpp-dev")
find_package(CLI11 QUIET)
dflare_require(CLI11_FOUND "CLI11" "libcli11-dev")
find_package(GTest QUIET)
dflare_require(GTest_FOUND "GoogleTest" "libgtest-dev libgmock-dev")

include("${CMAKE_CURRENT_LIST_DIR}/LibTorch.cmake")
