# A module is a folder of src/vitrispin, a namespace, and a library vitrispin_NAME. Its sources are all *.cpp below the
# folder; the modules and libraries it may use are the ones named here, and tests/structure checks the includes.
#
#   vitrispin_module(NAME [DEPENDS module...] [LIBRARIES target...])
function(vitrispin_module name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  list(TRANSFORM ARG_DEPENDS PREPEND vitrispin_)
  if(sources)
    add_library(vitrispin_${name} STATIC ${sources})
    target_link_libraries(vitrispin_${name} PUBLIC vitrispin_options ${ARG_DEPENDS} ${ARG_LIBRARIES})
  else()
    add_library(vitrispin_${name} INTERFACE)
    target_link_libraries(vitrispin_${name} INTERFACE vitrispin_options ${ARG_DEPENDS} ${ARG_LIBRARIES})
  endif()
endfunction()
