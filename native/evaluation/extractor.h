#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/io/checkpoint.h"
#include "engine/metrics/features.h"
#include "native/evaluation/own_classifier.h"
#include "native/training/load_data.h"

namespace pumice {

/// An extractor on a device, with its identity.
struct OpenExtractor {
  std::unique_ptr<metrics::FeatureExtractor> network;
  std::vector<std::string> class_names = {};  ///< that it distinguishes; may be empty
  /// Of its file, a run's checkpoint as `pumice export --extractor` writes it: metrics of different
  /// extractors are not comparable.
  uint64_t hash = 0;

  std::string hash_text() const;  ///< 16 digits
  /// "extractor-mnist (160 features, 99.3 % right), hash 0123456789abcdef".
  std::string text() const;
};

/// Selects the extractor that compares a run's images, before anything is computed.
class ExtractorChoice {
 public:
  /// `wanted` (--extractor) is the name of one in the program, a classifier's checkpoint or the
  /// folder of its run, "inception:FILE" (see inception_file.h), or empty for the data set's own:
  /// the one in the program (see frozen_extractor.h), else its classifier, trained if it is missing
  /// (see own_classifier.h). `folder`: --data, may be empty; `image`: [height, width, channels] of
  /// the run. Throws Error if the file is not such a network or takes other images, and as
  /// own_classifier().
  ExtractorChoice(const std::string& wanted, const Recipe::Data& data, const std::string& folder,
                  const Shape& image);

  uint32_t size() const { return size_; }  ///< features of an image
  bool is_there() const;                   ///< otherwise open() trains it
  /// Throws Error if `images` are too few to estimate the covariance; `what` names them
  /// ("samples").
  void require_enough(uint32_t images, const std::string& what) const;

  /// Trains the data set's own classifier if it is missing: see train_extractor.
  OpenExtractor open(hal::Device& device, const Notify& notify) const;

 private:
  void choose_own(const Recipe::Data& data, const std::string& folder);
  void choose_inception(const std::string& file);
  void choose_classifier(const Shape& image);
  struct Source {
    io::Checkpoint checkpoint;
    uint64_t hash = 0;
  };
  Source source() const;
  io::Checkpoint read() const;
  void take_size_of(const models::Description& network, const Shape& image);

  std::optional<OwnClassifier> own_;   ///< in `file_`; absent for other networks
  std::span<const std::byte> frozen_;  ///< instead of `file_`, for a network of the program
  std::string name_;
  std::filesystem::path file_;
  bool is_inception_ = false;
  uint32_t size_ = 0;
};

}  // namespace pumice
