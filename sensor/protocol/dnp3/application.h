// SPDX-License-Identifier: Apache-2.0
// DNP3's application layer (IEEE 1815 §4): a function, and objects it is about.
#ifndef GANDER_PROTOCOL_DNP3_APPLICATION_H_
#define GANDER_PROTOCOL_DNP3_APPLICATION_H_

#include <cstdint>
#include <string>

#include "protocol/dnp3/link.h"
#include "protocol/industrial/function.h"
#include "protocol/parser.h"

namespace gander::protocol::dnp3 {

enum Code : std::uint8_t {
  kConfirm = 0,
  kRead = 1,
  kWrite = 2,
  kResponse = 129,
  kUnsolicited = 130,
  kAuthenticationResponse = 131
};

struct Application {
  std::uint8_t control = 0, code = 0;
  std::uint16_t indications = 0;  // of a response
  Bytes objects;

  bool responds() const noexcept { return code >= kResponse && code <= kAuthenticationResponse; }
};

bool ReadApplication(Bytes message, Application& out) noexcept;
industrial::Function FunctionOf(std::uint8_t code) noexcept;

// A stretch of a file on its way.
struct FileBlock {
  Bytes data;
  bool last = false;
};

// What objects bring besides the event.
class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  virtual void OnText(const char* name, std::string_view text) noexcept = 0;
  virtual void OnFileName(std::string_view name) noexcept = 0;
  virtual void OnFileBlock(const FileBlock& block) noexcept = 0;
  virtual void OnProblem(const char* anomaly) noexcept = 0;
};

// Reads all objects; writes them as {"objects": []} unless `out` is null. False when they cannot be read to their end.
bool ReadObjects(const Application& application, Record* out, ObjectSink& sink);

// All of the event's object but what ReadObjects() wrote, which is handed in.
void Write(const Link& link, const Application& application, const Record& objects, bool complete, Record& out);

}  // namespace gander::protocol::dnp3

#endif  // GANDER_PROTOCOL_DNP3_APPLICATION_H_
