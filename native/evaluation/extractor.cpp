#include "native/evaluation/extractor.h"

#include <system_error>

#include "engine/base/hash.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/export.h"
#include "engine/metrics/classifier_extractor.h"
#include "engine/metrics/inception_v3.h"
#include "engine/models/classifier/classifier_model.h"
#include "native/evaluation/frozen_extractor.h"
#include "native/evaluation/inception_file.h"
#include "native/evaluation/train_extractor.h"
#include "native/training/checkpoint_files.h"
#include "native/training/model_recipe.h"

namespace pumice {
namespace {

constexpr std::string_view kInception = "inception:";

uint64_t hash_of(std::span<const std::byte> bytes) {
  return hash({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

/// "extractor-mnist (160 features, 99.3 % right)".
std::string described(const std::string& name, uint32_t size, const io::Checkpoint& checkpoint) {
  const std::vector<io::EpochMetrics> metrics = checkpoint.training().metrics;
  std::string text = fmt::format("{} ({} features", name, size);
  if (!metrics.empty()) {
    text += fmt::format(", {:.1f} % right", 100 * value_of(metrics.back().test, "accuracy"));
  }
  return text + ")";
}

std::filesystem::path existing(const std::string& wanted) {
  std::filesystem::path file = checkpoint_of(wanted);
  std::error_code ignored;
  require(std::filesystem::exists(file, ignored),
          "extractor '{}': no such file; expected extractor-mnist, extractor-fashion-mnist, a "
          "classifier's run or checkpoint, or inception:FILE",
          wanted);
  return file;
}

}  // namespace

std::string OpenExtractor::hash_text() const { return fmt::format("{:016x}", hash); }

std::string OpenExtractor::text() const {
  return fmt::format("{}, hash {}", network->name(), hash_text());
}

ExtractorChoice::ExtractorChoice(const std::string& wanted, const Recipe::Data& data,
                                 const std::string& folder, const Shape& image) {
  if (wanted.starts_with(kInception)) {
    choose_inception(wanted.substr(kInception.size()));
    return;
  }
  if (wanted.empty()) {
    choose_own(data, folder);
  } else {
    frozen_ = frozen_extractor(wanted);
    if (frozen_.empty()) file_ = existing(wanted);
  }
  choose_classifier(image);
}

void ExtractorChoice::choose_classifier(const Shape& image) {
  if (!own_ || is_there()) {
    const io::Checkpoint checkpoint = read();
    if (name_.empty()) {
      const std::string where = checkpoint.file_name() + ": recipe";
      name_ = parse_recipe(checkpoint.training().recipe, where).name;
    }
    take_size_of(checkpoint.network(), image);
  } else {
    take_size_of(describe_model(own_->recipe, {image, own_->classes}), image);
  }
}

void ExtractorChoice::choose_inception(const std::string& file) {
  require_inception(file);
  file_ = file;
  is_inception_ = true;
  name_ = "inception-v3";
  size_ = metrics::kInceptionFeatures;
}

void ExtractorChoice::choose_own(const Recipe::Data& data, const std::string& folder) {
  frozen_ = frozen_extractor("extractor-" + data.name);
  if (!frozen_.empty()) return;
  own_ = own_classifier(data, folder);
  file_ = own_->file;
  name_ = own_->recipe.name;
}

io::Checkpoint ExtractorChoice::read() const {
  if (!frozen_.empty()) {
    return io::Checkpoint(
        io::Safetensors({frozen_.begin(), frozen_.end()}, "the program's extractor"));
  }
  try {
    return read_checkpoint(file_);
  } catch (const Error& error) {
    if (!own_) throw;
    fail("{}; delete the file to train it again", error.what());
  }
}

// A run's checkpoint as the file that `pumice export --extractor` makes of it: both are the same
// network, and have the same hash.
ExtractorChoice::Source ExtractorChoice::source() const {
  if (!frozen_.empty()) return {read(), hash_of(frozen_)};
  io::Checkpoint checkpoint = read();
  if (io::is_exported(checkpoint.header())) {
    return {std::move(checkpoint), hash(read_text(file_))};
  }
  std::vector<std::byte> exported = io::export_bytes(checkpoint, {.with_origin = false});
  const uint64_t hash = hash_of(exported);
  return {io::Checkpoint(io::Safetensors(std::move(exported), checkpoint.file_name())), hash};
}

void ExtractorChoice::take_size_of(const models::Description& network, const Shape& image) {
  const std::unique_ptr<models::Model> model = network.build();
  const auto* of_classifier = model->as<models::ClassifierModel>();
  require(of_classifier != nullptr, "{}: expected a classifier as extractor, found a {}",
          file_.string(), network.family().name);
  require(network.image() == image, "{}: the extractor takes images of {}, the run's are {}", name_,
          network.image(), image);
  size_ = of_classifier->classifier().feature_size();
}

void ExtractorChoice::require_enough(uint32_t images, const std::string& what) const {
  require(images > size_,
          "{} {} are too few for the {} features of {}: their covariance would be singular and FID "
          "meaningless; expected more than {}",
          images, what, size_, name_, size_);
}

bool ExtractorChoice::is_there() const {
  std::error_code ignored;
  return !frozen_.empty() || std::filesystem::exists(file_, ignored);
}

OpenExtractor ExtractorChoice::open(hal::Device& device, const Notify& notify) const {
  if (is_inception_)
    return {.network = open_inception(device, file_), .hash = hash(read_text(file_))};
  if (own_ && !is_there()) train_extractor(device, *own_, notify);
  const auto [checkpoint, hash] = source();
  std::unique_ptr<models::Model> model = checkpoint.network().build();
  model->allocate(device);
  checkpoint.load(*model, device);
  return {.network = std::make_unique<metrics::ClassifierExtractor>(
              device, std::move(model), described(name_, size_, checkpoint)),
          .class_names = checkpoint.class_names(),
          .hash = hash};
}

}  // namespace pumice
