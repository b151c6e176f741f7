#include "native/commands/served_page.h"

#include <httplib.h>
#include <zlib.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "native/commands/served_answer.h"
#include "native/formats/extension.h"

namespace pumice::commands {
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

// FNV-1a, for an entity tag that is the same after a restart.
uint64_t hash_of(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : text) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3;
  return hash;
}

/// A file of the page in memory.
struct PageFile {
  fs::file_time_type time;
  std::string content;
  std::string packed;  ///< with gzip; empty for types that it does not make smaller
  uint64_t hash = 0;
};

class PageFiles {
 public:
  explicit PageFiles(fs::path site) : site_(std::move(site)) {}

  /// Null if there is no such file. `address`: "/page.js".
  std::shared_ptr<const PageFile> find(const std::string& address) {
    fs::path file = fs::path(address).relative_path().lexically_normal();
    if (file.empty() || !file.has_filename()) file /= "index.html";
    std::error_code error;
    const bool is_outside = *file.begin() == "..";
    if (is_outside || !fs::is_regular_file(site_ / file, error)) return nullptr;
    const fs::file_time_type time = fs::last_write_time(site_ / file, error);
    const std::lock_guard lock(mutex_);
    std::shared_ptr<const PageFile>& known = files_[file.string()];
    if (!known || known->time != time) known = read(site_ / file, time);
    return known;
  }

 private:
  static std::shared_ptr<const PageFile> read(const fs::path& path, fs::file_time_type time) {
    auto file = std::make_shared<PageFile>();
    file->time = time;
    file->content = read_text(path);
    if (type_of(path).packs) file->packed = gzip(file->content);
    file->hash = hash_of(file->content);
    return file;
  }

  fs::path site_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const PageFile>> files_;
};

// Given by a provider, cpp-httplib does not compress the bytes once more.
void send(httplib::Response& response, const std::shared_ptr<const PageFile>& file,
          const std::string& content, const char* type) {
  if (content.empty()) return response.set_content("", type);
  response.set_content_provider(content.size(), type,
                                [file, &content](size_t at, size_t count, httplib::DataSink& sink) {
                                  return sink.write(content.data() + at, count);
                                });
}

void answer(PageFiles& files, const httplib::Request& request, httplib::Response& response) {
  const std::shared_ptr<const PageFile> file = files.find(request.path);
  response.status = file ? 200 : 404;
  if (!file) return;
  const fs::path name = request.path.ends_with('/') ? "index.html" : request.path;
  const bool packs = !file->packed.empty() &&
                     request.get_header_value("Accept-Encoding").find("gzip") != std::string::npos;
  response.set_header("Vary", "Accept-Encoding");
  if (is_known(request, response, fmt::format("\"{:x}{}\"", file->hash, packs ? "-gzip" : ""))) {
    return;
  }
  if (packs) response.set_header("Content-Encoding", "gzip");
  send(response, file, packs ? file->packed : file->content, type_of(name).name);
}

}  // namespace

void serve_page(httplib::Server& server, const fs::path& site) {
  const auto files = std::make_shared<PageFiles>(site);
  files->find("/pumice.wasm");
  server.Get(".*", [files](const httplib::Request& request, httplib::Response& response) {
    answer(*files, request, response);
  });
}

}  // namespace pumice::commands
