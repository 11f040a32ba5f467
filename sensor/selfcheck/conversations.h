// SPDX-License-Identifier: Apache-2.0
// What is said in the capture of the check. Each conversation carries what it can of the values: all of them in what it
// calls a body, some in each place that names somebody.
#ifndef GANDER_SELFCHECK_CONVERSATIONS_H_
#define GANDER_SELFCHECK_CONVERSATIONS_H_

#include <span>
#include <string>
#include <vector>

#include "selfcheck/frames.h"
#include "selfcheck/marked_values.h"

namespace gander::selfcheck {

struct Planted {
  const std::vector<MarkedValue>& values;
  std::string document;  // the texts of all values, a paragraph each
};

struct Conversation {
  const char* protocol;  // for people
  void (*say)(const Planted& planted, Frames& frames);
};
std::span<const Conversation> Conversations() noexcept;

// The web and mail; the others are in conversations_other.cc.
void SayHttpNames(const Planted& planted, Frames& frames);
void SayHttpBodies(const Planted& planted, Frames& frames);
void SayWebSocket(const Planted& planted, Frames& frames);
void SaySmtp(const Planted& planted, Frames& frames);
void SayPop3(const Planted& planted, Frames& frames);
void SayImap(const Planted& planted, Frames& frames);
void SayNntp(const Planted& planted, Frames& frames);

// Without a character that would end the line, the quotes or the field it is put in.
std::string OneLine(const std::string& value);
// application/x-www-form-urlencoded: %XX for what is no letter or digit.
std::string Percent(const std::string& value);
std::string Base64Of(const std::string& bytes);

}  // namespace gander::selfcheck

#endif  // GANDER_SELFCHECK_CONVERSATIONS_H_
