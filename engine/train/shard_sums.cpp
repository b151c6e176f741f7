#include "engine/train/shard_sums.h"

#include <algorithm>
#include <utility>

namespace pumice::train {
namespace {

void add_values(std::span<float> to, std::span<const float> from) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

}  // namespace

// The pairs of the largest power of two that divides the number of shards end where ranks do.
ShardSums::ShardSums(size_t shards)
    : leaves_(shards / (shards & (~shards + 1))), most_(shards / leaves_) {}

void ShardSums::add(std::vector<float> values) {
  size_t shards = 1;
  while (shards < most_ && !sums_.empty() && sums_.back().shards == shards) {
    add_values(values, sums_.back().values);
    sums_.pop_back();
    shards *= 2;
  }
  sums_.push_back({shards, std::move(values)});
}

std::vector<float> ShardSums::with_first(std::span<const float> first, size_t begin) const {
  std::vector<float> all(first.size() * leaves_);
  std::ranges::copy(first, all.begin());
  auto sum = sums_.rbegin();
  for (; sum != sums_.rend() && sum->shards < most_; ++sum) {
    add_values(std::span(all).first(first.size()),
               std::span(sum->values).subspan(begin, first.size()));
  }
  for (size_t leaf = 1; sum != sums_.rend(); ++sum, ++leaf) {
    std::copy_n(sum->values.begin() + static_cast<std::ptrdiff_t>(begin), first.size(),
                all.begin() + static_cast<std::ptrdiff_t>(leaf * first.size()));
  }
  return all;
}

}  // namespace pumice::train
