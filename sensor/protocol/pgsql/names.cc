// SPDX-License-Identifier: Apache-2.0
#include "protocol/pgsql/names.h"

namespace gander::protocol::pgsql {
namespace {

struct Name {
  std::string_view wire;
  const char* event;
};
constexpr Name kParameters[] = {
    {"user", "user"},
    {"database", "database"},
    {"options", "options"},
    {"replication", "replication"},
    {"application_name", "application_name"},
    {"client_encoding", "client_encoding"},
    {"DateStyle", "date_style"},
    {"datestyle", "date_style"},
    {"default_transaction_read_only", "default_transaction_read_only"},
    {"extra_float_digits", "extra_float_digits"},
    {"in_hot_standby", "in_hot_standby"},
    {"integer_datetimes", "integer_datetimes"},
    {"IntervalStyle", "interval_style"},
    {"is_superuser", "is_superuser"},
    {"scram_iterations", "scram_iterations"},
    {"search_path", "search_path"},
    {"server_encoding", "server_encoding"},
    {"server_version", "server_version"},
    {"session_authorization", "session_authorization"},
    {"standard_conforming_strings", "standard_conforming_strings"},
    {"TimeZone", "time_zone"},
    {"timezone", "time_zone"},
};

struct ErrorField {
  char code;
  const char* event;
};
constexpr ErrorField kErrorFields[] = {
    {'S', "severity_localizable"},
    {'V', "severity_non_localizable"},
    {'C', "code"},
    {'M', "message"},
    {'D', "detail"},
    {'H', "hint"},
    {'P', "position"},
    {'p', "internal_position"},
    {'q', "internal_query"},
    {'W', "where"},
    {'s', "schema_name"},
    {'t', "table_name"},
    {'c', "column_name"},
    {'d', "data_type"},
    {'n', "constraint_name"},
    {'F', "file"},
    {'L', "line"},
    {'R', "routine"},
};

}  // namespace

const char* ParameterName(std::string_view name) noexcept {
  for (const Name& n : kParameters) {
    if (n.wire == name) return n.event;
  }
  return nullptr;
}

const char* ErrorFieldName(char code) noexcept {
  for (const ErrorField& f : kErrorFields) {
    if (f.code == code) return f.event;
  }
  return nullptr;
}

}  // namespace gander::protocol::pgsql
