#include "native/training/load_data.h"

#include <algorithm>

#include "engine/base/cache_folder.h"
#include "engine/base/count_of.h"
#include "engine/base/require.h"
#include "engine/data/folder_layout.h"
#include "native/training/data_folder.h"

namespace pumice {
namespace {

std::filesystem::path folder_of(const Recipe::Data& wanted, const std::string& folder) {
  return wanted.name == "folder" ? image_folder(wanted, folder) : data_folder(folder, wanted.name);
}

void report_skipped(const data::ImageSet& images, const Notify& notify) {
  constexpr size_t kNamed = 10;
  const size_t count = images.skipped.size();
  if (count == 0) return;
  for (size_t i = 0; i < std::min(count, kNamed); ++i) {
    notify(fmt::format("left out {}", images.skipped[i]));
  }
  if (count > kNamed) notify(fmt::format("left out {} more", count - kNamed));
  notify(fmt::format("left out {} and kept {}", count_of(count, "broken image"),
                     count_of(images.count, "image")));
}

void require_labels(const Recipe& recipe, const std::string& folder, bool has_labels,
                    const std::string& unlabelled) {
  require(
      has_labels || !needs_labels(recipe), "{} needs the class of every image: {}", recipe.name,
      unlabelled.empty() ? folder + ": expected one sub-folder per class, found none" : unlabelled);
}

// Checked before the images are decoded.
void require_folder_labels(const Recipe& recipe, const std::string& folder) {
  if (!needs_labels(recipe) || recipe.data.name != "folder") return;
  const std::filesystem::path path = folder_of(recipe.data, folder);
  const data::FolderLayout layout = data::read_folder_layout(path, true);
  for (const data::ImageList* list : {&layout.train, &layout.test}) {
    require_labels(recipe, path.string(), !list->class_names.empty(), list->unlabelled);
  }
}

}  // namespace

std::filesystem::path image_folder(const Recipe::Data& data, const std::string& folder) {
  require(!folder.empty() || !data.path.empty(),
          "data: expected a folder of images: set data.path in the recipe, or pass --data DIR");
  return folder.empty() ? data.path : folder;
}

bool needs_labels(const Recipe& recipe) {
  return recipe.conditional || recipe.spec.family().needs_labels;
}

bool has_same_data(const Recipe& a, const Recipe& b) {
  return a.data == b.data && needs_labels(a) == needs_labels(b);
}

data::ImageSet load_data(const Recipe& recipe, const std::string& folder, data::Split split,
                         const Notify& notify) {
  const Recipe::Data& wanted = recipe.data;
  data::ImageFolderOptions options{.folder = folder_of(wanted, folder),
                                   .size = wanted.size,
                                   .channels = wanted.channels,
                                   .background = data::color_by_name(wanted.background).value(),
                                   .strict = wanted.strict,
                                   .needs_labels = needs_labels(recipe)};
  if (!cache_folder().empty()) options.cache = cache_folder() / "pictures";
  options.on_decode = [&](uint32_t count) {
    notify(fmt::format("decoding {} of {}", count_of(count, "image"), options.folder.string()));
  };
  data::ImageSet images = data::load(wanted.name, options, split);
  require_labels(recipe, images.source, !images.labels.empty(), images.unlabelled);
  report_skipped(images, notify);
  return images;
}

TrainingData load_training_data(const Recipe& recipe, const std::string& folder,
                                const Notify& notify) {
  require_folder_labels(recipe, folder);
  TrainingData data;
  data.train = load_data(recipe, folder, data::Split::kTrain, notify);
  for (const std::string& note : data.train.notes) notify(note);
  data.test = load_data(recipe, folder, data::Split::kTest, notify);
  for (const data::ImageSet* images : {&data.train, &data.test}) {
    if (images->unlabelled.empty()) continue;
    notify(fmt::format("the {} images have no classes: {}",
                       images == &data.train ? "training" : "test", images->unlabelled));
  }
  return data;
}

}  // namespace pumice
