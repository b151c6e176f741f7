#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pumice::train {

/// Adds up the values of a rank's shards as far as the tree of all shards allows: neighbours, then
/// pairs of these, while both are the rank's own. Ranks::sum adds up what is left. Keeps the values
/// of at most log2(shards) pairs besides.
class ShardSums {
 public:
  /// Of a rank with this many shards.
  explicit ShardSums(size_t shards);

  /// The values of the next shard; from the last to the second.
  void add(std::vector<float> values);

  /// How many sums are left on each rank.
  size_t leaves() const { return leaves_; }
  /// These, one after another, for the values from `begin`. `first`: the values of the first shard.
  std::vector<float> with_first(std::span<const float> first, size_t begin) const;

  /// Begins again.
  void clear() { sums_.clear(); }

 private:
  struct Sum {
    size_t shards = 0;
    std::vector<float> values;
  };

  size_t leaves_;
  size_t most_;  ///< shards in a sum
  std::vector<Sum> sums_;
};

}  // namespace pumice::train
