#include "native/training/data_record.h"

#include <algorithm>

#include "engine/base/count_of.h"
#include "engine/base/require.h"

namespace pumice {
namespace {

constexpr size_t kDigits = 16;  // of a split's digest

std::string digest_text(const data::ImageSet& images) {
  return fmt::format("{:0{}x}", images.digest, kDigits);
}

std::string split_difference(const std::string& split, uint32_t count, std::string_view digest,
                             const data::ImageSet& now) {
  if (now.count == 0) return "";
  if (now.count != count) {
    return fmt::format("{} when the run began, now {}", count_of(count, split + " image"),
                       now.count);
  }
  if (digest == digest_text(now)) return "";
  return fmt::format("{} as when the run began, but different ones",
                     count_of(count, split + " image"));
}

void require_old_order(const io::Checkpoint& run, const Recipe& recipe,
                       const data::ImageSet& images) {
  const std::vector<std::string>& names = images.class_names;
  require(!needs_labels(recipe) || recipe.data.name != "folder" ||
              std::is_sorted(names.begin(), names.end()),
          "{}: was written by a version that numbered class {} differently: train a new run",
          run.file_name(), names.empty() ? "" : names.back());
}

}  // namespace

std::vector<std::string> kept_class_names(const std::vector<std::string>& names) {
  return io::class_names_from_json(io::class_names_to_json(names), "class names");
}

void match_class_names(data::ImageSet& images, const std::vector<std::string>& names) {
  const std::vector<std::string> found = kept_class_names(images.class_names);
  if (names.empty() || images.labels.empty() || found == names) return;
  std::vector<data::Label> labels;
  for (const std::string& name : found) {
    const auto at = std::find(names.begin(), names.end(), name);
    require(at != names.end(), "{}: the model has no class {}", images.source, name);
    labels.push_back(static_cast<data::Label>(at - names.begin()));
  }
  for (data::Label& label : images.labels) label = labels[label];
  images.class_names = names;
}

io::DataRecord data_record(const TrainingData& data) {
  return {.train = data.train.count,
          .test = data.test.count,
          .digest = digest_text(data.train) + digest_text(data.test)};
}

std::vector<std::string> class_names_for(const models::Description& network,
                                         const data::ImageSet& images) {
  if (network.classes() == 0) return {};
  return images.class_names;
}

std::string data_difference(const io::DataRecord& then, const TrainingData& now) {
  const std::string_view digest = then.digest;
  const std::string train = split_difference(
      "training", then.train, digest.substr(0, std::min(kDigits, digest.size())), now.train);
  const std::string test = split_difference(
      "test", then.test, digest.substr(std::min(kDigits, digest.size())), now.test);
  return train + (train.empty() || test.empty() ? "" : "; ") + test;
}

void require_same_data(const io::Checkpoint& run, const Recipe& recipe, const TrainingData& data,
                       bool accepts_change, const Notify& notify) {
  const io::TrainingRecord record = run.training();
  if (!record.data) return require_old_order(run, recipe, data.train);
  require(
      record.class_names.empty() || kept_class_names(data.train.class_names) == record.class_names,
      "{}: its classes differ from those of the run", data.train.source);
  const std::string difference = data_difference(*record.data, data);
  if (difference.empty()) return;
  const uint32_t images = std::max(images_per_step(recipe), 1u);
  const uint32_t before = record.data->train / images, now = data.train.count / images;
  require(before == now,
          "{}: {}: an epoch would have {} instead of {}; restore the data, or train a new run",
          data.train.source, difference, count_of(now, "step"), before);
  require(accepts_change,
          "{}: {}; restore the data, train a new run, or resume with this data (--changed-data)",
          data.train.source, difference);
  notify(fmt::format("{}: {}", data.train.source, difference));
}

}  // namespace pumice
