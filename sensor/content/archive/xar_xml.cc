// SPDX-License-Identifier: Apache-2.0
extern "C" {
void* gander_archive_xml_open(int (*)(void*, char*, int), int (*)(void*), void*, const char*, const char*, int) {
  return nullptr;
}
void gander_archive_xml_free(void*) {}
void gander_archive_xml_cleanup() {}
void gander_archive_xml_on_error(void*, void*, void*) {}
int gander_archive_xml_read(void*) { return -1; }
int gander_archive_xml_node_type(void*) { return 0; }
int gander_archive_xml_is_empty(void*) { return 0; }
const unsigned char* gander_archive_xml_name(void*) { return nullptr; }
const unsigned char* gander_archive_xml_value(void*) { return nullptr; }
int gander_archive_xml_first_attribute(void*) { return 0; }
int gander_archive_xml_next_attribute(void*) { return 0; }
}
