# Installs dflare as a CMake package: find_package(dflare) then gives dflare::core, dflare::torch, dflare::gtest, dflare::gmock,
# dflare::gtest_main, dflare::test_main, dflare::repair, the programs dflare::dflare-test, dflare::dflare-repair, dflare::dflare-report and
# dflare::dflare-host, and dflare_add_manifest_test(). Nothing in it names a folder of the machine that built it.
if(NOT DFLARE_INSTALL)
  return()
endif()
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(dflare_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dflare)

add_custom_target(dflare_package)  # what has to be built before it can be installed
# The runner, config and report_html are what test_main is made of.
foreach(name core torch gtest gmock gtest_main repair test_main runner config report_html)
  if(TARGET dflare_${name})
    set_target_properties(dflare_${name} PROPERTIES EXPORT_NAME ${name})
    install(TARGETS dflare_${name} EXPORT dflareTargets)
    add_dependencies(dflare_package dflare_${name})
  endif()
endforeach()
foreach(tool dflare-test dflare-repair dflare-report dflare-host)
  if(TARGET ${tool})
    install(TARGETS ${tool} EXPORT dflareTargets)
    add_dependencies(dflare_package ${tool})
  endif()
endforeach()
install(DIRECTORY lib/include/ gtest_plugin/include/ repair/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT dflareTargets NAMESPACE dflare:: DESTINATION ${dflare_package_dir})

configure_package_config_file(cmake/dflareConfig.cmake.in ${PROJECT_BINARY_DIR}/dflareConfig.cmake
  INSTALL_DESTINATION ${dflare_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/dflareConfigVersion.cmake COMPATIBILITY SameMinorVersion)
list(TRANSFORM dflare_backend_files PREPEND ${PROJECT_SOURCE_DIR}/cmake/ OUTPUT_VARIABLE dflare_backend_paths)
install(FILES
  ${dflare_backend_paths}
  ${PROJECT_BINARY_DIR}/dflareConfig.cmake
  ${PROJECT_BINARY_DIR}/dflareConfigVersion.cmake
  cmake/Dependencies.cmake
  cmake/LibTorch.cmake
  cmake/dflareManifestTest.cmake
  DESTINATION ${dflare_package_dir})
# What users copy to serve a model from Python.
install(FILES examples/serve_model/dflare_serve.py DESTINATION ${CMAKE_INSTALL_DATADIR}/dflare)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# cmake --build BUILD --target uninstall: removes the files of the last cmake --install of this build folder, and the folders
# that are empty then.
if(PROJECT_IS_TOP_LEVEL)
  add_custom_target(uninstall
    COMMAND ${CMAKE_COMMAND} -D MANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt -P ${PROJECT_SOURCE_DIR}/cmake/Uninstall.cmake
    VERBATIM)
  # The package depends on Debian's LibTorch, and takes nothing from a folder of this machine.
  if(dflare_torch_folders MATCHES "^/usr/lib" AND NOT CMAKE_INSTALL_RPATH)
    include(${PROJECT_SOURCE_DIR}/cmake/Deb.cmake)
  endif()
endif()
