// SPDX-License-Identifier: Apache-2.0
// librdkafka's consumer: batches of messages, offsets committed when the caller says so.
#ifndef GANDER_FLEET_CONSUMER_H_
#define GANDER_FLEET_CONSUMER_H_

#include <memory>
#include <string>

#include "base/result.h"
#include "fleet/batch.h"
#include "fleet/options.h"

namespace gander::fleet {

class Consumer {
 public:
  virtual ~Consumer() = default;
  // Errors: properties that librdkafka does not take. A broker that is away is none.
  static Result<std::unique_ptr<Consumer>> Open(const LoaderOptions& options);

  // At most `most` messages, waiting `wait_ms` for them. Bodies are not read yet.
  virtual Batch Poll(std::size_t most, int wait_ms) = 0;
  // That all of `batch` is done with. The broker's answer comes with a later Poll(); what it did not take comes again
  // some day.
  virtual void Commit(const Batch& batch) = 0;
  virtual std::uint64_t uncommitted() const noexcept = 0;   // batches that the broker did not take so
  virtual const std::string& problem() const noexcept = 0;  // with the broker; empty = none
  virtual std::int64_t lag() const = 0;                     // messages behind the end of what is read
};

}  // namespace gander::fleet

#endif  // GANDER_FLEET_CONSUMER_H_
