#include "native/serving/page_files.h"

#include <zlib.h>

#include <algorithm>

#include "engine/base/hash.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "native/formats/extension.h"

namespace pumice::serving {
namespace {

namespace fs = std::filesystem;

struct ContentType {
  std::string_view extension;
  const char* name;
  bool packs;  ///< whether gzip makes it smaller
};

constexpr ContentType kTypes[] = {
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript", true},
    {".mjs", "text/javascript", true},
    {".wasm", "application/wasm", true},
    {".json", "application/json", true},
    {".css", "text/css", true},
    {".svg", "image/svg+xml", true},
    {".png", "image/png", false},
};
constexpr ContentType kOtherType{"", "application/octet-stream", false};

const ContentType& type_of(const fs::path& file) {
  const auto* found =
      std::ranges::find(kTypes, formats::extension_of(file), &ContentType::extension);
  return found == std::end(kTypes) ? kOtherType : *found;
}

std::string gzip(const std::string& text) {
  constexpr int kGzip = 16;  // zlib's flag for gzip's header
  z_stream stream{};
  const int status = deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzip, 9,
                                  Z_DEFAULT_STRATEGY);
  require(status == Z_OK, "serve: zlib cannot compress");
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

bool is_hidden(const fs::path& part) { return part.string().starts_with('.'); }

bool is_within(const fs::path& file, const fs::path& folder) {
  return std::ranges::mismatch(folder, file).in1 == folder.end();
}

}  // namespace

/// A file in memory.
struct PageFiles::PageFile {
  fs::file_time_type time;
  SharedText content;
  SharedText packed;  ///< with gzip; null for types that it does not make smaller
  uint64_t hash = 0;  ///< the same after a restart
};

PageFiles::PageFiles(const fs::path& site) : site_(fs::canonical(site)) {
  for (const char* program : {"/pumice-threads.wasm", "/pumice.wasm"}) find(file_at(program));
}

// Empty if there is none.
fs::path PageFiles::file_at(const std::string& address) const {
  fs::path part = fs::path(address).relative_path();
  if (std::ranges::any_of(part, is_hidden)) return {};
  if (!part.has_filename()) part /= "index.html";
  std::error_code error;
  const fs::path file = fs::canonical(site_ / part, error);
  return !error && is_within(file, site_) && fs::is_regular_file(file, error) ? file : fs::path();
}

std::shared_ptr<const PageFiles::PageFile> PageFiles::find(const fs::path& path) {
  if (path.empty()) return nullptr;
  const fs::file_time_type time = fs::last_write_time(path);
  const std::lock_guard lock(mutex_);
  std::shared_ptr<const PageFile>& known = files_[path.string()];
  if (!known || known->time != time) known = read(path, time);
  return known;
}

std::shared_ptr<const PageFiles::PageFile> PageFiles::read(const fs::path& path,
                                                           fs::file_time_type time) {
  auto file = std::make_shared<PageFile>();
  file->time = time;
  file->content = std::make_shared<const std::string>(read_text(path));
  if (type_of(path).packs) file->packed = std::make_shared<const std::string>(gzip(*file->content));
  file->hash = hash(*file->content);
  return file;
}

HttpAnswer PageFiles::answer(const HttpRequest& request) {
  constexpr unsigned kNotFound = 404;
  const fs::path path = file_at(request.path);
  const std::shared_ptr<const PageFile> file = find(path);
  if (!file) return text_answer(kNotFound, "serve: no such file");
  const bool packs =
      file->packed && request.header("Accept-Encoding").find("gzip") != std::string::npos;
  HttpAnswer answer{.headers = {{"Vary", "Accept-Encoding"}}};
  if (is_known(request, answer, fmt::format("\"{:x}{}\"", file->hash, packs ? "-gzip" : ""))) {
    return answer;
  }
  if (packs) answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.headers.emplace_back("Content-Type", type_of(path).name);
  answer.body = packs ? file->packed : file->content;
  return answer;
}

}  // namespace pumice::serving
