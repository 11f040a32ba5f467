// SPDX-License-Identifier: Apache-2.0
// What the sensor says of itself. Events have their own outputs.
#ifndef GANDER_APP_LOG_H_
#define GANDER_APP_LOG_H_

#include <string>

#include "config/settings.h"

namespace gander::app {

// Standard error until then. Errors: no journal.
Result<bool> OpenLog(const config::LogOptions& options);
// After OpenLog(), as the user that the run continues as: standard error becomes the file, where one is named, so that what
// libraries say lies there too. Errors: it cannot be opened.
Result<bool> OpenLogFile(const config::LogOptions& options);

// After rotation (SIGUSR2): the file's name again. Any thread.
void ReopenLog();

// One message, which may have several lines, without "gander: " and without the last line end. Any thread.
void Log(config::LogLevel level, const std::string& message);
void LogWarning(const Error& error);

}  // namespace gander::app

#endif  // GANDER_APP_LOG_H_
