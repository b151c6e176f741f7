#include "native/evaluation/own_classifier.h"

#include <algorithm>

#include "engine/base/cache_folder.h"
#include "engine/base/hash.h"
#include "engine/base/require.h"
#include "engine/data/folder_layout.h"
#include "native/training/load_data.h"

namespace pumice {
namespace {

std::filesystem::path kept_as(const std::string& name) {
  require(!cache_folder().empty(),
          "expected $HOME or $XDG_CACHE_HOME, to keep the classifier of {}; or pass --extractor",
          name);
  return cache_folder() / "extractors" / (name + ".safetensors");
}

/// For that many training images: small folders are shown more often, tiny ones in smaller batches.
Recipe folder_recipe(size_t images) {
  constexpr size_t kLeastSteps = 400, kMostEpochs = 50;
  const Recipe usual = load_recipe("classifier-folder");
  const size_t batch = std::min<size_t>(usual.train.batch, images);
  const size_t steps = images / batch;
  const size_t epochs = std::max<size_t>(usual.train.epochs,
                                         std::min(kMostEpochs, (kLeastSteps + steps - 1) / steps));
  const std::vector<std::string> changes{fmt::format("train.batch={}", batch),
                                         fmt::format("train.epochs={}", epochs),
                                         fmt::format("optimizer.decay_epochs={}", epochs)};
  return load_recipe("classifier-folder", changes);
}

OwnClassifier folder_classifier(const Recipe::Data& data, const std::string& folder) {
  const std::filesystem::path path = image_folder(data, folder);
  const data::FolderLayout layout = data::read_folder_layout(path, true);
  const size_t classes = layout.train.class_names.size();
  require(
      classes > 1,
      "{}: to measure images, a classifier is trained on the folder's classes, and it has "
      "{}: sort them into one sub-folder per class, or pass --extractor (in recipes and sweeps, "
      "evaluate.extractor) inception:FILE or the run of a classifier",
      path.string(), classes == 0 ? "none" : "only one");
  OwnClassifier own{.recipe = folder_recipe(layout.train.files.size()),
                    .folder = path.string(),
                    .classes = static_cast<uint32_t>(classes),
                    .file = {}};
  own.recipe.data = data;
  own.recipe.data.path.clear();  // a folder that moves keeps its classifier
  const uint64_t files = extended(digest_of(layout.train), digest_of(layout.test));
  own.file = kept_as(fmt::format("folder-{:016x}", extended(files, hash(to_toml(own.recipe)))));
  return own;
}

}  // namespace

OwnClassifier own_classifier(const Recipe::Data& data, const std::string& folder) {
  if (data.name == "folder") return folder_classifier(data, folder);
  return {.recipe = load_recipe("classifier-" + data.name),
          .folder = folder,
          .classes = image_kind(data).classes,
          .file = kept_as(data.name)};
}

}  // namespace pumice
