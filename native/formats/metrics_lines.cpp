#include "native/formats/metrics_lines.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/require.h"
#include "engine/io/json_text.h"

namespace pumice::formats {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json parse_line(const std::string& line, const std::string& where) {
  json object = json::parse(line, nullptr, false);
  const bool fits = object.is_object() && object.contains("epoch") && object["epoch"].is_number();
  require(fits, "{}: expected a JSON object with the number 'epoch', found '{}'", where, line);
  return object;
}

std::string kept_lines(const fs::path& path, uint32_t last_epoch) {
  std::string text;
  if (!fs::exists(path)) return text;
  for (const json& object : read_metrics_lines(path)) {
    if (object["epoch"] <= last_epoch) text += io::json_text(object) + "\n";
  }
  return text;
}

}  // namespace

std::vector<json> read_metrics_lines(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  require(stream.good(), "{}: cannot open: {}", path.string(), std::strerror(errno));
  std::vector<json> objects;
  size_t number = 1;
  // An unterminated last line is incomplete.
  for (std::string line; std::getline(stream, line) && !stream.eof(); ++number) {
    objects.push_back(parse_line(line, fmt::format("{}:{}", path.string(), number)));
  }
  return objects;
}

MetricsLines::MetricsLines(const fs::path& path, uint32_t last_epoch)
    : path_(path), file_(nullptr, std::fclose) {
  write_file_atomically(path, kept_lines(path, last_epoch));
  file_.reset(std::fopen(path.c_str(), "ab"));
  require(file_ != nullptr, "{}: cannot open: {}", path.string(), std::strerror(errno));
}

void MetricsLines::append(const json& object) {
  const std::string line = io::json_text(object) + "\n";
  const bool written = std::fwrite(line.data(), 1, line.size(), file_.get()) == line.size() &&
                       std::fflush(file_.get()) == 0;
  require(written, "{}: cannot write: {}", path_.string(), std::strerror(errno));
}

}  // namespace pumice::formats
