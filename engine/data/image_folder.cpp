#include "engine/data/image_folder.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <new>
#include <optional>
#include <span>
#include <system_error>

#include "engine/base/count_of.h"
#include "engine/base/hash.h"
#include "engine/base/parallel.h"
#include "engine/base/require.h"
#include "engine/data/decode_image.h"
#include "engine/data/file.h"
#include "engine/data/folder_layout.h"
#include "engine/data/image_cache.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;

std::string form_of(const ImageFolderOptions& options) {
  return fmt::format("{} {} {} {}", kDecoderVersion, options.size, options.channels,
                     fmt::join(options.background, ","));
}

/// Identifies everything that the decoded images depend on.
std::string cache_key(const ImageFolderOptions& options, const ImageList& list) {
  std::string key = form_of(options) + "\n";
  for (const ImageFile& file : list.files) {
    std::error_code ignored;
    const uintmax_t bytes = fs::file_size(file.path, ignored);
    const auto time = fs::last_write_time(file.path, ignored).time_since_epoch().count();
    key += fmt::format("{} {} {}\n", file.path.string(), bytes, time);
  }
  return key;
}

fs::path cache_file(const ImageFolderOptions& options, Split split) {
  std::error_code ignored;
  const uint64_t name =
      hash(fmt::format("{} {} {}", fs::canonical(options.folder, ignored).string(),
                       form_of(options), split == Split::kTrain ? "train" : "test"));
  return options.cache / fmt::format("{:016x}.pictures", name);
}

// The problem with the image; empty if there is none.
std::string try_to_decode(const ImageFile& file, const ImageFolderOptions& options,
                          std::span<uint8_t> pixels) {
  try {
    decode_image(
        read_file(file.path),
        {.size = options.size, .channels = options.channels, .background = options.background},
        pixels);
    return "";
  } catch (const Error& error) {
    const std::string reason = error.what(), path = file.path.string();
    return reason.starts_with(path) ? reason : fmt::format("{}: {}", path, reason);
  } catch (const std::bad_alloc&) {
    return fmt::format("{}: out of memory", file.path.string());
  }
}

/// Images without labels, and for each file the problem why it is skipped, or "".
struct Decoded {
  ImageSet images;
  std::vector<std::string> problems;
};

Decoded decode_all(const ImageFolderOptions& options, const ImageList& list) {
  ImageSet images{.height = options.size, .width = options.size, .channels = options.channels};
  const size_t size = images.image_size();
  images.pixels.resize(list.files.size() * size);
  std::vector<std::string> problems(list.files.size());
  in_parallel(list.files.size(), [&](size_t i) {
    std::span<uint8_t> pixels = std::span(images.pixels).subspan(i * size, size);
    problems[i] = try_to_decode(list.files[i], options, pixels);
  });
  for (size_t i = 0; i < list.files.size(); ++i) {
    if (!problems[i].empty()) continue;
    auto from = images.pixels.begin() + static_cast<ptrdiff_t>(i * size);
    auto to = images.pixels.begin() + static_cast<ptrdiff_t>(images.count * size);
    if (from != to) std::copy_n(from, size, to);
    ++images.count;
  }
  images.pixels.resize(images.count * size);
  return {std::move(images), std::move(problems)};
}

// Broken images are tried again, because a file may become readable without a change of its size
// or time: if its permissions or a network mount change.
std::optional<Decoded> recall(const ImageFolderOptions& options, const ImageList& list,
                              const fs::path& file, const std::string& key) {
  std::optional<KeptImages> kept = kept_images(file, key);
  if (!kept || kept->is_missing.size() != list.files.size()) return {};
  Decoded decoded{.images = std::move(kept->images),
                  .problems = std::vector<std::string>(list.files.size())};
  std::vector<uint8_t> pixels(decoded.images.image_size());
  for (size_t i = 0; i < list.files.size(); ++i) {
    if (kept->is_missing[i] == 0) continue;
    decoded.problems[i] = try_to_decode(list.files[i], options, pixels);
    if (decoded.problems[i].empty()) return {};
  }
  return decoded;
}

Decoded decode_or_recall(const ImageFolderOptions& options, const ImageList& list, Split split) {
  const fs::path file = cache_file(options, split);
  const std::string key = cache_key(options, list);
  if (!options.cache.empty()) {
    if (std::optional<Decoded> known = recall(options, list, file, key)) return std::move(*known);
  }
  if (options.on_decode) options.on_decode(static_cast<uint32_t>(list.files.size()));
  Decoded decoded = decode_all(options, list);
  if (options.cache.empty() || decoded.images.count == 0) return decoded;
  try {
    std::vector<uint8_t> is_missing;
    for (const std::string& problem : decoded.problems) is_missing.push_back(!problem.empty());
    keep_images(file, key, decoded.images, is_missing);
  } catch (const Error&) {
    // Failing to write the cache only costs time.
  }
  return decoded;
}

void describe(ImageSet& images, const ImageList& list, std::span<const std::string> problems) {
  for (size_t i = 0; i < list.files.size(); ++i) {
    if (!problems[i].empty()) {
      images.skipped.push_back(problems[i]);
    } else if (!list.class_names.empty()) {
      images.labels.push_back(list.files[i].label);
    }
  }
  images.class_names = list.class_names;
  images.unlabelled = list.unlabelled;
  images.digest = digest_of(list);
}

}  // namespace

ImageSet load_image_folder(const ImageFolderOptions& options, Split split) {
  require(options.channels == 1 || options.channels == 3, "{}: expected 1 or 3 channels, got {}",
          options.folder.string(), options.channels);
  require(options.size >= 1 && options.size <= 4096,
          "{}: expected a size of 1 to 4096 pixels, got {}", options.folder.string(), options.size);
  const FolderLayout folder = read_folder_layout(options.folder, options.needs_labels);
  require(!options.strict || folder.passed_over.empty(),
          "{}: expected images of its splits and nothing else, found {}", options.folder.string(),
          folder.passed_over.empty() ? "" : folder.passed_over[0]);
  const ImageList& list = folder.of(split);
  Decoded decoded = decode_or_recall(options, list, split);
  ImageSet images = std::move(decoded.images);
  describe(images, list, decoded.problems);
  for (const auto* texts : {&folder.unused_splits, &folder.passed_over}) {
    for (const std::string& text : *texts) images.notes.push_back("passed over " + text);
  }
  const size_t broken = images.skipped.size();
  require(!options.strict || broken == 0, "{} ({} in {})", broken == 0 ? "" : images.skipped[0],
          count_of(broken, "broken image"), options.folder.string());
  require(images.count > 0, "{} (0 of {} in {} can be read)", broken == 0 ? "" : images.skipped[0],
          count_of(broken, "image"), options.folder.string());
  return images;
}

}  // namespace pumice::data
