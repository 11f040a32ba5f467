# gander_room(NAME [ROOMS room...] [USES target...])
# Makes the static library gander_NAME from sensor/NAME/**.cc. Headers are found as "NAME/file.h".

add_library(gander_flags INTERFACE)
# -Wrestrict cries wolf over std::string in g++ 12 (GCC bug 105651).
target_compile_options(gander_flags INTERFACE -Wall -Wextra -Wshadow -Wno-missing-field-initializers -Wno-restrict
                                              -fstack-protector-strong -fcf-protection)
if(GANDER_ARCH)
  target_compile_options(gander_flags INTERFACE -march=${GANDER_ARCH})
endif()
if(GANDER_SANITIZE)
  target_compile_options(gander_flags INTERFACE -fsanitize=${GANDER_SANITIZE} -fno-omit-frame-pointer
                                                -fno-sanitize-recover=undefined)
  target_link_options(gander_flags INTERFACE -fsanitize=${GANDER_SANITIZE})
else()
  # Tests take most of a cold build, and each runs for milliseconds: -Og compiles them in half of the time.
  set(is_test $<BOOL:$<TARGET_PROPERTY:GANDER_TEST>>)
  target_compile_options(gander_flags INTERFACE
    $<$<CONFIG:Release>:$<IF:${is_test},-Og,-O3> -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
endif()
target_link_options(gander_flags INTERFACE -fuse-ld=mold -Wl,-z,relro,-z,now)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

function(gander_room name)
  cmake_parse_arguments(ARG "" "" "ROOMS;USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  add_library(gander_${name} STATIC ${sources})
  target_include_directories(gander_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ARG_ROOMS PREPEND gander_)
  target_link_libraries(gander_${name} PUBLIC gander_flags ${ARG_ROOMS} ${ARG_USES})
endfunction()
