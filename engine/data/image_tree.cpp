#include "engine/data/image_tree.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <system_error>

#include "engine/base/lowered.h"
#include "engine/base/require.h"
#include "engine/data/natural_order.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

constexpr size_t kNamed = 3;
constexpr int kLinkDepth = 2;  ///< enough for classes in splits

// Files and folders that systems create by themselves.
bool is_litter(const std::string& name) {
  constexpr std::array<std::string_view, 9> kNames{
      "thumbs.db",    "ehthumbs.db", "desktop.ini",
      "icon\r",       "__macosx",    "@eadir",
      "$recycle.bin", "lost+found",  "system volume information"};
  return name.starts_with('.') ||
         std::find(kNames.begin(), kNames.end(), lowered(name)) != kNames.end();
}

bool is_called_image(const fs::path& path) {
  const std::string ending = lowered(path.extension().string());
  return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

// A dangling link is judged by its name, so that it is reported as unreadable.
bool is_image(const fs::directory_entry& entry) {
  std::error_code ignored;
  const fs::file_type type = entry.status(ignored).type();
  if (type != fs::file_type::regular && type != fs::file_type::not_found) return false;
  return is_called_image(entry.path()) || begins_like_image(entry.path());
}

bool holds(const fs::path& folder, const fs::path& inner) {
  return std::mismatch(folder.begin(), folder.end(), inner.begin(), inner.end()).first ==
         folder.end();
}

bool is_followed(const fs::directory_entry& entry, int depth) {
  std::error_code ignored;
  if (!entry.is_symlink(ignored)) return true;
  return depth < kLinkDepth && !holds(fs::canonical(entry.path(), ignored),
                                      fs::canonical(entry.path().parent_path(), ignored));
}

std::vector<fs::directory_entry> entries_of(const fs::path& folder) {
  std::vector<fs::directory_entry> entries;
  try {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (!is_litter(entry.path().filename().string())) entries.push_back(entry);
    }
  } catch (const fs::filesystem_error& error) {
    fail("{}: cannot list the folder: {}", folder.string(), error.code().message());
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.path().native() < b.path().native(); });
  return entries;
}

// Runs mark the folders of their samples and plots with such a file.
bool is_folder_of_run(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / ".pumice", ignored);
}

void count(OtherFiles& others, const std::string& name) {
  ++others.count;
  if (others.names.size() < kNamed) others.names.push_back(name);
}

/// Reads the folders below `root`.
class Reader {
 public:
  Reader(const fs::path& root, OtherFiles& others) : root_(root), others_(others) {}

  ImageTree read(const fs::path& folder, int depth) const {
    ImageTree tree{.path = folder, .name = folder.filename().string()};
    for (const fs::directory_entry& entry : entries_of(folder)) add(entry, depth, tree);
    std::sort(tree.folders.begin(), tree.folders.end(),
              [](const auto& a, const auto& b) { return naturally_before(a.name, b.name); });
    tree.count += tree.images.size();
    return tree;
  }

 private:
  void add(const fs::directory_entry& entry, int depth, ImageTree& tree) const {
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      if (!is_followed(entry, depth) || is_folder_of_run(entry.path())) return;
      ImageTree folder = read(entry.path(), depth + 1);
      tree.count += folder.count;
      if (folder.count > 0) tree.folders.push_back(std::move(folder));
    } else if (is_image(entry)) {
      tree.images.push_back(entry.path());
    } else {
      count(others_, entry.path().lexically_relative(root_).generic_string());
    }
  }

  const fs::path& root_;
  OtherFiles& others_;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

ImageTree read_image_tree(const fs::path& folder, OtherFiles& others) {
  return Reader(folder, others).read(folder, 0);
}

bool begins_like_image(const fs::path& file) {
  constexpr std::string_view kPng = "\x89PNG\r\n\x1a\n", kJpeg = "\xff\xd8\xff";
  const std::unique_ptr<std::FILE, CloseFile> stream(std::fopen(file.c_str(), "rb"));
  if (!stream) return false;
  std::setvbuf(stream.get(), nullptr, _IONBF, 0);
  std::array<char, 8> bytes{};
  const size_t size = std::fread(bytes.data(), 1, bytes.size(), stream.get());
  const std::string_view begin(bytes.data(), size);
  return begin.starts_with(kPng) || begin.starts_with(kJpeg);
}

}  // namespace pumice::data
