// SPDX-License-Identifier: Apache-2.0
// The schema of an Avro file, taken apart from its JSON (Apache Avro 1.11 specification, "Schema
// Declaration").
#ifndef GANDER_CONTENT_AVRO_SCHEMA_H_
#define GANDER_CONTENT_AVRO_SCHEMA_H_

#include <cstdint>
#include <string_view>

#include "content/held_list.h"

namespace gander::content {

class AvroSchema {
 public:
  enum class Type : std::uint8_t {
    kNull,
    kBoolean,
    kInt,
    kLong,
    kFloat,
    kDouble,
    kBytes,
    kString,
    kRecord,
    kEnum,
    kArray,
    kMap,
    kUnion,
    kFixed,
  };
  static constexpr std::size_t kMaxText = 64 * 1024;
  static constexpr std::size_t kMaxNodes = 4096;
  static constexpr std::size_t kMaxChildren = 8192;
  static constexpr std::size_t kMaxNames = 512;
  static constexpr std::size_t kMaxDepth = 64;
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Node {
    Type type;
    std::uint32_t first = kNone;  // of its children: fields, branches, symbols; the items of arrays and maps
    std::uint32_t last = kNone;
    std::uint32_t size = 0;  // kFixed
  };
  // A field, a branch or a symbol.
  struct Child {
    std::uint32_t node;
    std::uint32_t at, length;  // of a symbol, in the text
    std::uint32_t next;
  };

  void Begin(Memory& memory) noexcept;
  void Release() noexcept;
  // `json` outlives the schema. False: it is none, or larger than the caps.
  bool Parse(std::string_view json) noexcept;

  std::uint32_t root() const noexcept { return root_; }
  const Node& node(std::uint32_t i) const noexcept { return nodes_[i]; }
  const Child& child(std::uint32_t i) const noexcept { return children_[i]; }
  std::string_view SymbolText(const Child& symbol) const noexcept {
    return json_.substr(symbol.at, symbol.length);
  }

 private:
  struct Name {
    std::uint32_t at, length, node;
  };
  // Where the values of an object's members begin, npos where it has none of that name.
  struct Members {
    std::size_t type, name, fields, symbols, items, values, size;
  };

  std::uint32_t ReadType(std::size_t& at, std::size_t depth) noexcept;
  std::uint32_t ReadObject(std::size_t& at, std::size_t depth) noexcept;
  std::uint32_t ReadUnion(std::size_t& at, std::size_t depth) noexcept;
  std::uint32_t ReadRecord(const Members& members, std::size_t depth) noexcept;
  bool ReadSymbols(std::size_t at, std::uint32_t node) noexcept;
  bool FindMembers(std::size_t& at, Members& members) noexcept;
  std::uint32_t NodeNamed(std::string_view name) noexcept;
  std::uint32_t AddNode(Type type) noexcept;
  bool AddChild(std::uint32_t parent, Child child) noexcept;
  bool AddName(const Members& members, std::uint32_t node) noexcept;

  void SkipSpace(std::size_t& at) const noexcept;
  char Next(std::size_t& at) const noexcept;
  bool Take(std::size_t& at, char c) const noexcept;
  bool ReadString(std::size_t& at, std::string_view& text) const noexcept;
  bool SkipValue(std::size_t& at) const noexcept;

  std::string_view json_;
  HeldList<Node> nodes_;
  HeldList<Child> children_;
  HeldList<Name> names_;
  std::uint32_t root_ = kNone;
};

}  // namespace gander::content

#endif  // GANDER_CONTENT_AVRO_SCHEMA_H_
