// SPDX-License-Identifier: Apache-2.0
// A recursive descent over the expression; what was read becomes a tree of which all answers are made.
#include "config/foreign_expression.h"

#include <algorithm>
#include <bitset>
#include <charconv>
#include <memory>

namespace gander::config {
namespace {

using Bytes256 = std::bitset<256>;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxSample = 4096;  // repeats of repeats multiply
constexpr std::uint32_t kNoBound = UINT32_MAX;

struct Node;
using Sequence = std::vector<Node>;

struct Node {
  enum class Kind { kByte, kGroup, kBorder } kind = Kind::kByte;
  Bytes256 bytes;                 // kByte: one of these
  bool single = false;            // kByte: written as one character, not as a class
  std::vector<Sequence> ways;     // kGroup
  std::string text;               // as it was written, without its repeat; kGroup: its opening
  std::uint32_t least = 1, most = 1;
};

struct Refusal {
  std::string why;
};

Bytes256 Range(int from, int to) {
  Bytes256 set;
  for (int b = from; b <= to; ++b) set.set(static_cast<std::size_t>(b));
  return set;
}
const Bytes256 kDigits = Range('0', '9'), kLower = Range('a', 'z'), kUpper = Range('A', 'Z');
const Bytes256 kWords = kDigits | kLower | kUpper | Range('_', '_');
const Bytes256 kSpaces = Range('\t', '\r') | Range(' ', ' ');

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::vector<Sequence> Read() {
    std::vector<Sequence> ways = Ways(0);
    if (at_ < text_.size()) throw Refusal{"a parenthesis closes what none opened"};
    return ways;
  }
  bool folded() const { return folded_; }

 private:
  bool More() const { return at_ < text_.size(); }
  char Peek() const { return More() ? text_[at_] : '\0'; }
  bool Take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  std::vector<Sequence> Ways(int depth) {
    if (depth > kMaxDepth) throw Refusal{"it is nested too deep"};
    std::vector<Sequence> ways(1);
    while (More() && Peek() != ')') {
      if (Take("|")) {
        ways.emplace_back();
        continue;
      }
      Node node = Atom(depth);
      if (node.text.empty() && node.kind == Node::Kind::kBorder) continue;  // a flag alone
      Repeat(node);
      ways.back().push_back(std::move(node));
    }
    return ways;
  }

  Node Atom(int depth) {
    const std::size_t begin = at_;
    Node node;
    if (Take("(")) return Group(depth);
    if (Take("[")) {
      node.bytes = Class();
    } else if (Take("\\")) {
      Escape(node);
    } else if (Take("^") || Take("$")) {
      node.kind = Node::Kind::kBorder;
    } else if (Take(".")) {
      node.bytes = ~Range('\n', '\n');
    } else {
      const char c = Peek();
      if (c == '*' || c == '+' || c == '?') throw Refusal{"a repeat repeats nothing"};
      ++at_;
      node.single = true;
      node.bytes.set(static_cast<unsigned char>(c));
    }
    node.text = std::string(text_.substr(begin, at_ - begin));
    return node;
  }

  Node Group(int depth) {
    Node node;
    node.kind = Node::Kind::kGroup;
    node.text = "(?:";
    if (Take("?")) {
      const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '=';
      if (Take("P<") || (next != '=' && next != '!' && Take("<"))) {
        while (More() && Peek() != '>') ++at_;
        Take(">");
      } else if (!Take(":")) {
        Flags(node);
        if (node.kind == Node::Kind::kBorder) return node;
      }
    }
    node.ways = Ways(depth + 1);
    if (!Take(")")) throw Refusal{"a parenthesis is not closed"};
    return node;
  }

  // (?i) and (?i:...): case is folded for all of it, which finds more than was meant and never less.
  void Flags(Node& node) {
    for (; More(); ++at_) {
      const char c = Peek();
      if (c == 'i') {
        folded_ = true;
      } else if (c == ':') {
        ++at_;
        return;
      } else if (c == ')') {
        ++at_;
        node.kind = Node::Kind::kBorder;
        node.text.clear();
        return;
      } else if (c != 's' && c != 'm' && c != 'U' && c != '-') {
        throw Refusal{"it looks around, refers back or recurs"};
      }
    }
    throw Refusal{"a parenthesis is not closed"};
  }

  int Hex(int digits) {
    int value = 0;
    const std::size_t stop = std::min(text_.size(), at_ + static_cast<std::size_t>(digits));
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + stop, value, 16);
    if (error != std::errc{} || value > 255) throw Refusal{"an escape that Gander does not know"};
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  // Behind a backslash. False when it stands for no byte.
  bool EscapedBytes(Bytes256& out) {
    const char c = Peek();
    if (More()) ++at_;
    switch (c) {
      case 'd': out = kDigits; return true;
      case 'D': out = ~kDigits; return true;
      case 'w': out = kWords; return true;
      case 'W': out = ~kWords; return true;
      case 's': out = kSpaces; return true;
      case 'S': out = ~kSpaces; return true;
      case 'n': out.set('\n'); return true;
      case 'r': out.set('\r'); return true;
      case 't': out.set('\t'); return true;
      case 'x': {
        const bool braced = Take("{");
        out.set(static_cast<std::size_t>(Hex(braced ? 4 : 2)));
        if (braced && !Take("}")) throw Refusal{"an escape that Gander does not know"};
        return true;
      }
      default: break;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\0';
    if (letter) return false;
    out.set(static_cast<unsigned char>(c));
    return true;
  }

  void Escape(Node& node) {
    const char c = Peek();
    if (c == 'b' || c == 'B' || c == 'A' || c == 'z' || c == 'Z') {
      ++at_;
      node.kind = Node::Kind::kBorder;
      return;
    }
    if (!EscapedBytes(node.bytes)) throw Refusal{"it refers back or uses an escape that Gander does not know"};
    node.single = node.bytes.count() == 1;
  }

  Bytes256 Class() {
    Bytes256 set;
    const bool negated = Take("^");
    for (bool first = true; first || Peek() != ']'; first = false) {
      if (!More()) throw Refusal{"a class is not closed"};
      if (Take("[:")) {
        set |= Named();
        continue;
      }
      Bytes256 low = ClassMember();
      if (Peek() != '-' || at_ + 1 >= text_.size() || text_[at_ + 1] == ']' || low.count() != 1) {
        set |= low;
        continue;
      }
      ++at_;
      const Bytes256 high = ClassMember();
      if (high.count() != 1) throw Refusal{"a class has a range without an end"};
      set |= Range(Only(low), Only(high));
    }
    ++at_;
    return negated ? ~set : set;
  }

  static int Only(const Bytes256& set) {
    for (int b = 0; b < 256; ++b) {
      if (set.test(static_cast<std::size_t>(b))) return b;
    }
    return 0;
  }

  Bytes256 ClassMember() {
    Bytes256 set;
    if (Take("\\")) {
      if (Take("b")) {
        set.set('\b');
      } else if (!EscapedBytes(set)) {
        throw Refusal{"a class has an escape that Gander does not know"};
      }
      return set;
    }
    set.set(static_cast<unsigned char>(Peek()));
    ++at_;
    return set;
  }

  Bytes256 Named() {
    struct Name {
      std::string_view word;
      Bytes256 set;
    };
    const Name names[] = {{"alnum:]", kDigits | kLower | kUpper}, {"alpha:]", kLower | kUpper}, {"digit:]", kDigits},
                          {"lower:]", kLower}, {"upper:]", kUpper}, {"space:]", kSpaces}, {"word:]", kWords},
                          {"xdigit:]", kDigits | Range('a', 'f') | Range('A', 'F')}};
    for (const Name& n : names) {
      if (Take(n.word)) return n.set;
    }
    throw Refusal{"a class has a name that Gander does not know"};
  }

  bool Number(std::uint32_t& out) {
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), out);
    if (error != std::errc{}) return false;
    at_ = static_cast<std::size_t>(end - text_.data());
    return true;
  }

  void Repeat(Node& node) {
    const std::size_t begin = at_;
    if (Take("*")) {
      node.least = 0, node.most = kNoBound;
    } else if (Take("+")) {
      node.most = kNoBound;
    } else if (Take("?")) {
      node.least = 0;
    } else if (Take("{")) {
      if (!Number(node.least)) {
        at_ = begin;  // a brace that stands for itself
        return;
      }
      node.most = node.least;
      if (Take(",") && !Number(node.most)) node.most = kNoBound;
      if (!Take("}") || node.most < node.least) throw Refusal{"a repeat has no end"};
    } else {
      return;
    }
    if (Take("+")) throw Refusal{"a possessive repeat"};
    Take("?");  // lazy: what is found ends where it ends, Gander takes the longest
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool folded_ = false;
};

class Writer {
 public:
  Writer(std::uint32_t most, ForeignExpression& out) : most_(most), out_(out) {}

  std::string Text(const std::vector<Sequence>& ways) {
    std::string text;
    for (const Sequence& way : ways) {
      if (&way != &ways.front()) text += '|';
      for (const Node& node : way) {
        text += node.text;
        if (node.kind == Node::Kind::kGroup) text += Text(node.ways) + ")";
        text += Repeat(node);
      }
    }
    return text;
  }

  std::string Sample(const std::vector<Sequence>& ways) {
    std::string text;
    for (const Node& node : ways.front()) {
      const std::uint32_t times = std::max(node.least, std::min<std::uint32_t>(node.most, 1));
      for (std::uint32_t i = 0; i < std::min<std::uint32_t>(times, 256); ++i) {
        const std::size_t before = text.size();
        if (node.kind == Node::Kind::kGroup) text += Sample(node.ways);
        if (node.kind == Node::Kind::kByte) text += Member(node.bytes);
        if (text.size() == before) break;
        if (text.size() > kMaxSample) throw Refusal{"what it matches is too long"};
      }
    }
    return text;
  }

 private:
  std::string Repeat(const Node& node) {
    if (node.least == 1 && node.most == 1) return {};
    if (node.least == 0 && node.most == 1) return "?";
    const std::uint32_t bound = std::max(node.least, std::min(node.most, most_));
    if (bound != node.most) out_.narrowed = true;
    if (bound == node.least) return "{" + std::to_string(bound) + "}";
    return "{" + std::to_string(node.least) + "," + std::to_string(bound) + "}";
  }

  // Letters and digits in turn, so that a sample looks like what is meant.
  char Member(const Bytes256& set) {
    static constexpr std::string_view kLikely = "k7Qm2xW9bT4fZ3hR8dN5cJ6pV1gL0sYaEuGqDwKtMiBoXrCyHvFzPjSnUeAlIO";
    for (std::size_t i = 0; i < kLikely.size(); ++i) {
      const char c = kLikely[next_++ % kLikely.size()];
      if (set.test(static_cast<unsigned char>(c))) return c;
    }
    for (int b = 33; b < 127; ++b) {
      if (set.test(static_cast<std::size_t>(b))) return static_cast<char>(b);
    }
    for (int b = 0; b < 256; ++b) {
      if (set.test(static_cast<std::size_t>(b))) return static_cast<char>(b);
    }
    throw Refusal{"a class is empty"};
  }

  std::uint32_t most_;
  std::size_t next_ = 0;
  ForeignExpression& out_;
};

// All texts that the nodes can be, when they are few and short.
bool Spell(const Sequence& nodes, std::size_t count, std::vector<std::string>& out) {
  out = {""};
  for (std::size_t i = 0; i < count; ++i) {
    const Node& node = nodes[i];
    if (node.kind == Node::Kind::kBorder) continue;
    if (node.least != 1 || node.most != 1) return false;
    std::vector<std::string> parts;
    if (node.kind == Node::Kind::kGroup) {
      for (const Sequence& way : node.ways) {
        std::vector<std::string> inner;
        if (!Spell(way, way.size(), inner)) return false;
        parts.insert(parts.end(), inner.begin(), inner.end());
      }
    } else if (node.bytes.count() <= 4) {
      for (int b = 0; b < 256; ++b) {
        if (node.bytes.test(static_cast<std::size_t>(b))) parts.emplace_back(1, static_cast<char>(b));
      }
    } else {
      return false;
    }
    std::vector<std::string> joined;
    for (const std::string& a : out) {
      for (const std::string& b : parts) joined.push_back(a + b);
    }
    out = std::move(joined);
    if (out.size() > 32) return false;
  }
  return true;
}

// "A-Za-z0-9_-" of a set, for Shape::alphabet; empty where it holds more than printable ASCII.
std::string AlphabetOf(const Bytes256& set) {
  std::string out;
  for (std::size_t b = 0; b < 256; ++b) {
    if (!set.test(b) || b == '-') continue;
    if (b <= ' ' || b > '~') return {};
    std::size_t end = b;
    while (end < '~' && end + 1 != '-' && set.test(end + 1)) ++end;
    out += static_cast<char>(b);
    if (end > b + 1) out += '-';
    if (end > b) out += static_cast<char>(end);
    b = end;
  }
  return set.test('-') ? out + "-" : out;
}

// A single group around everything is opened.
const Sequence* Flat(const std::vector<Sequence>& ways, Sequence& joined) {
  if (ways.size() != 1) return nullptr;
  for (const Node& node : ways.front()) {
    if (node.kind == Node::Kind::kGroup && node.ways.size() == 1 && node.least == 1 && node.most == 1) {
      Sequence inner;
      if (Flat(node.ways, inner) == nullptr) return nullptr;
      joined.insert(joined.end(), inner.begin(), inner.end());
    } else {
      joined.push_back(node);
    }
  }
  return &joined;
}

// Beginnings of three bytes and more, one class repeated, and what only borders it.
void SeeToken(const std::vector<Sequence>& ways, ForeignExpression& out) {
  Sequence nodes;
  if (Flat(ways, nodes) == nullptr) return;
  const auto run = std::find_if(nodes.begin(), nodes.end(), [](const Node& n) { return n.most > 1; });
  if (run == nodes.end() || run->kind != Node::Kind::kByte || run->most > 4096) return;
  for (auto it = run + 1; it != nodes.end(); ++it) {
    const bool border = it->kind == Node::Kind::kBorder || (it == nodes.end() - 1 && it->kind == Node::Kind::kGroup);
    if (!border) return;
  }
  std::vector<std::string> prefixes;
  if (!Spell(nodes, static_cast<std::size_t>(run - nodes.begin()), prefixes)) return;
  const bool fit = std::all_of(prefixes.begin(), prefixes.end(),
                               [](const std::string& p) { return p.size() >= 3 && p.size() <= 32; });
  out.alphabet = AlphabetOf(run->bytes);
  if (!fit || out.alphabet.empty()) return;
  out.prefixes = std::move(prefixes);
  out.min_length = run->least;
  out.max_length = run->most;
}

}  // namespace

ForeignExpression ReadForeignExpression(std::string_view text, bool folded, std::uint32_t most) {
  ForeignExpression out;
  try {
    Parser parser(text);
    const std::vector<Sequence> ways = parser.Read();
    folded = folded || parser.folded();
    Writer writer(most, out);
    out.bounded = (folded ? "(?i)" : "") + writer.Text(ways);
    out.sample = writer.Sample(ways);
    if (!folded) SeeToken(ways, out);
    if (out.sample.empty()) out.refused = "it matches the empty text";
  } catch (const Refusal& refusal) {
    out.refused = refusal.why;
  }
  return out;
}

}  // namespace gander::config
