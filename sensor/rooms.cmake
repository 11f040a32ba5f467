# gander_room(NAME [COLD] [UNITE | UNITE_FOLDERS] [ROOMS room...] [USES target...])
# Makes the static library gander_NAME from sensor/NAME/**.cc. Headers are found as "NAME/file.h". COLD: no packet comes
# through; UNITE, implied by COLD: its files are compiled several at a time.

add_library(gander_flags INTERFACE)
# -Wrestrict cries wolf over std::string in g++ 12 (GCC bug 105651).
target_compile_options(gander_flags INTERFACE -Wall -Wextra -Wshadow -Wno-missing-field-initializers
                                              $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict> -fstack-protector-strong
                                              -fstack-clash-protection -fcf-protection)
# Indices of vectors, spans and views are checked in release builds, too, where hostile bytes are read.
target_compile_definitions(gander_flags INTERFACE $<$<NOT:$<BOOL:$<TARGET_PROPERTY:GANDER_UNCHECKED>>>:_GLIBCXX_ASSERTIONS>)
if(GANDER_ARCH)
  target_compile_options(gander_flags INTERFACE -march=${GANDER_ARCH})
endif()
if(GANDER_SANITIZE)
  target_compile_options(gander_flags INTERFACE -fsanitize=${GANDER_SANITIZE} -fno-omit-frame-pointer
                                                -fno-sanitize-recover=undefined)
  target_link_options(gander_flags INTERFACE -fsanitize=${GANDER_SANITIZE})
else()
  # Tests take most of a cold build, and each runs for milliseconds: -Og compiles them in half of the time. Rooms that
  # no packet comes through (GANDER_COLD) gain nothing from more than -O1.
  set(is_test $<BOOL:$<TARGET_PROPERTY:GANDER_TEST>>)
  set(is_cold $<BOOL:$<TARGET_PROPERTY:GANDER_COLD>>)
  target_compile_options(gander_flags INTERFACE
    $<$<CONFIG:Release>:$<IF:${is_test},-Og,$<IF:${is_cold},-O1,-O3>> -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2>)
endif()
# Nothing here becomes a shared library: as parts of an executable, functions may be inlined across files.
target_compile_options(gander_flags INTERFACE -fPIE)
target_link_options(gander_flags INTERFACE -pie -fuse-ld=mold -Wl,-z,relro,-z,now)

# Half of a cold build went into reading the standard library anew for each file. Once for all rooms; a target whose
# flags are its own does without.
option(GANDER_PCH "Precompile the headers of the standard library" ON)
if(GANDER_PCH)
  set(std_headers <algorithm> <array> <bit> <charconv> <cstdint> <cstring> <functional> <map> <memory> <optional> <set>
                  <span> <string> <string_view> <tuple> <utility> <vector>)
endif()
# gander_precompile(TARGET [header...]) makes one; gander_reuse(TARGET FROM) takes that of another target.
function(gander_precompile target)
  if(GANDER_PCH)
    target_precompile_headers(${target} PRIVATE ${std_headers} ${ARGN})
  endif()
endfunction()
function(gander_reuse target from)
  if(GANDER_PCH)
    target_precompile_headers(${target} REUSE_FROM ${from})
  endif()
endfunction()

# Most of a file's compilation is what it includes: templates of CLI11, nlohmann::json, yaml-cpp and GoogleTest made anew
# in each. Eight files read as one cost little more than one (app/: a sixth). The price: file-local names must differ
# within a target, and a forgotten include goes unseen; the presets for developers compile each file alone.
option(GANDER_UNITY "Compile the files of a target several at a time" ON)
# gander_unite(TARGET): eight at a time, or by folder where the target's files lie in folders of few (FOLDERS).
function(gander_unite target)
  cmake_parse_arguments(ARG "FOLDERS" "" "" ${ARGN})
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${GANDER_UNITY} UNITY_BUILD_BATCH_SIZE 8)
  if(GANDER_UNITY)  # file-local types in members are as good as in a file of its own
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
  if(ARG_FOLDERS)
    set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
    get_target_property(sources ${target} SOURCES)
    foreach(source ${sources})
      cmake_path(GET source PARENT_PATH folder)
      cmake_path(GET folder FILENAME group)
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endforeach()
  endif()
endfunction()

function(gander_room name)
  cmake_parse_arguments(ARG "COLD;UNITE;UNITE_FOLDERS" "" "ROOMS;USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  add_library(gander_${name} STATIC ${sources})
  target_include_directories(gander_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ARG_ROOMS PREPEND gander_)
  target_link_libraries(gander_${name} PUBLIC gander_flags ${ARG_ROOMS} ${ARG_USES})
  set_target_properties(gander_${name} PROPERTIES GANDER_COLD ${ARG_COLD})
  if(ARG_UNITE OR ARG_COLD)
    gander_unite(gander_${name})
  elseif(ARG_UNITE_FOLDERS)
    gander_unite(gander_${name} FOLDERS)
  endif()
  if(name STREQUAL identify)  # its inner loops over tables of its own would pay a tenth of all that a scan costs
    set_target_properties(gander_identify PROPERTIES GANDER_UNCHECKED ON)
  endif()
  if(name MATCHES "^(base|identify)$")  # the first hot room, and the one with flags of its own
    gander_precompile(gander_${name})
  elseif(name STREQUAL sandbox)  # the first cold one
    gander_precompile(gander_sandbox <filesystem> <fmt/format.h> <nlohmann/json.hpp>)
  elseif(ARG_COLD)
    gander_reuse(gander_${name} gander_sandbox)
  elseif(NOT name STREQUAL capture)  # DPDK's headers want to be first
    gander_reuse(gander_${name} gander_base)
  endif()
endfunction()
