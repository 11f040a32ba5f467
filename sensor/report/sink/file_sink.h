// SPDX-License-Identifier: Apache-2.0
#ifndef GANDER_REPORT_SINK_FILE_SINK_H_
#define GANDER_REPORT_SINK_FILE_SINK_H_

#include <memory>

#include "base/result.h"
#include "report/sink/output_options.h"
#include "report/sink/sink.h"

namespace gander::report {

// Lines into a file, or standard output. A regular file is locked (flock): errors are one that another sensor writes,
// and one that cannot be opened. A file that was moved or removed is noticed within a second and created anew. With
// rotation, full files are kept as <path>.<UTC time>-<number> and listed in <path>.manifest; only files that stand
// there, and still are the files that were set aside (inode), are ever deleted.
Result<std::unique_ptr<Sink>> OpenFileSink(const FileOptions& options, std::string name);

}  // namespace gander::report

#endif  // GANDER_REPORT_SINK_FILE_SINK_H_
