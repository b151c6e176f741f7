#include "engine/train/ranks.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "engine/base/divide_up.h"

namespace pumice::train {
namespace {

class SingleRank final : public Ranks {
 public:
  uint32_t rank() const override { return 0; }
  uint32_t size() const override { return 1; }
  uint32_t local_rank() const override { return 0; }
  void all_to_all(std::span<const std::byte> from, std::span<std::byte> to) override {
    std::ranges::copy(from, to.begin());
  }
  void all_gather(std::span<const std::byte> own, std::span<std::byte> all) override {
    std::ranges::copy(own, all.begin());
  }
  void broadcast(std::span<std::byte> /*bytes*/) override {}
  [[noreturn]] void abort(int exit_code) override { std::exit(exit_code); }
};

// Bounds the memory for what travels, and stays within MPI's counts.
constexpr size_t kMostAtOnce = size_t{16} << 20;  // values
// Fewer travel in one exchange rather than two.
constexpr size_t kFew = 4096;  // values

/// Adds the blocks of all ranks up in the first one.
template <typename Value>
void add_blocks(Value* blocks, size_t block, size_t count) {
  for (size_t stride = 1; stride < count; stride *= 2) {
    for (size_t each = 0; each + stride < count; each += 2 * stride) {
      Value* to = blocks + each * block;
      const Value* from = blocks + (each + stride) * block;
      for (size_t i = 0; i < block; ++i) to[i] += from[i];
    }
  }
}

template <typename Value>
Value* values_in(std::vector<std::byte>& bytes, size_t count) {
  bytes.resize(std::max(bytes.size(), count * sizeof(Value)));
  return reinterpret_cast<Value*>(bytes.data());
}

template <typename Value>
std::span<const std::byte> bytes_of(const Value* values, size_t count) {
  return std::as_bytes(std::span(values, count));
}

template <typename Value>
std::span<std::byte> writable_bytes_of(Value* values, size_t count) {
  return std::as_writable_bytes(std::span(values, count));
}

void check(std::string_view who, const Parallel& parallel, uint32_t batch) {
  const uint32_t ranks = parallel.ranks->size(), shards = parallel.shards;
  require(
      !parallel.sync_batch_norm || parallel.sync_every == 1,
      "{}: sync_batch_norm needs ranks that meet at every step: expected sync_every = 1, got {}",
      who, parallel.sync_every);
  require(shards == 0 || parallel.sync_every == 1,
          "{}: shards are added up at every step: expected sync_every = 1, got {}", who,
          parallel.sync_every);
  require(shards == 0 || !parallel.sync_batch_norm,
          "{}: with {} shards, batch norm normalises by the rows of each: expected sync_batch_norm "
          "= false",
          who, shards);
  require(shards % ranks == 0, "{}: expected shards that are a multiple of the {} ranks, got {}",
          who, ranks, shards);
  require(shards == 0 || batch % shards == 0,
          "{}: expected a batch that {} shards divide, got {} images", who, shards, batch);
  require(ranks == 1 || batch >= ranks,
          "{}: expected a batch of at least {} images, one for each rank, got {}", who, ranks,
          batch);
}

}  // namespace

void Ranks::sum(std::span<float> values) { sum_all(values, 1); }
void Ranks::sum(std::span<double> values) { sum_all(values, 1); }
void Ranks::sum(std::span<float> values, size_t leaves) { sum_all(values, leaves); }

template <typename Value>
void Ranks::sum_all(std::span<Value> values, size_t leaves) {
  if (size() == 1) return add_blocks(values.data(), values.size() / leaves, leaves);
  if (values.size() <= kFew) return sum_gathered(values, leaves);
  if (leaves > 1) return sum_scattered(values, leaves);
  for (size_t begin = 0; begin < values.size(); begin += kMostAtOnce) {
    const auto part = values.subspan(begin, std::min(kMostAtOnce, values.size() - begin));
    part.size() <= kFew ? sum_gathered(part, 1) : sum_scattered(part, 1);
  }
}

template <typename Value>
void Ranks::sum_gathered(std::span<Value> values, size_t leaves) {
  const size_t count = values.size();
  Value* all = values_in<Value>(incoming_, size() * count);
  all_gather(std::as_bytes(values), writable_bytes_of(all, size() * count));
  add_blocks(all, count / leaves, size() * leaves);
  std::copy_n(all, count / leaves, values.begin());
  bytes_sent_ += uint64_t{size() - 1} * values.size_bytes();
}

// Each rank adds up one block of the values and sends it to the others: every value leaves a rank
// about twice, whatever the number of ranks.
template <typename Value>
void Ranks::sum_scattered(std::span<Value> values, size_t leaves) {
  const size_t count = values.size() / leaves;
  const size_t block = divide_up(count, size_t{size()});
  const size_t padded = block * size();
  Value* outgoing = values_in<Value>(outgoing_, padded * leaves);
  Value* incoming = values_in<Value>(incoming_, padded * leaves);
  std::fill(outgoing, outgoing + padded * leaves, Value{});
  for (size_t leaf = 0; leaf < leaves; ++leaf) {
    for (size_t begin = 0; begin < count; begin += block) {
      std::copy_n(values.data() + leaf * count + begin, std::min(block, count - begin),
                  outgoing + begin * leaves + leaf * block);
    }
  }
  all_to_all(bytes_of(outgoing, padded * leaves), writable_bytes_of(incoming, padded * leaves));
  add_blocks(incoming, block, size() * leaves);
  all_gather(bytes_of(incoming, block), writable_bytes_of(outgoing, padded));
  std::copy_n(outgoing, count, values.begin());
  bytes_sent_ += uint64_t{size() - 1} * block * (leaves + 1) * sizeof(Value);
}

bool Ranks::any(bool mine) {
  const std::byte own{mine};
  std::vector<std::byte> all(size());
  all_gather(std::span(&own, 1), all);
  return std::ranges::any_of(all, [](std::byte each) { return each != std::byte{0}; });
}

bool Ranks::first(bool mine) {
  std::byte answer{mine};
  broadcast(std::span(&answer, 1));
  return answer != std::byte{0};
}

std::vector<std::string> Ranks::gather(const std::string& mine) {
  const uint64_t length = mine.size();
  std::vector<uint64_t> lengths(size());
  all_gather(bytes_of(&length, 1), writable_bytes_of(lengths.data(), lengths.size()));
  const uint64_t longest = *std::ranges::max_element(lengths);
  std::string padded = mine, all(longest * size(), '\0');
  padded.resize(longest);
  all_gather(bytes_of(padded.data(), padded.size()), writable_bytes_of(all.data(), all.size()));
  std::vector<std::string> texts;
  for (size_t rank = 0; rank < size(); ++rank) {
    texts.push_back(all.substr(rank * longest, lengths[rank]));
  }
  return texts;
}

Ranks& single_rank() {
  static SingleRank rank;
  return rank;
}

void do_together(Ranks& ranks, const std::function<void()>& work) {
  if (ranks.size() == 1) return work();
  std::string problem;
  try {
    work();
  } catch (const std::exception& error) {
    problem = error.what();
    if (problem.empty()) problem = "unknown error";
  }
  const std::vector<std::string> problems = ranks.gather(problem);
  const bool is_same = std::ranges::all_of(problems, [&](const auto& p) { return p == problem; });
  for (size_t rank = 0; rank < problems.size(); ++rank) {
    if (problems[rank].empty()) continue;
    throw FailedTogether((is_same ? "" : fmt::format("rank {}: ", rank)) + problems[rank]);
  }
}

std::vector<Rows> shards_of(std::string_view who, const Parallel& parallel, uint32_t batch) {
  check(who, parallel, batch);
  const uint32_t ranks = parallel.ranks->size();
  const uint32_t all = parallel.shards == 0 ? ranks : parallel.shards;
  const uint32_t own = all / ranks;
  auto begin_of = [&](uint64_t shard) { return static_cast<uint32_t>(shard * batch / all); };
  std::vector<Rows> shards;
  for (uint32_t i = 0; i < own; ++i) {
    const uint32_t shard = parallel.ranks->rank() * own + i;
    const uint32_t first = begin_of(shard);
    shards.push_back({.first = first, .count = begin_of(shard + 1) - first});
  }
  return shards;
}

}  // namespace pumice::train
