// SPDX-License-Identifier: Apache-2.0
// Interfaces that are reached through named pipes, as their specifications number them.
#include "protocol/smb/rpc.h"

namespace gander::protocol::smb {
namespace {

struct Service {
  std::string_view uuid;
  const char* name;
};
constexpr Service kServices[] = {
    {"12345678-1234-abcd-ef00-0123456789ab", "spoolss"},
    {"12345678-1234-abcd-ef00-01234567cffb", "netlogon"},
    {"12345778-1234-abcd-ef00-0123456789ab", "lsarpc"},
    {"12345778-1234-abcd-ef00-0123456789ac", "samr"},
    {"1ff70682-0a51-30e8-076d-740be8cee98b", "atsvc"},
    {"338cd001-2244-31f1-aaaa-900038001003", "winreg"},
    {"367abb81-9844-35f1-ad32-98f038001003", "svcctl"},
    {"3919286a-b10c-11d0-9ba8-00c04fd92ef5", "dssetup"},
    {"4b324fc8-1670-01d3-1278-5a47bf6ee188", "srvsvc"},
    {"4fc742e0-4a10-11cf-8273-00aa004ae673", "netdfs"},
    {"6bffd098-a112-3610-9833-012892020162", "browser"},
    {"6bffd098-a112-3610-9833-46c3f87e345a", "wkssvc"},
    {"82273fdc-e32a-18c3-3f78-827929dc23ea", "eventlog"},
    {"86d35949-83c9-4044-b424-db363231fd0c", "ITaskSchedulerService"},
    {"894de0c0-0d55-11d3-a322-00c04fa321a1", "initshutdown"},
    {"c681d488-d850-11d0-8c52-00c04fd90f7e", "efsrpc"},
    {"ccd8c074-d0e5-4a40-92b4-d074faa6ba28", "witness"},
    {"e1af8308-5d1f-11c9-91a4-08002b14a0fa", "epmapper"},
    {"e3514235-4b06-11d1-ab04-00c04fc2dcd2", "drsuapi"},
};

}  // namespace

const char* ServiceName(std::string_view uuid) noexcept {
  for (const Service& s : kServices) {
    if (s.uuid == uuid) return s.name;
  }
  return nullptr;
}

}  // namespace gander::protocol::smb
