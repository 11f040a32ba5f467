// SPDX-License-Identifier: Apache-2.0
#include "protocol/ldap/message.h"

#include <algorithm>
#include <iterator>

#include "protocol/ldap/ldap.h"
#include "protocol/plain_text/plain_text.h"

namespace gander::protocol::ldap {
namespace {

struct Name {
  Operation operation;
  const char* name;
  bool request;
};
constexpr Name kNames[] = {
    {Operation::kBindRequest, "bind_request", true},
    {Operation::kBindResponse, "bind_response", false},
    {Operation::kUnbindRequest, "unbind_request", true},
    {Operation::kSearchRequest, "search_request", true},
    {Operation::kSearchResultEntry, "search_result_entry", false},
    {Operation::kSearchResultDone, "search_result_done", false},
    {Operation::kSearchResultReference, "search_result_reference", false},
    {Operation::kModifyRequest, "modify_request", true},
    {Operation::kModifyResponse, "modify_response", false},
    {Operation::kAddRequest, "add_request", true},
    {Operation::kAddResponse, "add_response", false},
    {Operation::kDelRequest, "del_request", true},
    {Operation::kDelResponse, "del_response", false},
    {Operation::kModDnRequest, "mod_dn_request", true},
    {Operation::kModDnResponse, "mod_dn_response", false},
    {Operation::kCompareRequest, "compare_request", true},
    {Operation::kCompareResponse, "compare_response", false},
    {Operation::kAbandonRequest, "abandon_request", true},
    {Operation::kExtendedRequest, "extended_request", true},
    {Operation::kExtendedResponse, "extended_response", false},
    {Operation::kIntermediateResponse, "intermediate_response", false},
};

const Name* Find(Operation operation) noexcept {
  const auto found = std::find_if(std::begin(kNames), std::end(kNames), [&](const Name& n) { return n.operation == operation; });
  return found != std::end(kNames) ? found : nullptr;
}

// resultCode (RFC 4511 §4.1.9).
struct Code {
  std::int64_t code;
  const char* name;
};
constexpr Code kCodes[] = {
    {0, "success"}, {1, "operations_error"}, {2, "protocol_error"}, {3, "time_limit_exceeded"}, {4, "size_limit_exceeded"},
    {5, "compare_false"}, {6, "compare_true"}, {7, "auth_method_not_supported"}, {8, "stronger_auth_required"},
    {10, "referral"}, {11, "admin_limit_exceeded"}, {12, "unavailable_critical_extension"}, {13, "confidentiality_required"},
    {14, "sasl_bind_in_progress"}, {16, "no_such_attribute"}, {17, "undefined_attribute_type"}, {18, "inappropriate_matching"},
    {19, "constraint_violation"}, {20, "attribute_or_value_exists"}, {21, "invalid_attribute_syntax"}, {32, "no_such_object"},
    {33, "alias_problem"}, {34, "invalid_dns_syntax"}, {36, "alias_dereferencing_problem"}, {48, "inappropriate_authentication"},
    {49, "invalid_credentials"}, {50, "insufficient_access_rights"}, {51, "busy"}, {52, "unavailable"},
    {53, "unwilling_to_perform"}, {54, "loop_detect"}, {64, "naming_violation"}, {65, "object_class_violation"},
    {66, "not_allowed_on_non_leaf"}, {67, "not_allowed_on_rdn"}, {68, "entry_already_exists"}, {69, "object_class_mods_prohibited"},
    {71, "affects_multiple_dsas"}, {80, "other"},
};
const char* CodeName(std::int64_t code) noexcept {
  for (const Code& c : kCodes) {
    if (c.code == code) return c.name;
  }
  return "unknown";
}

constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";

// Reads one operation into a record.
class OperationReader {
 public:
  OperationReader(const Message& message, Direction direction, Record& record, MessageSink& sink) noexcept
      : message_(message), direction_(direction), record_(record), sink_(sink), in_(message.content) {}

  Outcome Read() noexcept {
    const Name* name = Find(message_.operation);
    record_.String("operation", name->name).BeginObject(name->name);
    switch (message_.operation) {
      case Operation::kBindRequest: Bind(); break;
      case Operation::kSearchRequest: Search(); break;
      case Operation::kSearchResultEntry: Entry(); break;
      case Operation::kSearchResultReference: Uris(); break;
      case Operation::kAddRequest: Add(); break;
      case Operation::kModifyRequest: Modify(); break;
      case Operation::kDelRequest: Dn("dn", message_.content); break;
      case Operation::kModDnRequest: ModifyDn(); break;
      case Operation::kCompareRequest: Compare(); break;
      case Operation::kAbandonRequest: record_.Integer("message_id", ber::IntegerOf(message_.content)); break;
      case Operation::kExtendedRequest: Extended(); break;
      case Operation::kUnbindRequest:
      case Operation::kIntermediateResponse: break;
      default: Result(); break;
    }
    record_.EndObject();
    outcome_.malformed = outcome_.malformed || in_.failed();
    return outcome_;
  }

 private:
  void Dn(const char* key, Bytes dn) noexcept {
    record_.String(key, AsText(dn), Privacy::kIdentifier);
    if (!dn.empty()) sink_.OnField("ldap.dn", {}, direction_, dn);
  }
  void Value(std::string_view attribute, Bytes value) noexcept {
    if (ReadsAsText(value)) sink_.OnField("ldap.attribute", attribute, direction_, value);
  }

  void Bind() noexcept {
    record_.Integer("version", in_.TakeInteger());
    const Bytes name = in_.Take(ber::kOctetString);
    record_.String("name", AsText(name), Privacy::kPersonal);
    if (!name.empty()) sink_.OnField("ldap.bind.name", "user", direction_, name);
    constexpr std::uint8_t kSimple = 0x80, kSasl = 0xa3;
    ber::Element authentication;
    if (!in_.Next(authentication)) return;
    if (authentication.tag == kSimple && !authentication.content.empty()) {
      sink_.OnField("ldap.bind.password", "password", direction_, authentication.content);
    } else if (authentication.tag == kSasl) {
      outcome_.sasl = true;
      ber::Reader sasl(authentication.content);
      record_.BeginObject("sasl").String("mechanism", AsText(sasl.Take(ber::kOctetString))).EndObject();
    }
  }

  void Search() noexcept {
    Dn("base_object", in_.Take(ber::kOctetString));
    record_.Integer("scope", in_.TakeInteger(ber::kEnumerated));
    record_.Integer("deref_alias", in_.TakeInteger(ber::kEnumerated));
    record_.Integer("size_limit", in_.TakeInteger());
    record_.Integer("time_limit", in_.TakeInteger());
    record_.Boolean("types_only", ber::IntegerOf(in_.Take(ber::kBoolean)) != 0);
    ber::Element filter;
    if (in_.Next(filter)) Filter(filter, 0);
    ber::Reader list(in_.Take(ber::kSequence));
    record_.BeginArray("attributes");
    ber::Element e;
    for (std::size_t i = 0; i < kMaxShownAttributes && list.Next(e); ++i) record_.String(nullptr, AsText(e.content));
    record_.EndArray();
  }

  // RFC 4511 §4.5.1.7: sets of filters, and assertions of an attribute and a value.
  void Filter(const ber::Element& filter, int depth) noexcept {
    constexpr std::uint8_t kAnd = 0xa0, kOr = 0xa1, kNot = 0xa2, kSubstrings = 0xa4, kPresent = 0x87, kExtensible = 0xa9;
    if (depth == kMaxFilterDepth) {
      outcome_.malformed = true;
      return;
    }
    ber::Reader r(filter.content);
    ber::Element e;
    switch (filter.tag) {
      case kAnd:
      case kOr:
      case kNot:
        while (r.Next(e)) Filter(e, depth + 1);
        break;
      case kPresent: break;
      case kSubstrings: {
        const Bytes attribute = r.Take(ber::kOctetString);
        ber::Reader parts(r.Take(ber::kSequence));
        while (parts.Next(e)) Value(AsText(attribute), e.content);
        break;
      }
      case kExtensible:
        while (r.Next(e)) Value({}, e.content);
        break;
      default: {
        const Bytes attribute = r.Take(ber::kOctetString);
        const Bytes value = r.Take(ber::kOctetString);
        Value(AsText(attribute), value);
        TellSearch(AsText(attribute), AsText(value));
      }
    }
    outcome_.malformed = outcome_.malformed || r.failed();
  }

  // For detectors: "uid=1234".
  void TellSearch(std::string_view attribute, std::string_view value) noexcept {
    std::array<char, 256> target;
    if (!sink_.Observes(Observation::kRequest) || attribute.size() + value.size() >= target.size()) return;
    char* end = std::copy(attribute.begin(), attribute.end(), target.begin());
    *end++ = '=';
    end = std::copy(value.begin(), value.end(), end);
    sink_.OnRequest({.method = "search", .target = {target.data(), static_cast<std::size_t>(end - target.data())}});
  }

  // modifyRequest's operation (RFC 4511 §4.6, RFC 4525).
  static std::string_view ChangeName(std::int64_t operation) noexcept {
    static constexpr std::string_view kChanges[] = {"add", "delete", "replace", "increment"};
    const auto at = static_cast<std::uint64_t>(operation);
    return at < std::size(kChanges) ? kChanges[at] : "unknown";
  }

  // A list of attributes with their values, the name of each under `key`; `wrapped` as in a modification, where each
  // stands behind what to do with it.
  void Attributes(Bytes list, bool wrapped, const char* key = "type") noexcept {
    record_.BeginArray(wrapped ? "changes" : "attributes");
    ber::Reader attributes(list);
    ber::Element item;
    for (std::size_t shown = 0; attributes.Next(item); ++shown) {
      ber::Reader r(item.content);
      const std::int64_t what = wrapped ? r.TakeInteger(ber::kEnumerated) : 0;
      ber::Reader inner(wrapped ? r.Take(ber::kSequence) : item.content);
      const Bytes type = inner.Take(ber::kOctetString);
      ber::Reader values(inner.Take(ber::kSet));
      const bool show = shown < kMaxShownAttributes;
      if (show) {
        record_.BeginObject();
        if (wrapped) record_.String("operation", ChangeName(what)).BeginObject("modification");
        record_.String(wrapped ? "attribute_type" : key, AsText(type)).BeginArray(wrapped ? "attribute_values" : "values");
      }
      ber::Element value;
      for (std::size_t i = 0; values.Next(value); ++i) {
        Value(AsText(type), value.content);
        if (show && i < kMaxShownValues) Shown(type, value.content);
      }
      if (show) record_.EndArray().EndObject();
      if (show && wrapped) record_.EndObject();
      outcome_.malformed = outcome_.malformed || inner.failed() || values.failed();
    }
    record_.EndArray();
  }

  void Shown(Bytes type, Bytes value) noexcept {
    constexpr std::string_view kPasswords[] = {"userPassword", "unicodePwd", "krbPrincipalKey", "sambaNTPassword"};
    const bool secret = std::find(std::begin(kPasswords), std::end(kPasswords), AsText(type)) != std::end(kPasswords);
    record_.String(nullptr, ReadsAsText(value) ? AsText(value) : std::string_view(),
                   secret ? Privacy::kSecret : Privacy::kIdentifier);
  }

  void Entry() noexcept {
    Dn("base_object", in_.Take(ber::kOctetString));
    Attributes(in_.Take(ber::kSequence), false);
  }
  void Add() noexcept {
    Dn("entry", in_.Take(ber::kOctetString));
    Attributes(in_.Take(ber::kSequence), false, "name");
  }
  void Modify() noexcept {
    Dn("object", in_.Take(ber::kOctetString));
    Attributes(in_.Take(ber::kSequence), true);
  }
  void ModifyDn() noexcept {
    Dn("entry", in_.Take(ber::kOctetString));
    Dn("new_rdn", in_.Take(ber::kOctetString));
    record_.Boolean("delete_old_rdn", ber::IntegerOf(in_.Take(ber::kBoolean)) != 0);
    constexpr std::uint8_t kNewSuperior = 0x80;
    if (in_.PeekTag() == kNewSuperior) Dn("new_superior", in_.Take(kNewSuperior));
  }
  void Compare() noexcept {
    Dn("entry", in_.Take(ber::kOctetString));
    ber::Reader assertion(in_.Take(ber::kSequence));
    const Bytes attribute = assertion.Take(ber::kOctetString), value = assertion.Take(ber::kOctetString);
    record_.BeginObject("attribute_value_assertion").String("description", AsText(attribute)).String("value", AsText(value), Privacy::kIdentifier).EndObject();
    Value(AsText(attribute), value);
  }
  void Extended() noexcept {
    constexpr std::uint8_t kRequestName = 0x80;
    const std::string_view name = AsText(in_.Take(kRequestName));
    record_.String("name", name);
    outcome_.asks_start_tls = name == kStartTls;
  }
  void Uris() noexcept {
    ber::Element e;
    record_.BeginArray("uris");
    for (std::size_t i = 0; i < kMaxShownValues && in_.Next(e); ++i) record_.String(nullptr, AsText(e.content), Privacy::kIdentifier);
    record_.EndArray();
  }
  void Result() noexcept {
    outcome_.result = in_.TakeInteger(ber::kEnumerated);
    record_.String("result_code", CodeName(outcome_.result));
    Dn("matched_dn", in_.Take(ber::kOctetString));
    const Bytes text = in_.Take(ber::kOctetString);
    record_.String("message", AsText(text), Privacy::kIdentifier);
    if (!text.empty()) sink_.OnField("ldap.message", {}, direction_, text);
    constexpr std::uint8_t kReferral = 0xa3, kResponseName = 0x8a;
    if (in_.PeekTag() == kReferral) in_.Take(kReferral);
    if (in_.PeekTag() == kResponseName) record_.String("name", AsText(in_.Take(kResponseName)));
  }

  const Message& message_;
  const Direction direction_;
  Record& record_;
  MessageSink& sink_;
  ber::Reader in_;
  Outcome outcome_;
};

}  // namespace

const char* NameOf(Operation operation) noexcept {
  const Name* name = Find(operation);
  return name != nullptr ? name->name : nullptr;
}

bool IsRequest(Operation operation) noexcept {
  const Name* name = Find(operation);
  return name != nullptr && name->request;
}

bool IsFinal(Operation operation) noexcept {
  return operation != Operation::kSearchResultEntry && operation != Operation::kSearchResultReference &&
         operation != Operation::kIntermediateResponse;
}

bool ReadMessage(Bytes bytes, Message& out) noexcept {
  ber::Reader outer(bytes);
  ber::Reader message(outer.Take(ber::kSequence));
  out.id = message.TakeInteger();
  ber::Element operation;
  if (message.failed() || out.id < 0 || out.id > INT32_MAX || !message.Next(operation)) return false;
  out.operation = static_cast<Operation>(operation.tag);
  out.content = operation.content;
  return Find(out.operation) != nullptr;
}

Outcome ReadOperation(const Message& message, Direction direction, Record& record, MessageSink& sink) noexcept {
  return OperationReader(message, direction, record, sink).Read();
}

}  // namespace gander::protocol::ldap
