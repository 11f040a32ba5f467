# gander_libarchive: Debian's libarchive.a with the names of content/libarchive_symbols.txt changed, so that it finds our
# functions in place of the C library's (content/libarchive_hooks.h).
find_path(LIBARCHIVE_INCLUDE archive_entry.h REQUIRED)
find_library(LIBARCHIVE_A libarchive.a REQUIRED)
find_library(NETTLE_LIBRARY nettle REQUIRED)
set(symbols ${CMAKE_CURRENT_SOURCE_DIR}/content/libarchive_symbols.txt)
set(renamed ${CMAKE_BINARY_DIR}/libarchive/libarchive.a)
add_custom_command(OUTPUT ${renamed}
                   COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/libarchive
                   COMMAND ${CMAKE_OBJCOPY} --redefine-syms=${symbols} ${LIBARCHIVE_A} ${renamed}
                   DEPENDS ${symbols} ${LIBARCHIVE_A} VERBATIM)
add_custom_target(gander_libarchive_renamed DEPENDS ${renamed})
add_library(gander_libarchive INTERFACE)
add_dependencies(gander_libarchive gander_libarchive_renamed)
target_include_directories(gander_libarchive INTERFACE ${LIBARCHIVE_INCLUDE})
target_link_libraries(gander_libarchive INTERFACE ${renamed} ZLIB::ZLIB BZip2::BZip2 PkgConfig::LZMA ${NETTLE_LIBRARY})
