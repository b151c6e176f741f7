#pragma once

#include <string>

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Visits the keys of a recipe: one implementation reads them from TOML, others write them. A dot
/// separates table and key: "train.epochs".
class Fields : public LayerFields {
 public:
  /// Whether values are read, so that values that serve as defaults of others must be set first.
  virtual bool reads() const { return false; }
  /// A name of letters, digits, '-', '_' and '.'.
  virtual void identifier(const std::string& key, std::string& value) = 0;
  virtual void text(const std::string& key, std::string& value) = 0;
  virtual void color(const std::string& key, std::string& value) = 0;
  using LayerFields::whole;
  virtual void whole(const std::string& key, uint64_t& value, uint64_t at_least) = 0;
};

}  // namespace pumice::nn
