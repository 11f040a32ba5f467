# gander_libarchive: Debian's libarchive.a with the names of content/archive/libarchive_symbols.txt changed, so that it finds our
# functions in place of the C library's (content/archive/libarchive_hooks.h). The PPMd decoder alone gets a second name for its
# table of functions: the others find ours, ours finds it.
find_path(LIBARCHIVE_INCLUDE archive_entry.h REQUIRED)
find_library(LIBARCHIVE_A libarchive.a REQUIRED)
find_library(NETTLE_LIBRARY nettle REQUIRED)
set(symbols ${CMAKE_CURRENT_SOURCE_DIR}/content/archive/libarchive_symbols.txt)
set(folder ${CMAKE_BINARY_DIR}/libarchive)
set(renamed ${folder}/libarchive.a)
file(MAKE_DIRECTORY ${folder})
add_custom_command(OUTPUT ${renamed}
                   COMMAND ${CMAKE_COMMAND} -E rm -f ${renamed}
                   COMMAND ${CMAKE_OBJCOPY} --redefine-syms=${symbols} ${LIBARCHIVE_A} ${renamed}
                   COMMAND ${CMAKE_AR} x ${renamed} archive_ppmd7.o
                   COMMAND ${CMAKE_OBJCOPY} --redefine-sym gander_archive_ppmd7=gander_archive_ppmd7_real archive_ppmd7.o
                   COMMAND ${CMAKE_AR} r ${renamed} archive_ppmd7.o
                   WORKING_DIRECTORY ${folder} DEPENDS ${symbols} ${LIBARCHIVE_A} VERBATIM)
add_custom_target(gander_libarchive_renamed DEPENDS ${renamed})
add_library(gander_libarchive INTERFACE)
add_dependencies(gander_libarchive gander_libarchive_renamed)
target_include_directories(gander_libarchive INTERFACE ${LIBARCHIVE_INCLUDE})
target_link_libraries(gander_libarchive INTERFACE ${renamed} ZLIB::ZLIB BZip2::BZip2 PkgConfig::LZMA ${NETTLE_LIBRARY})
