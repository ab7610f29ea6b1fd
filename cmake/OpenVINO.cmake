# OpenVINO as the target dflare_openvino. Used by dflare's own build and, where that had it, by find_package(dflare).
# Sets DFLARE_HAS_OPENVINO.

# The Python package has it within its own folder: a virtual environment is a prefix too.
string(REPLACE ":" ";" dflare_openvino_prefixes "$ENV{CMAKE_PREFIX_PATH}")
list(PREPEND dflare_openvino_prefixes ${CMAKE_PREFIX_PATH})
set(dflare_openvino_hints)
foreach(dflare_openvino_prefix IN LISTS dflare_openvino_prefixes)
  file(GLOB dflare_openvino_packages "${dflare_openvino_prefix}/lib/python3*/site-packages/openvino/cmake")
  list(APPEND dflare_openvino_hints ${dflare_openvino_packages})
endforeach()
find_package(OpenVINO 2026.0 QUIET COMPONENTS Runtime HINTS ${dflare_openvino_hints})
set(DFLARE_HAS_OPENVINO ${OpenVINO_FOUND})

# dflare_OPENVINO_VERSION: that with which an installed dflare was built.
if(dflare_is_installed)
  set(dflare_openvino_is_that_of_dflare FALSE)
  if(OpenVINO_FOUND AND "${OpenVINO_VERSION}" VERSION_EQUAL "${dflare_OPENVINO_VERSION}")
    set(dflare_openvino_is_that_of_dflare TRUE)
  endif()
  dflare_check(dflare_openvino_is_that_of_dflare
    "This dflare was built with OpenVINO ${dflare_OPENVINO_VERSION}, but CMake found OpenVINO '${OpenVINO_VERSION}' "
    "(${OpenVINO_DIR}). Say where the other one is, -DOpenVINO_DIR=FOLDER with its OpenVINOConfig.cmake, or build dflare "
    "with this one, or with -DDFLARE_WITH_OPENVINO=OFF.")
endif()

if(DFLARE_HAS_OPENVINO AND NOT TARGET dflare_openvino)
  add_library(dflare_openvino INTERFACE IMPORTED GLOBAL)
  target_link_libraries(dflare_openvino INTERFACE openvino::runtime)
  # The installed programs have to find it, as they do LibTorch.
  get_target_property(dflare_openvino_library openvino::runtime LOCATION)
  get_filename_component(dflare_openvino_folder "${dflare_openvino_library}" DIRECTORY)
  if(NOT dflare_openvino_folder MATCHES "^(/usr)?/lib" AND NOT dflare_is_installed)
    list(APPEND CMAKE_INSTALL_RPATH ${dflare_openvino_folder})
  endif()
endif()
