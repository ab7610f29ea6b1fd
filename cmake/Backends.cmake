# The backends that are components: built where what they need is found, unless they are switched off.
#   DFLARE_WITH_OPENVINO, DFLARE_WITH_EXECUTORCH, DFLARE_WITH_SERVER   AUTO (default), ON (an error where it is not found), OFF
# Sets DFLARE_HAS_OPENVINO and so on. Used by dflare's own build; an installed dflare looks for what it was built with, by
# dflare_backend_files.
set(dflare_backend_files)
foreach(backend OPENVINO EXECUTORCH SERVER)
  set(DFLARE_WITH_${backend} AUTO CACHE STRING "Build this backend: AUTO, ON or OFF")
  set_property(CACHE DFLARE_WITH_${backend} PROPERTY STRINGS AUTO ON OFF)
  set(DFLARE_HAS_${backend} FALSE)
endforeach()

# dflare_find_backend(NAME WHAT FILE HOW): includes FILE, which sets DFLARE_HAS_NAME and makes the target.
macro(dflare_find_backend name what file how)
  if(DFLARE_WITH_${name} STREQUAL "AUTO" OR DFLARE_WITH_${name})
    include(${PROJECT_SOURCE_DIR}/cmake/${file})
    if(DFLARE_HAS_${name})
      message(STATUS "Backend: ${what}")
      list(APPEND dflare_backend_files ${file})
    elseif(DFLARE_WITH_${name} STREQUAL "AUTO")
      message(STATUS "Not built: ${what}, which was not found. To have it: ${how}")
    else()
      message(FATAL_ERROR "DFLARE_WITH_${name} is ON, but ${what} was not found. ${how}")
    endif()
  else()
    message(STATUS "Not built: ${what} (DFLARE_WITH_${name} is OFF)")
  endif()
endmacro()

dflare_find_backend(OPENVINO "OpenVINO (ONNX, TFLite, IR)" OpenVINO.cmake "scripts/install-runtimes.sh --with openvino")
dflare_find_backend(EXECUTORCH "ExecuTorch (.pte)" ExecuTorch.cmake "scripts/install-runtimes.sh --with executorch")
dflare_find_backend(SERVER "the client of inference servers (cpp-httplib)" Httplib.cmake "apt-get install libcpp-httplib-dev")

# The Python interpreters (of virtual environments) with which the tests run models in another process and inference servers.
#   DFLARE_PYTHON_ONNXRUNTIME, DFLARE_PYTHON_LITERT, DFLARE_PYTHON_MLSERVER   a program; empty (default): these tests are skipped
# A test that is skipped for that reason prints the name of the variable: .ci/run then knows that it may be.
if(DFLARE_BUILD_TESTS)
  foreach(runtime ONNXRUNTIME LITERT MLSERVER)
    string(TOLOWER ${runtime} runtime_name)
    set(DFLARE_PYTHON_${runtime} "" CACHE FILEPATH
      "Python interpreter that has this package, for the tests: scripts/install-runtimes.sh --with ${runtime_name}")
    if(DFLARE_PYTHON_${runtime} AND NOT EXISTS "${DFLARE_PYTHON_${runtime}}")
      message(FATAL_ERROR "DFLARE_PYTHON_${runtime} is '${DFLARE_PYTHON_${runtime}}', which is no file. Give a Python interpreter that has "
                          "the package, scripts/install-runtimes.sh --with ${runtime_name}, or leave it empty.")
    endif()
  endforeach()
endif()
