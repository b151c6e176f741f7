#include "native/report/run_images.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/require.h"
#include "native/report/page.h"
#include "native/report/scatter_file.h"

namespace pumice::report {
namespace {

namespace fs = std::filesystem;
using formats::Image;
using nlohmann::json;

constexpr size_t kMostEpochs = 25;
constexpr uint64_t kGridBytes = 400'000;  // of pixels: ten by ten images of 32x32x3 fit

json to_json(const Image& image) {
  return {{"src", report::data_uri("image/png", formats::encode_png(image))},
          {"width", image.width},
          {"height", image.height}};
}

// Whole pairs of rows, since reconstructions are below their originals.
Image with_first_rows(Image image, uint32_t row) {
  const uint64_t pair = uint64_t{2} * row * image.width * image.channels;
  if (image.pixels.size() <= kGridBytes || pair == 0) return image;
  const uint64_t pairs = std::max<uint64_t>(kGridBytes / pair, 1);
  image.height = static_cast<uint32_t>(std::min<uint64_t>(2 * row * pairs + 1, image.height));
  image.pixels.resize(uint64_t{image.width} * image.height * image.channels);
  return image;
}

// The epochs of the files: 12 for "epoch-0012.png".
std::vector<uint32_t> epochs_in(const fs::path& folder) {
  constexpr std::string_view kPrefix = "epoch-";
  std::vector<uint32_t> epochs;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    uint32_t epoch = 0;
    if (!name.starts_with(kPrefix) || entry.path().extension() != ".png") continue;
    const char* end = name.data() + name.size() - 4;
    if (std::from_chars(name.data() + kPrefix.size(), end, epoch).ptr == end) {
      epochs.push_back(epoch);
    }
  }
  std::sort(epochs.begin(), epochs.end());
  return epochs;
}

size_t length(const json& entry) { return entry["src"].get_ref<const std::string&>().size(); }

size_t length_of_all(const json& entries) {
  size_t sum = 0;
  for (const json& entry : entries) {
    if (entry.contains("src")) sum += length(entry);
    if (entry.contains("thumbnails")) sum += length(entry["thumbnails"]);
  }
  return sum;
}

template <typename PathOf>
json series(const fs::path& folder, const PathOf& path_of, uint32_t row, size_t budget) {
  std::vector<uint32_t> epochs = spread(epochs_in(folder), kMostEpochs);
  json entries = json::array();
  for (uint32_t epoch : epochs) {
    json entry = to_json(with_first_rows(formats::read_grid(path_of(epoch)), row));
    entry["epoch"] = epoch;
    entries.push_back(std::move(entry));
  }
  while (epochs.size() > 1 && length_of_all(entries) > budget) {
    epochs = spread(epochs,
                    std::min(epochs.size() - 1, epochs.size() * budget / length_of_all(entries)));
    json kept = json::array();
    for (json& entry : entries) {
      if (std::ranges::count(epochs, entry["epoch"].get<uint32_t>()) > 0) {
        kept.push_back(std::move(entry));
      }
    }
    entries = std::move(kept);
  }
  return entries;
}

json still(Image image, size_t budget) {
  json entry = to_json(image);
  while (length(entry) > budget && image.width > 1 && image.height > 1) {
    image = halved(image);
    entry = to_json(image);
  }
  return entry;
}

/// The encoded test images as points or, of a run of an earlier version, as an image.
template <typename Put>
void put_latents(const ReportedRun& run, size_t budget, const Put& put) {
  const RunFolder& folder = run.folder;
  std::error_code ignored;
  if (run.latents || fs::exists(folder.latent_points(), ignored)) {
    put("scatter", [&] {
      json scatter =
          run.latents ? scatter_to_json(*run.latents) : read_scatter(folder.latent_points());
      const auto thumbnails = scatter.find("thumbnails");
      if (thumbnails != scatter.end() && length(*thumbnails) > budget) scatter.erase(thumbnails);
      return scatter;
    });
  } else if (fs::exists(folder.latents(), ignored)) {
    put("latents", [&] { return still(formats::read_png(folder.latents()), budget); });
  }
}

}  // namespace

std::vector<uint32_t> spread(std::span<const uint32_t> all, size_t count) {
  if (all.size() <= count) return {all.begin(), all.end()};
  if (count <= 1) return {all.back()};
  std::vector<uint32_t> chosen;
  for (size_t i = 0; i < count; ++i) {
    chosen.push_back(all[(i * (all.size() - 1) + (count - 1) / 2) / (count - 1)]);
  }
  return chosen;
}

json images_to_json(const ReportedRun& run, uint32_t row, size_t budget,
                    std::vector<std::string>& notes) {
  json images = json::object();
  auto put = [&](const char* name, const auto& make) {
    try {
      images[name] = make();
    } catch (const Error& error) {
      notes.emplace_back(error.what());
    }
  };
  const RunFolder& folder = run.folder;
  auto put_still = [&](const char* name, const fs::path& file, const std::optional<Image>& drawn,
                       Image (*read)(const fs::path&), size_t most) {
    std::error_code ignored;
    if (!drawn && !fs::exists(file, ignored)) return;
    put(name, [&] { return still(drawn ? *drawn : read(file), most); });
  };
  // For a run that has no samples by epoch.
  put_still("samples_within_first_epoch", folder.samples_within_first_epoch(), run.samples,
            formats::read_grid, budget / 2);
  put_still("interpolation", folder.interpolation(), run.interpolation, formats::read_grid,
            budget / 10);
  put_still("passes", folder.passes(), {}, formats::read_grid, budget / 10);
  put_latents(run, budget / 5, put);
  put_still("manifold", folder.manifold(), {}, formats::read_grid, budget / 10);
  put_still("neighbours", folder.neighbours(), {}, formats::read_grid, budget / 10);
  const size_t rest = (budget - std::min(budget, length_of_all(images))) / 2;
  put("samples", [&] {
    return series(
        folder.samples(), [&](uint32_t epoch) { return folder.samples(epoch); }, row, rest);
  });
  put("reconstructions", [&] {
    return series(
        folder.reconstructions(), [&](uint32_t epoch) { return folder.reconstructions(epoch); },
        row, rest);
  });
  return images;
}

}  // namespace pumice::report
