# dflare_add_manifest_test: the pairs of a manifest as tests of ctest. Part of find_package(dflare) and of dflare's own build.
#
#   dflare_add_manifest_test(NAME <name> MANIFEST <file> [SHARDS <n>] [LABELS <label>...] [OUT <folder>]
#                            [ARGS <flag>...] [PROPERTIES <name> <value>...])
#
# NAME       of the test: letters, digits, _, - and dots
# MANIFEST   relative to the folder of the CMakeLists.txt
# SHARDS     so many tests <name>.shard_1_of_<n>, ... that `ctest -j` runs side by side, each with one worker. They share the
#            tests of the manifest out among them as GoogleTest's shards do: the blocks of seed inputs, so that a seed set wants at
#            least as many blocks as there are shards (option `block` of the manifest). Left out: one test with all workers.
# LABELS     for ctest -L
# OUT        where findings, results.json and junit.xml go (with shards: results.shard_1_of_<n>.json, ...), relative to the
#            build folder; left out: dflare-findings/<name>
# ARGS       more flags of dflare-test and GoogleTest: --dflare_queries=50
# PROPERTIES of each test, as for set_tests_properties: TIMEOUT 3600
#
# dflare-test reads the manifest when the test runs, so a change of it needs no new configuration.
include_guard(GLOBAL)

function(dflare_add_manifest_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;MANIFEST;SHARDS;OUT" "LABELS;ARGS;PROPERTIES")
  set(call "dflare_add_manifest_test")
  if(DEFINED arg_NAME)
    string(APPEND call "(NAME ${arg_NAME})")
  endif()
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    list(JOIN arg_UNPARSED_ARGUMENTS " " unknown)
    message(FATAL_ERROR "${call}: unknown arguments: ${unknown}; expected NAME, MANIFEST, SHARDS, LABELS, OUT, ARGS, PROPERTIES and their values")
  endif()
  if(DEFINED arg_KEYWORDS_MISSING_VALUES)
    list(JOIN arg_KEYWORDS_MISSING_VALUES ", " without_value)
    message(FATAL_ERROR "${call}: no value after ${without_value}; give one, or leave the word out")
  endif()
  foreach(required NAME MANIFEST)
    if(NOT DEFINED arg_${required})
      message(FATAL_ERROR "${call}: ${required} is missing; expected dflare_add_manifest_test(NAME <name> MANIFEST <file> ...)")
    endif()
  endforeach()
  if(NOT arg_NAME MATCHES "^[A-Za-z0-9_.-]+$")
    message(FATAL_ERROR "${call}: NAME '${arg_NAME}' has other characters than letters, digits, _, - and dots; choose another name")
  endif()
  get_filename_component(manifest "${arg_MANIFEST}" ABSOLUTE)
  if(NOT EXISTS "${manifest}" OR IS_DIRECTORY "${manifest}")
    message(FATAL_ERROR "${call}: MANIFEST '${manifest}' is no file; a relative path is taken from ${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  if(DEFINED arg_SHARDS AND NOT arg_SHARDS MATCHES "^[1-9][0-9]*$")
    message(FATAL_ERROR "${call}: SHARDS '${arg_SHARDS}' is no positive number; expected 1, 2, ..., or leave SHARDS out for one test")
  endif()
  foreach(flag IN LISTS arg_ARGS)
    if(flag MATCHES "^--?(dflare_out|dflare_json|gtest_output)(=|$)")
      message(FATAL_ERROR "${call}: ARGS holds '${flag}', but findings and results go to the folder OUT; give OUT instead")
    endif()
  endforeach()
  if(NOT TARGET dflare::dflare-test)
    message(FATAL_ERROR "${call}: there is no target dflare::dflare-test; call find_package(dflare REQUIRED) or add dflare's source tree first")
  endif()

  set(out "${CMAKE_CURRENT_BINARY_DIR}/dflare-findings/${arg_NAME}")
  if(DEFINED arg_OUT)
    get_filename_component(out "${arg_OUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  endif()
  set(command $<TARGET_FILE:dflare::dflare-test> "${manifest}" "--dflare_out=${out}" "--dflare_json=${out}/results.json")

  # So that ctest -j runs no more at once than there are cores. As many shards as it runs keep the cores busy with one worker each.
  cmake_host_system_information(RESULT processors QUERY NUMBER_OF_LOGICAL_CORES)
  if(arg_ARGS MATCHES "--dflare_workers=([1-9][0-9]*)")
    set(processors ${CMAKE_MATCH_1})
  elseif(DEFINED arg_SHARDS AND NOT arg_ARGS MATCHES "--dflare_workers")
    set(processors 1)
    list(APPEND command --dflare_workers=1)
  endif()
  if(NOT DEFINED arg_SHARDS)
    add_test(NAME ${arg_NAME} COMMAND ${command} "--gtest_output=xml:${out}/junit.xml" ${arg_ARGS})
    set_tests_properties(${arg_NAME} PROPERTIES LABELS "${arg_LABELS}" PROCESSORS ${processors} ${arg_PROPERTIES})
    return()
  endif()
  math(EXPR last "${arg_SHARDS} - 1")
  foreach(index RANGE ${last})
    math(EXPR number "${index} + 1")
    set(shard shard_${number}_of_${arg_SHARDS})
    # dflare-test adds the shard to the names of its own folders and files, GoogleTest does not.
    add_test(NAME ${arg_NAME}.${shard} COMMAND ${command} "--gtest_output=xml:${out}/junit.${shard}.xml" ${arg_ARGS})
    set_tests_properties(${arg_NAME}.${shard} PROPERTIES
      LABELS "${arg_LABELS}"
      PROCESSORS ${processors}
      ENVIRONMENT_MODIFICATION "GTEST_TOTAL_SHARDS=set:${arg_SHARDS};GTEST_SHARD_INDEX=set:${index}"
      ${arg_PROPERTIES})
  endforeach()
endfunction()
