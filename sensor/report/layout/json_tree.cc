// SPDX-License-Identifier: Apache-2.0
#include "report/layout/json_tree.h"

#include <charconv>

namespace gander::report {
namespace {

bool IsDigit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view TakePart(std::string_view& path) noexcept {
  const std::size_t dot = path.find('.');
  const std::string_view part = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  return part;
}

}  // namespace

bool JsonTree::Parse(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  text_ = text;
  place_ = 0;
  nodes_.clear();
  nodes_.emplace_back();
  SkipSpace();
  if (Peek() != '{' || !Value(0, 0)) return false;
  SkipSpace();
  return place_ == text_.size();
}

void JsonTree::SkipSpace() noexcept {
  while (place_ < text_.size() && (text_[place_] == ' ' || text_[place_] == '\t')) ++place_;
}

bool JsonTree::Value(std::uint32_t node, int depth) {
  if (depth >= kMaxDepth) return false;
  const char c = Peek();
  if (c == '{' || c == '[') {
    nodes_[node].kind = c == '{' ? JsonNode::Kind::kObject : JsonNode::Kind::kArray;
    const std::size_t begin = place_++;
    if (!Members(node, c == '{' ? '}' : ']', depth)) return false;
    nodes_[node].raw = text_.substr(begin, place_ - begin);
    return true;
  }
  JsonNode& leaf = nodes_[node];
  if (c == '"') {
    leaf.kind = JsonNode::Kind::kText;
    return String(leaf.raw);
  }
  if (c == '-' || IsDigit(c)) {
    leaf.kind = JsonNode::Kind::kNumber;
    return Number(leaf.raw);
  }
  return Word(leaf.raw);
}

bool JsonTree::Members(std::uint32_t node, char close, int depth) {
  SkipSpace();
  if (Peek() == close) {
    ++place_;
    return true;
  }
  for (std::uint32_t last = 0;;) {
    if (nodes_.size() >= kMaxNodes) return false;
    const auto child = static_cast<std::uint32_t>(nodes_.size());
    nodes_.emplace_back();
    (last == 0 ? nodes_[node].first : nodes_[last].next) = child;
    last = child;
    SkipSpace();
    if (close == '}') {
      std::string_view key;
      if (Peek() != '"' || !String(key)) return false;
      nodes_[child].key = key.substr(1, key.size() - 2);
      SkipSpace();
      if (Peek() != ':') return false;
      ++place_;
      SkipSpace();
    }
    if (!Value(child, depth + 1)) return false;
    SkipSpace();
    const char c = Peek();
    ++place_;
    if (c == close) return true;
    if (c != ',') return false;
  }
}

bool JsonTree::String(std::string_view& raw) {
  const std::size_t begin = place_++;
  while (place_ < text_.size()) {
    const char c = text_[place_++];
    if (c == '"') {
      raw = text_.substr(begin, place_ - begin);
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20) return false;
    if (c == '\\' && place_++ >= text_.size()) return false;
  }
  return false;
}

bool JsonTree::Number(std::string_view& raw) {
  const std::size_t begin = place_;
  const auto digits = [this] {
    const std::size_t first = place_;
    while (IsDigit(Peek())) ++place_;
    return place_ > first;
  };
  if (Peek() == '-') ++place_;
  if (!digits()) return false;
  if (Peek() == '.' && (++place_, !digits())) return false;
  if (Peek() == 'e' || Peek() == 'E') {
    ++place_;
    if (Peek() == '+' || Peek() == '-') ++place_;
    if (!digits()) return false;
  }
  raw = text_.substr(begin, place_ - begin);
  return true;
}

bool JsonTree::Word(std::string_view& raw) {
  for (const std::string_view word : {"true", "false", "null"}) {
    if (text_.substr(place_, word.size()) != word) continue;
    raw = text_.substr(place_, word.size());
    place_ += word.size();
    return true;
  }
  return false;
}

std::uint32_t JsonTree::Find(std::string_view path, std::uint32_t from) const noexcept {
  std::uint32_t node = from;
  while (!path.empty()) {
    const std::string_view part = TakePart(path);
    std::uint32_t child = nodes_[node].first;
    if (nodes_[node].kind == JsonNode::Kind::kArray) {
      std::uint32_t index = 0;
      const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
      if (error != std::errc{} || end != part.data() + part.size()) return 0;
      while (child != 0 && index-- > 0) child = nodes_[child].next;
    } else {
      while (child != 0 && nodes_[child].key != part) child = nodes_[child].next;
    }
    if (child == 0) return 0;
    node = child;
  }
  return node;
}

bool JsonTree::AppendRest(std::uint32_t node, std::string& out) const {
  const JsonNode& n = nodes_[node];
  if (n.used) return false;
  if (n.kind != JsonNode::Kind::kObject && n.kind != JsonNode::Kind::kArray) {
    out += n.raw;
    return true;
  }
  const bool object = n.kind == JsonNode::Kind::kObject;
  const std::size_t start = out.size();
  out += object ? '{' : '[';
  bool any = false;
  for (std::uint32_t child = n.first; child != 0; child = nodes_[child].next) {
    const std::size_t before = out.size();
    if (any) out += ',';
    if (object) out.append("\"").append(nodes_[child].key).append("\":");
    if (AppendRest(child, out)) {
      any = true;
    } else {
      out.resize(before);
    }
  }
  out += object ? '}' : ']';
  if (!any) out.resize(start);
  return any;
}

void JsonShape::Clear() {
  count_ = 0;
  New({});
}

std::uint32_t JsonShape::New(std::string_view key) {
  if (count_ == nodes_.size()) nodes_.emplace_back();
  Node& node = nodes_[count_];
  node.key = key;
  node.value.clear();
  node.children.clear();
  node.array = false;
  return count_++;
}

std::uint32_t JsonShape::Child(std::uint32_t parent, std::string_view key) {
  for (const std::uint32_t child : nodes_[parent].children) {
    if (nodes_[child].key == key) return child;
  }
  const std::uint32_t child = New(key);
  nodes_[parent].children.push_back(child);
  return child;
}

bool JsonShape::HasElement(std::uint32_t parent, std::string_view raw) const {
  for (const std::uint32_t child : nodes_[parent].children) {
    if (nodes_[child].value == raw) return true;
  }
  return false;
}

std::uint32_t JsonShape::Element(std::uint32_t parent, std::string_view index) {
  nodes_[parent].array = true;
  std::size_t number = nodes_[parent].children.size();
  if (!index.empty()) std::from_chars(index.data(), index.data() + index.size(), number);
  if (number < nodes_[parent].children.size()) return nodes_[parent].children[number];
  const std::uint32_t child = New({});
  nodes_[parent].children.push_back(child);
  return child;
}

bool JsonShape::Set(std::string_view path, std::string_view raw) {
  std::uint32_t node = 0;
  while (!path.empty()) {
    std::string_view part = TakePart(path);
    const std::size_t bracket = part.find('[');
    node = Child(node, part.substr(0, bracket));
    if (!nodes_[node].value.empty()) return false;
    if (bracket == std::string_view::npos) continue;
    part.remove_prefix(bracket + 1);
    part.remove_suffix(part.ends_with(']') ? 1 : 0);
    if (part.empty() && path.empty() && HasElement(node, raw)) return false;
    node = Element(node, part);
  }
  Node& leaf = nodes_[node];
  if (!leaf.value.empty() || !leaf.children.empty()) return false;
  leaf.value = raw;
  return true;
}

void JsonShape::AppendNode(std::uint32_t index, std::string& out) const {
  const Node& node = nodes_[index];
  if (!node.value.empty()) {
    out += node.value;
    return;
  }
  out += node.array ? '[' : '{';
  bool first = true;
  for (const std::uint32_t child : node.children) {
    if (!first) out += ',';
    first = false;
    if (!node.array) out.append("\"").append(nodes_[child].key).append("\":");
    AppendNode(child, out);
  }
  out += node.array ? ']' : '}';
}

}  // namespace gander::report
