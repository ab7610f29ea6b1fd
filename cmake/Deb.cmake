# cpack --config BUILD/CPackConfig.cmake: a .deb of what cmake --install installs.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME dflare)
set(CPACK_PACKAGE_CONTACT "The dflare developers <dflare@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # of the programs
# What find_package(dflare) and the headers need; the programs' own libraries are found by shlibdeps.
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "libgtest-dev, libtorch-dev, libopencv-dev, libjpeg-dev, libboost-filesystem-dev, libboost-iostreams-dev, libfmt-dev, libyaml-cpp-dev, libcli11-dev, nlohmann-json3-dev, libssl-dev")
if(DFLARE_HAS_SERVER)
  string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", libcpp-httplib-dev")
endif()
include(CPack)
