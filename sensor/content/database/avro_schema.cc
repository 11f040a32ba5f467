// SPDX-License-Identifier: Apache-2.0
#include "content/database/avro_schema.h"

#include <charconv>
#include <iterator>

namespace gander::content {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

struct Primitive {
  std::string_view name;
  AvroSchema::Type type;
};
constexpr Primitive kPrimitives[] = {
    {"null", AvroSchema::Type::kNull},   {"boolean", AvroSchema::Type::kBoolean},
    {"int", AvroSchema::Type::kInt},     {"long", AvroSchema::Type::kLong},
    {"float", AvroSchema::Type::kFloat}, {"double", AvroSchema::Type::kDouble},
    {"bytes", AvroSchema::Type::kBytes}, {"string", AvroSchema::Type::kString},
};

// Names are told apart without their namespaces.
std::string_view Simple(std::string_view name) noexcept {
  const std::size_t dot = name.rfind('.');
  return dot == kNowhere ? name : name.substr(dot + 1);
}

}  // namespace

void AvroSchema::Begin(Memory& memory) noexcept {
  nodes_.Begin(memory, kMaxNodes);
  children_.Begin(memory, kMaxChildren);
  names_.Begin(memory, kMaxNames);
  root_ = kNone;
}

void AvroSchema::Release() noexcept {
  nodes_.Release();
  children_.Release();
  names_.Release();
}

bool AvroSchema::Parse(std::string_view json) noexcept {
  json_ = json;
  std::size_t at = 0;
  root_ = ReadType(at, 0);
  return root_ != kNone;
}

void AvroSchema::SkipSpace(std::size_t& at) const noexcept {
  while (at < json_.size() &&
         (json_[at] == ' ' || json_[at] == '\n' || json_[at] == '\r' || json_[at] == '\t'))
    ++at;
}

// The next character, '\0' at the end.
char AvroSchema::Next(std::size_t& at) const noexcept {
  SkipSpace(at);
  return at < json_.size() ? json_[at] : '\0';
}

bool AvroSchema::Take(std::size_t& at, char c) const noexcept {
  if (Next(at) != c) return false;
  ++at;
  return true;
}

// As it stands: names have no escapes.
bool AvroSchema::ReadString(std::size_t& at, std::string_view& text) const noexcept {
  if (!Take(at, '"')) return false;
  const std::size_t begin = at;
  while (at < json_.size() && json_[at] != '"') at += json_[at] == '\\' ? 2 : 1;
  if (at >= json_.size()) return false;
  text = json_.substr(begin, at - begin);
  ++at;
  return true;
}

bool AvroSchema::SkipValue(std::size_t& at) const noexcept {
  std::size_t depth = 0;
  std::string_view text;
  do {
    const char c = Next(at);
    if (c == '"') {
      if (!ReadString(at, text)) return false;
      continue;
    }
    if (c == '\0' || (depth == 0 && (c == ',' || c == ':'))) return false;
    if ((c == '}' || c == ']') && depth == 0) return false;
    depth += c == '{' || c == '[' ? 1 : 0;
    depth -= c == '}' || c == ']' ? 1 : 0;
    ++at;
    if (c == '{' || c == '[' || c == '}' || c == ']' || c == ',' || c == ':') continue;
    while (at < json_.size() && std::string_view(",:{}[]\" \r\n\t").find(json_[at]) == kNowhere) ++at;
  } while (depth > 0);
  return true;
}

std::uint32_t AvroSchema::AddNode(Type type) noexcept {
  return nodes_.Add({type}) ? static_cast<std::uint32_t>(nodes_.size() - 1) : kNone;
}

bool AvroSchema::AddChild(std::uint32_t parent, Child child) noexcept {
  const auto at = static_cast<std::uint32_t>(children_.size());
  child.next = kNone;
  if (!children_.Add(child)) return false;
  Node& node = nodes_[parent];
  if (node.last == kNone) {
    node.first = at;
  } else {
    children_[node.last].next = at;
  }
  node.last = at;
  return true;
}

std::uint32_t AvroSchema::NodeNamed(std::string_view name) noexcept {
  for (const Primitive& primitive : kPrimitives) {
    if (primitive.name == name) return AddNode(primitive.type);
  }
  for (const Name& known : names_.items()) {
    if (json_.substr(known.at, known.length) == Simple(name)) return known.node;
  }
  return kNone;
}

std::uint32_t AvroSchema::ReadType(std::size_t& at, std::size_t depth) noexcept {
  if (depth > kMaxDepth) return kNone;
  switch (Next(at)) {
    case '"': {
      std::string_view name;
      return ReadString(at, name) ? NodeNamed(name) : kNone;
    }
    case '[':
      return ReadUnion(at, depth);
    case '{':
      return ReadObject(at, depth);
    default:
      return kNone;
  }
}

std::uint32_t AvroSchema::ReadUnion(std::size_t& at, std::size_t depth) noexcept {
  const std::uint32_t node = AddNode(Type::kUnion);
  ++at;
  while (node != kNone && !Take(at, ']')) {
    const std::uint32_t branch = ReadType(at, depth + 1);
    if (branch == kNone || !AddChild(node, {branch, 0, 0, 0})) return kNone;
    if (!Take(at, ',') && Next(at) != ']') return kNone;
  }
  return node;
}

bool AvroSchema::FindMembers(std::size_t& at, Members& members) noexcept {
  const struct {
    std::string_view name;
    std::size_t* place;
  } kWanted[] = {{"type", &members.type},       {"name", &members.name},   {"fields", &members.fields},
                 {"symbols", &members.symbols}, {"items", &members.items}, {"values", &members.values},
                 {"size", &members.size}};
  for (const auto& wanted : kWanted) *wanted.place = kNowhere;
  if (!Take(at, '{')) return false;
  while (!Take(at, '}')) {
    std::string_view key;
    if (!ReadString(at, key) || !Take(at, ':')) return false;
    SkipSpace(at);
    for (const auto& wanted : kWanted) {
      if (wanted.name == key) *wanted.place = at;
    }
    if (!SkipValue(at)) return false;
    if (!Take(at, ',') && Next(at) != '}') return false;
  }
  return true;
}

std::uint32_t AvroSchema::ReadObject(std::size_t& at, std::size_t depth) noexcept {
  Members members;
  if (!FindMembers(at, members) || members.type == kNowhere) return kNone;
  std::size_t type_at = members.type;
  if (Next(type_at) != '"') return ReadType(type_at, depth + 1);
  std::string_view type;
  if (!ReadString(type_at, type)) return kNone;
  if (type == "record" || type == "error") return ReadRecord(members, depth);
  const bool array = type == "array", map = type == "map";
  if (array || map) {
    const std::uint32_t node = AddNode(array ? Type::kArray : Type::kMap);
    std::size_t items = array ? members.items : members.values;
    if (node == kNone || items == kNowhere) return kNone;
    const std::uint32_t item = ReadType(items, depth + 1);
    return item != kNone && AddChild(node, {item, 0, 0, 0}) ? node : kNone;
  }
  if (type == "enum") {
    const std::uint32_t node = AddNode(Type::kEnum);
    const bool read = node != kNone && AddName(members, node) && ReadSymbols(members.symbols, node);
    return read ? node : kNone;
  }
  if (type == "fixed") {
    const std::uint32_t node = AddNode(Type::kFixed);
    if (node == kNone || !AddName(members, node) || members.size == kNowhere) return kNone;
    std::from_chars(json_.data() + members.size, json_.data() + json_.size(), nodes_[node].size);
    return node;
  }
  return NodeNamed(type);  // a primitive with attributes
}

bool AvroSchema::AddName(const Members& members, std::uint32_t node) noexcept {
  std::size_t at = members.name;
  std::string_view name;
  if (at == kNowhere || !ReadString(at, name)) return false;
  name = Simple(name);
  return names_.Add({static_cast<std::uint32_t>(name.data() - json_.data()),
                     static_cast<std::uint32_t>(name.size()), node});
}

std::uint32_t AvroSchema::ReadRecord(const Members& members, std::size_t depth) noexcept {
  const std::uint32_t node = AddNode(Type::kRecord);
  if (node == kNone || !AddName(members, node) || members.fields == kNowhere) return kNone;
  std::size_t at = members.fields;
  if (!Take(at, '[')) return kNone;
  while (!Take(at, ']')) {
    Members field;
    if (!FindMembers(at, field) || field.type == kNowhere) return kNone;
    const std::uint32_t type = ReadType(field.type, depth + 1);
    if (type == kNone || !AddChild(node, {type, 0, 0, 0})) return kNone;
    if (!Take(at, ',') && Next(at) != ']') return kNone;
  }
  return node;
}

bool AvroSchema::ReadSymbols(std::size_t at, std::uint32_t node) noexcept {
  if (at == kNowhere || !Take(at, '[')) return false;
  while (!Take(at, ']')) {
    std::string_view symbol;
    if (!ReadString(at, symbol)) return false;
    const auto begin = static_cast<std::uint32_t>(symbol.data() - json_.data());
    if (!AddChild(node, {kNone, begin, static_cast<std::uint32_t>(symbol.size()), 0})) return false;
    if (!Take(at, ',') && Next(at) != ']') return false;
  }
  return true;
}

}  // namespace gander::content
