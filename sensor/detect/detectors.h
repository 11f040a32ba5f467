// SPDX-License-Identifier: Apache-2.0
// The list of detectors, in the order in which they judge. A new detector is its file d??_*.cc and a line here.
#ifndef GANDER_DETECT_DETECTORS_H_
#define GANDER_DETECT_DETECTORS_H_

#include <memory>

#include "detect/detector.h"

// id, name, title, maker
#define GANDER_DETECTORS(X)                                                            \
  X("D01", "exposed_clear", "Exposed personal data in clear text", MakeExposedClear)   \
  X("D02", "bulk_transfer", "Bulk transfer of records", MakeBulkTransfer)              \
  X("D03", "mass_collection", "Mass collection (fan-in)", MakeMassCollection)          \
  X("D04", "fan_out", "Fan-out (one holder scatters)", MakeFanOut)                     \
  X("D05", "low_and_slow", "Low and slow transfer", MakeLowAndSlow)                    \
  X("D06", "scraping", "Records asked for one by one", MakeScraping)                   \
  X("D07", "cross_border", "Cross-border transfer without basis", MakeCrossBorder)     \
  X("D08", "foreign_pull", "Foreign pull of records", MakeForeignPull)                 \
  X("D09", "dns_tunnel", "Tunnel over DNS", MakeDnsTunnel)                             \
  X("D10", "icmp_tunnel", "Tunnel over ICMP", MakeIcmpTunnel)                          \
  X("D11", "beacon", "Beacon and phone-home", MakeBeacon)                              \
  X("D12", "encrypted_upload", "Encrypted bulk upload", MakeEncryptedUpload)           \
  X("D13", "covert_upload", "Covert upload over an unusual protocol or port",          \
    MakeCovertUpload)                                                                  \
  X("D14", "secret_leak", "Secret leak", MakeSecretLeak)                               \
  X("D15", "device_telemetry", "Device telemetry at scale", MakeDeviceTelemetry)       \
  X("D16", "critical_infrastructure", "Critical-infrastructure data leaving",          \
    MakeCriticalInfrastructure)                                                        \
  X("D17", "canary", "Canary seen", MakeCanary)                                        \
  X("D18", "registered_rows", "Exact match against a registered set",                  \
    MakeRegisteredRows)                                                                \
  X("D19", "blind_spots", "Sensor integrity and blind spots", MakeBlindSpots)          \
  X("D20", "repatriation", "Repatriation of overseas data", MakeRepatriation)          \
  X("D21", "register", "Register compliance", MakeRegisterCompliance)                  \
  X("D22", "surveillance_feed", "Surveillance feed leaving", MakeSurveillanceFeed)     \
  X("D23", "software_census", "Version and update census", MakeSoftwareCensus)

namespace gander::detect {

#define GANDER_DECLARE(id, name, title, maker) std::unique_ptr<Detector> maker(const Options& options);
GANDER_DETECTORS(GANDER_DECLARE)
#undef GANDER_DECLARE

}  // namespace gander::detect

#endif  // GANDER_DETECT_DETECTORS_H_
