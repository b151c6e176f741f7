#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "native/serving/http.h"

namespace pumice::serving {

/// The files of the page's folder, with gzip if the browser accepts it. Compressed files stay in
/// memory; the page's programs are compressed at once. Any number of threads may ask at once.
class PageFiles {
 public:
  explicit PageFiles(const std::filesystem::path& site);

  /// 404 for what is not a file of the folder: hidden files, and links that leave it, are not.
  HttpAnswer answer(const HttpRequest& request);

 private:
  struct PageFile;

  std::filesystem::path file_at(const std::string& address) const;
  std::shared_ptr<const PageFile> find(const std::filesystem::path& path);
  static std::shared_ptr<const PageFile> read(const std::filesystem::path& path,
                                              std::filesystem::file_time_type time);

  std::filesystem::path site_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const PageFile>> files_;
};

}  // namespace pumice::serving
