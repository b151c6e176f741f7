#include "native/run/load_data.h"

#include <algorithm>

#include "engine/base/cache_folder.h"
#include "engine/base/require.h"
#include "engine/data/picture_list.h"
#include "native/run/data_folder.h"

namespace pumice {
namespace {

std::filesystem::path folder_of(const Recipe::Data& wanted, const std::string& folder) {
  if (wanted.name != "folder") return data_folder(folder, wanted.name);
  require(!folder.empty() || !wanted.path.empty(),
          "data: expected a folder of pictures: set data.path in the recipe, or pass --data DIR");
  return folder.empty() ? wanted.path : folder;
}

void say_skipped(const data::ImageSet& images, const Say& say) {
  constexpr size_t kNamed = 10;
  const size_t count = images.skipped.size();
  if (count == 0) return;
  for (size_t i = 0; i < std::min(count, kNamed); ++i) {
    say(fmt::format("left out {}", images.skipped[i]));
  }
  if (count > kNamed) say(fmt::format("left out {} more", count - kNamed));
  say(fmt::format("left out {} broken pictures; {} are there", count, images.count));
}

void require_classes(const Recipe& recipe, const std::string& folder) {
  const bool needs_classes = recipe.conditional || recipe.model == "classifier";
  if (!needs_classes || recipe.data.name != "folder") return;
  const std::filesystem::path path = folder_of(recipe.data, folder);
  require(!data::list_pictures(path, data::Split::kTrain).class_names.empty(),
          "{}: {} expects one sub-folder per class, found none", path.string(), recipe.name);
}

}  // namespace

data::ImageSet load_data(const Recipe::Data& wanted, const std::string& folder, data::Split split,
                         const Say& say) {
  data::ImageFolderOptions options{.folder = folder_of(wanted, folder),
                                   .size = wanted.size,
                                   .channels = wanted.channels,
                                   .background = data::color_by_name(wanted.background).value(),
                                   .strict = wanted.strict};
  if (!cache_folder().empty()) options.cache = cache_folder() / "pictures";
  options.on_decode = [&](uint32_t pictures) {
    say(fmt::format("decoding {} pictures of {}", pictures, options.folder.string()));
  };
  data::ImageSet images = data::load(wanted.name, options, split);
  say_skipped(images, say);
  return images;
}

TrainingData load_training_data(const Recipe& recipe, const std::string& folder, const Say& say) {
  require_classes(recipe, folder);
  return {.train = load_data(recipe.data, folder, data::Split::kTrain, say),
          .test = load_data(recipe.data, folder, data::Split::kTest, say)};
}

}  // namespace pumice
