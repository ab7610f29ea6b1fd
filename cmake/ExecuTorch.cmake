# ExecuTorch as the target dflare_executorch, and DFLARE_HAS_EXECUTORCH. Used by dflare's own build and, installed, by
# find_package(dflare) of a dflare that was built with it.
#
# Looked for in ExecuTorch_ROOT, executorch_DIR and CMAKE_PREFIX_PATH: the folder of the Python package executorch, or a virtual
# environment that holds it. Its own config file makes targets with CMake 3.28 only, and they link all of it: its XNNPACK and its
# thread pool then mix with LibTorch's, which have the same names. Only the runtime is linked here, which has none of them;
# lib/model/executorch/runtime.cpp opens the kernels and the delegate apart.
set(DFLARE_HAS_EXECUTORCH FALSE)
if(DFLARE_SANITIZE)
  message(STATUS "ExecuTorch is left out: the sanitizers refuse libraries that are opened apart (RTLD_DEEPBIND)")
  return()
endif()

set(dflare_executorch_parts threadpool kernels_optimized kernels_quantized backend_xnnpack)
set(dflare_executorch_version_file lib/cmake/executorch/executorch-config-version.cmake)
set(dflare_executorch_hints)
string(REPLACE ":" ";" dflare_env_prefixes "$ENV{CMAKE_PREFIX_PATH}")
foreach(dflare_folder IN LISTS ExecuTorch_ROOT executorch_ROOT executorch_DIR CMAKE_PREFIX_PATH dflare_env_prefixes)
  file(GLOB dflare_in_environment "${dflare_folder}/lib/python3*/site-packages/executorch")
  list(APPEND dflare_executorch_hints
    "${dflare_folder}" "${dflare_folder}/../.." "${dflare_folder}/../../.." ${dflare_in_environment})
endforeach()
find_path(dflare_executorch_folder ${dflare_executorch_version_file} HINTS ${dflare_executorch_hints} NO_DEFAULT_PATH NO_CACHE)

if(dflare_executorch_folder)
  get_filename_component(dflare_executorch_folder "${dflare_executorch_folder}" ABSOLUTE)
  set(dflare_executorch_lacks)
  foreach(dflare_part include/executorch/runtime/core/portable_type/c10 lib/libexecutorch.so)
    if(NOT EXISTS "${dflare_executorch_folder}/${dflare_part}")
      list(APPEND dflare_executorch_lacks ${dflare_part})
    endif()
  endforeach()
  foreach(dflare_part IN LISTS dflare_executorch_parts)
    if(NOT EXISTS "${dflare_executorch_folder}/lib/libexecutorch_${dflare_part}.so")
      list(APPEND dflare_executorch_lacks lib/libexecutorch_${dflare_part}.so)
    endif()
  endforeach()
  file(STRINGS "${dflare_executorch_folder}/${dflare_executorch_version_file}" dflare_executorch_version
    REGEX "^set\\(PACKAGE_VERSION \"[0-9.]+\"\\)" LIMIT_COUNT 1)
  string(REGEX REPLACE ".*\"([0-9.]+)\".*" "\\1" DFLARE_EXECUTORCH_VERSION "${dflare_executorch_version}")
  list(JOIN dflare_executorch_lacks ", " dflare_executorch_lacks)
  if(dflare_executorch_lacks)
    message(STATUS "The ExecuTorch ${DFLARE_EXECUTORCH_VERSION} in ${dflare_executorch_folder} lacks ${dflare_executorch_lacks}; dflare needs "
                   "that of the Python package executorch 1.5 or newer")
  else()
    set(DFLARE_HAS_EXECUTORCH TRUE)
  endif()
endif()

# dflare_EXECUTORCH_VERSION: that with which an installed dflare was built.
if(dflare_is_installed)
  dflare_check(DFLARE_HAS_EXECUTORCH
    "This dflare was built with ExecuTorch ${dflare_EXECUTORCH_VERSION}, which CMake did not find. Say where it is, "
    "-DExecuTorch_ROOT=FOLDER, where FOLDER/lib holds libexecutorch.so.")
  set(dflare_executorch_is_that_of_dflare FALSE)
  if("${DFLARE_EXECUTORCH_VERSION}" VERSION_EQUAL "${dflare_EXECUTORCH_VERSION}")
    set(dflare_executorch_is_that_of_dflare TRUE)
  endif()
  dflare_check(dflare_executorch_is_that_of_dflare
    "This dflare was built with ExecuTorch ${dflare_EXECUTORCH_VERSION}, but CMake found ExecuTorch ${DFLARE_EXECUTORCH_VERSION} in\n  "
    "${dflare_executorch_folder}\nSay where the other one is, -DExecuTorch_ROOT=FOLDER, or build dflare with this one.")
elseif(DFLARE_HAS_EXECUTORCH)
  # The installed programs have to find it.
  list(APPEND CMAKE_INSTALL_RPATH "${dflare_executorch_folder}/lib")
endif()

if(DFLARE_HAS_EXECUTORCH AND NOT TARGET dflare_executorch)
  add_library(dflare_executorch INTERFACE IMPORTED GLOBAL)
  target_include_directories(dflare_executorch INTERFACE
    "${dflare_executorch_folder}/include"
    "${dflare_executorch_folder}/include/executorch/runtime/core/portable_type/c10")
  # As its libraries are compiled.
  target_compile_definitions(dflare_executorch INTERFACE C10_USING_CUSTOM_GENERATED_MACROS ET_EVENT_TRACER_ENABLED
    "DFLARE_EXECUTORCH_VERSION=\"${DFLARE_EXECUTORCH_VERSION}\"")
  target_link_libraries(dflare_executorch INTERFACE "${dflare_executorch_folder}/lib/libexecutorch.so")
endif()
