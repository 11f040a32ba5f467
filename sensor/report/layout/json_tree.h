// SPDX-License-Identifier: Apache-2.0
// JSON read and written without copying values: a value stays the text it is, quotes and escapes included, so that what
// is moved to another place needs no new escaping.
#ifndef GANDER_REPORT_LAYOUT_JSON_TREE_H_
#define GANDER_REPORT_LAYOUT_JSON_TREE_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gander::report {

struct JsonNode {
  enum class Kind : std::uint8_t { kObject, kArray, kText, kNumber, kWord };  // kWord: true, false, null
  Kind kind = Kind::kWord;
  bool used = false;            // has gone elsewhere
  std::uint32_t next = 0;       // sibling; 0 = none (node 0 is the root)
  std::uint32_t first = 0;      // child; 0 = none
  std::string_view key;         // as written, without quotes; empty in arrays
  std::string_view raw;         // as written, quotes included
  std::string_view text() const noexcept { return kind == Kind::kText ? raw.substr(1, raw.size() - 2) : raw; }
};

// One JSON object, read. Its views lie in the text it was read from.
class JsonTree {
 public:
  static constexpr int kMaxDepth = 64;
  static constexpr std::size_t kMaxNodes = 1 << 20;

  // False when `text` is not one JSON object (RFC 8259) in one line, or goes deeper than kMaxDepth.
  // Strings are not looked into further than to their end.
  bool Parse(std::string_view text);
  // The member or element at a path from `from`: "alert.metadata.policy", "dns.queries.0.rrname"; 0 = none.
  std::uint32_t Find(std::string_view path, std::uint32_t from = 0) const noexcept;
  const JsonNode& at(std::uint32_t node) const noexcept { return nodes_[node]; }
  void Use(std::uint32_t node) noexcept { nodes_[node].used = true; }
  bool Used(std::uint32_t node) const noexcept { return nodes_[node].used; }
  // Appends what is under `node` and not used, as JSON; nothing at all when there is none. Empty objects and arrays go
  // with what was taken from them.
  bool AppendRest(std::uint32_t node, std::string& out) const;

 private:
  bool Value(std::uint32_t node, int depth);
  bool Members(std::uint32_t node, char close, int depth);
  bool String(std::string_view& raw);
  bool Number(std::string_view& raw);
  bool Word(std::string_view& raw);
  void SkipSpace() noexcept;
  char Peek() const noexcept { return place_ < text_.size() ? text_[place_] : '\0'; }

  std::string_view text_;
  std::size_t place_ = 0;
  std::vector<JsonNode> nodes_;
};

// An object while it is made: members by path.
class JsonShape {
 public:
  JsonShape() { Clear(); }
  void Clear();
  // Sets the value at `path` ("source.ip", "related.ip[]" = a new element, unless there is one of that
  // value, "evidences[0].src_endpoint.ip" = the element
  // with that number, made when it is the next one) to JSON text. The first value of a place stays. False when it was
  // taken.
  bool Set(std::string_view path, std::string_view raw);
  void Append(std::string& out) const { AppendNode(0, out); }

 private:
  struct Node {
    std::string key;
    std::string value;           // JSON text of a leaf
    std::vector<std::uint32_t> children;
    bool array = false;
  };
  std::uint32_t Child(std::uint32_t parent, std::string_view key);
  std::uint32_t Element(std::uint32_t parent, std::string_view index);
  bool HasElement(std::uint32_t parent, std::string_view raw) const;
  std::uint32_t New(std::string_view key);
  void AppendNode(std::uint32_t node, std::string& out) const;

  std::deque<Node> nodes_;       // keep their memory when cleared
  std::uint32_t count_ = 0;
};

}  // namespace gander::report

#endif  // GANDER_REPORT_LAYOUT_JSON_TREE_H_
