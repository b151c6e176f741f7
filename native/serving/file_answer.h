#pragma once

#include <filesystem>

#include "native/serving/http.h"

namespace pumice::serving {

/// A file as it is now, whole or the range of bytes that the browser asks for; If-Range and
/// If-None-Match tell whether it changed. Throws Error if it cannot be opened, or is not a file.
HttpAnswer file_answer(const std::filesystem::path& path, const HttpRequest& request);

}  // namespace pumice::serving
