// SPDX-License-Identifier: Apache-2.0
// Stands for kafka_sink.cc in a build without librdkafka.
#ifndef GANDER_WITH_KAFKA
#include "report/sink/outputs.h"

namespace gander::report {

Result<std::unique_ptr<Sink>> OpenKafkaSink(const OutputOptions& output) {
  return Fail(output.kafka.brokers, 0, "this build has no Kafka",
              "install librdkafka-dev and build with -DGANDER_KAFKA=ON, or choose another type of output");
}

}  // namespace gander::report
#endif
