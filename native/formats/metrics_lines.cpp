#include "native/formats/metrics_lines.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/base/atomic_file.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/json_text.h"

namespace pumice::formats {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool is_metrics(const json& object) {
  return object.is_object() && object.contains("epoch") && object["epoch"].is_number();
}

/// The objects before the first damaged line, whose number and text are stored; 0 if there is none.
std::vector<json> read_intact(const fs::path& path, size_t& damaged, std::string& line) {
  std::istringstream stream(read_text(path));
  std::vector<json> objects;
  damaged = 0;
  // An unterminated last line is incomplete.
  for (size_t number = 1; std::getline(stream, line) && !stream.eof(); ++number) {
    json object = json::parse(line, nullptr, false);
    if (!is_metrics(object)) damaged = number;
    if (damaged > 0) break;
    objects.push_back(std::move(object));
  }
  return objects;
}

std::vector<json> intact_lines(const fs::path& path, std::string& problem) {
  problem = "it is missing";
  if (!fs::exists(path)) return {};
  size_t damaged = 0;
  std::string ignored;
  std::vector<json> objects = read_intact(path, damaged, ignored);
  problem = damaged == 0 ? "" : fmt::format("line {} is damaged", damaged);
  return objects;
}

/// `expected`, with the objects that the file has instead of its own.
std::string kept_lines(const fs::path& path, std::vector<json> expected, LostRows& lost) {
  const std::vector<json> found = intact_lines(path, lost.problem);
  std::string text;
  for (json& object : expected) {
    const auto at = std::ranges::find_if(
        found, [&](const json& line) { return line["epoch"] == object["epoch"]; });
    if (at == found.end()) lost.numbers.push_back(object["epoch"]);
    text += io::json_text(at == found.end() ? object : *at) + "\n";
  }
  return text;
}

}  // namespace

std::vector<json> read_metrics_lines(const fs::path& path) {
  size_t damaged = 0;
  std::string line;
  std::vector<json> objects = read_intact(path, damaged, line);
  if (line.find('\0') != line.npos) line = "zero bytes";  // as a power failure leaves it
  require(damaged == 0, "{}:{}: expected a JSON object with the number 'epoch', found '{}'",
          path.string(), damaged, line);
  return objects;
}

MetricsLines::MetricsLines(const fs::path& path, std::vector<json> expected,
                           const std::string& substitute, const Warn& warn)
    : path_(path), file_(nullptr, std::fclose) {
  LostRows lost{.key = "epoch", .expected = expected.size(), .substitute = substitute};
  write_file_atomically(path, kept_lines(path, std::move(expected), lost));
  warn_of_lost_rows(path, lost, warn);
  file_.reset(std::fopen(path.c_str(), "ab"));
  require(file_ != nullptr, "{}: cannot open: {}", path.string(), std::strerror(errno));
}

void MetricsLines::append(const json& object) {
  const std::string line = io::json_text(object) + "\n";
  const bool written = std::fwrite(line.data(), 1, line.size(), file_.get()) == line.size() &&
                       std::fflush(file_.get()) == 0 && fdatasync(fileno(file_.get())) == 0;
  require(written, "{}: cannot write: {}", path_.string(), std::strerror(errno));
}

}  // namespace pumice::formats
