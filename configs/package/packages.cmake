# Debian packages of what is installed, their dependencies computed.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The Silbe developers")
set(CPACK_PACKAGE_CONTACT "The Silbe developers <noreply@silbe.example.org>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL silbe libsilbe-align libsilbe-align-dev)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(library libsilbe-align${PROJECT_VERSION_MAJOR})

set(CPACK_DEBIAN_SILBE_PACKAGE_NAME silbe)
set(CPACK_DEBIAN_SILBE_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_SILBE_PACKAGE_DEPENDS espeak-ng-data)
set(CPACK_COMPONENT_SILBE_DESCRIPTION
"Silbe aligns recordings of songs with their lyrics and, where there are some,
with their scores. It writes word times in the formats of Sonic Visualiser,
Praat, ELAN, Audacity and of players of lyrics and subtitles, and evaluates
them against annotations.")

set(CPACK_DEBIAN_LIBSILBE-ALIGN_PACKAGE_NAME ${library})
set(CPACK_DEBIAN_LIBSILBE-ALIGN_PACKAGE_SECTION libs)
# What dpkg-shlibdeps of others reads, and that the loader's cache is to be made anew.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/control/shlibs
     "libsilbe_align ${PROJECT_VERSION_MAJOR} ${library} (>= ${PROJECT_VERSION})\n")
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/control/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBSILBE-ALIGN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_CURRENT_BINARY_DIR}/control/shlibs ${CMAKE_CURRENT_BINARY_DIR}/control/triggers)
set(CPACK_COMPONENT_LIBSILBE-ALIGN_DESCRIPTION
"Exact and fast alignment in memory of the caller: loss, gradient and best path
of CTC, trellises of lyrics with durations and pronunciations, dynamic time
warping in linear memory, soft-DTW with its expected alignment, and metrics of
onsets.")

set(CPACK_DEBIAN_LIBSILBE-ALIGN-DEV_PACKAGE_NAME libsilbe-align-dev)
set(CPACK_DEBIAN_LIBSILBE-ALIGN-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBSILBE-ALIGN-DEV_PACKAGE_DEPENDS "${library} (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_LIBSILBE-ALIGN-DEV_DESCRIPTION
"What is needed to compile programs in C or C++ against libsilbe_align, with
files for pkg-config and CMake.")

# The version stands in the top CMakeLists.txt; its entry in the change log must exist.
file(STRINGS changelog newest LIMIT_COUNT 1)
if(NOT newest MATCHES "^silbe \\(${PROJECT_VERSION}\\)")
  message(FATAL_ERROR "configs/package/changelog begins with \"${newest}\", but this is version ${PROJECT_VERSION}")
endif()

# Change log and copyright of each package, as the policy wants them.
find_program(GZIP gzip REQUIRED)
foreach(pair silbe:silbe ${library}:libsilbe-align libsilbe-align-dev:libsilbe-align-dev)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 package)
  list(GET pair 1 component)
  install(FILES ${CMAKE_CURRENT_SOURCE_DIR}/copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz
          DESTINATION share/doc/${package} COMPONENT ${component})
endforeach()
execute_process(COMMAND ${GZIP} -9nc ${CMAKE_CURRENT_SOURCE_DIR}/changelog
                OUTPUT_FILE ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "configs/package/changelog: gzip failed")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/changelog)
include(CPack)
