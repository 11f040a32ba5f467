# What is installed where, and the .deb (deb.sh). tests/package/run.sh makes, installs, upgrades and removes it.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # a package needs no tests

# Pages and completion come out of the program's own tables, so that they cannot tell of another one.
set(documents ${CMAKE_BINARY_DIR}/documents)
set(pages "")
function(gander_document file)
  add_custom_command(OUTPUT ${documents}/${file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${documents}
    COMMAND gander ${ARGN} > ${documents}/${file}
    DEPENDS gander VERBATIM)
endfunction()
gander_document(gander.1 man gander)
gander_document(gander.yaml.5 man gander.yaml)
gander_document(gander.bash completion bash)
gander_document(_gander completion zsh)
gander_document(gander.fish completion fish)
gander_document(gander.schema.json config schema)

configure_file(${CMAKE_CURRENT_LIST_DIR}/debian/changelog ${documents}/changelog @ONLY)
find_program(gzip gzip)
function(gander_compressed out in)
  add_custom_command(OUTPUT ${documents}/${out} COMMAND ${gzip} -9nc ${in} > ${documents}/${out} DEPENDS ${in} VERBATIM)
endfunction()
gander_compressed(gander.1.gz ${documents}/gander.1)
gander_compressed(gander.yaml.5.gz ${documents}/gander.yaml.5)
gander_compressed(changelog.gz ${documents}/changelog)
add_custom_target(documents DEPENDS ${documents}/gander.1.gz ${documents}/gander.yaml.5.gz ${documents}/changelog.gz
  ${documents}/gander.bash ${documents}/_gander ${documents}/gander.fish ${documents}/gander.schema.json)

# What is in the program, by Debian package and version (SPDX 2.3).
add_custom_command(OUTPUT ${documents}/gander.spdx.json
  COMMAND python3 -B ${CMAKE_CURRENT_LIST_DIR}/sbom.py --binary $<TARGET_FILE:gander> --version ${PROJECT_VERSION}
          --source ${CMAKE_SOURCE_DIR} --output ${documents}/gander.spdx.json
  DEPENDS gander ${CMAKE_CURRENT_LIST_DIR}/sbom.py ${CMAKE_SOURCE_DIR}/sensor/packages.txt VERBATIM)
add_custom_target(sbom DEPENDS ${documents}/gander.spdx.json)

set(here ${CMAKE_CURRENT_LIST_DIR})
set(data ${CMAKE_INSTALL_DATADIR}/gander)
set(doc ${CMAKE_INSTALL_DATADIR}/doc/gander)
install(TARGETS gander RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${CMAKE_SOURCE_DIR}/rules ${CMAKE_SOURCE_DIR}/dashboards ${CMAKE_SOURCE_DIR}/dpdk-config DESTINATION ${data}
        PATTERN "*.py" EXCLUDE PATTERN "*.sh" EXCLUDE PATTERN "__pycache__" EXCLUDE)
install(FILES ${CMAKE_SOURCE_DIR}/sensor/report/schema/eve.schema.json ${documents}/gander.schema.json DESTINATION ${data}/schema)
install(FILES ${documents}/gander.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${documents}/gander.yaml.5.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${documents}/gander.bash RENAME gander DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${documents}/_gander DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${documents}/gander.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${documents}/gander.spdx.json ${documents}/changelog.gz ${here}/debian/copyright ${here}/security.txt
        DESTINATION ${doc})
install(FILES ${here}/systemd/dpdk.conf DESTINATION ${doc}/examples)
install(FILES ${here}/systemd/gander.service ${here}/systemd/gander@.service DESTINATION lib/systemd/system)
install(FILES ${here}/systemd/gander.sysusers RENAME gander.conf DESTINATION lib/sysusers.d)
install(FILES ${here}/systemd/gander.tmpfiles RENAME gander.conf DESTINATION lib/tmpfiles.d)
install(FILES ${here}/etc/gander.yaml ${here}/etc/policy.yaml DESTINATION /etc/gander)
install(FILES ${here}/etc/gander.logrotate RENAME gander DESTINATION /etc/logrotate.d)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME gander)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Gander maintainers <security@gander.invalid>")
set(CPACK_PACKAGE_VENDOR Gander)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "passive network sensor for personal data")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Gander reads a mirrored port and says whose personal data is moving, what
kind, how many people's, from whom to whom, across which border, and whether
anybody allowed it. It counts people instead of matches, judges every transfer
against a register and keeps no personal value itself.

Events are written as EVE JSON lines, metrics for Prometheus.")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "logrotate, systemd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${here}/debian/postinst ${here}/debian/prerm ${here}/debian/postrm
    ${here}/debian/conffiles)
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
    WORLD_EXECUTE)
set(CPACK_OUTPUT_FILE_PREFIX ${CMAKE_BINARY_DIR}/packages)
include(CPack)
