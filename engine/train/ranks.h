#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/require.h"

namespace pumice::train {

/// Processes that train one model together, each computing its rows of every batch: ranks 0 …
/// size()-1. All of them make the same calls in the same order. Every call throws Error when a rank
/// cannot be reached.
class Ranks {
 public:
  Ranks() = default;
  virtual ~Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  virtual uint32_t rank() const = 0;
  virtual uint32_t size() const = 0;
  /// This process's place among the ranks of its machine, 0, 1, …
  virtual uint32_t local_rank() const = 0;

  /// Sends the r-th of size() equal blocks of `from` to rank r; the r-th block of `to` is the one
  /// that rank r sent.
  virtual void all_to_all(std::span<const std::byte> from, std::span<std::byte> to) = 0;
  /// Collects `own`, which has the same size on all ranks, of every rank in `all`, in their order.
  virtual void all_gather(std::span<const std::byte> own, std::span<std::byte> all) = 0;
  /// Replaces `bytes`, which have the same size on all ranks, by those of rank 0.
  virtual void broadcast(std::span<std::byte> bytes) = 0;
  /// Ends all ranks at once, for a rank that cannot continue.
  [[noreturn]] virtual void abort(int exit_code) = 0;

  /// Replaces each value by its sum over the ranks. Adds in pairs of neighbours, then in pairs of
  /// these, so the result depends on the values and size() alone, not on how they travelled.
  void sum(std::span<float> values);
  void sum(std::span<double> values);
  /// The same for `leaves` equal parts of `values`, one after another, on each rank: their sum,
  /// over all parts of all ranks in their order, replaces the first part. The others are lost.
  void sum(std::span<float> values, size_t leaves);

  /// Whether it is true on any rank.
  bool any(bool mine);
  /// Rank 0's answer.
  bool first(bool mine);
  /// The texts of all ranks, in their order.
  std::vector<std::string> gather(const std::string& mine);

  uint64_t bytes_sent() const { return bytes_sent_; }  ///< to other ranks, by sum()

 private:
  template <typename Value>
  void sum_all(std::span<Value> values, size_t leaves);
  template <typename Value>
  void sum_gathered(std::span<Value> values, size_t leaves);
  template <typename Value>
  void sum_scattered(std::span<Value> values, size_t leaves);

  std::vector<std::byte> outgoing_;
  std::vector<std::byte> incoming_;
  uint64_t bytes_sent_ = 0;
};

/// The only rank of a process that trains alone.
Ranks& single_rank();

/// An error that all ranks throw at the same place.
class FailedTogether : public Error {
 public:
  using Error::Error;
};

/// Does work that may fail on some ranks only. If it does, throws FailedTogether with the first
/// one's message on all of them, so that none waits for it. A rank alone throws its own error.
void do_together(Ranks& ranks, const std::function<void()>& work);

/// Consecutive rows of a batch.
struct Rows {
  uint32_t first = 0;
  uint32_t count = 0;
  bool operator==(const Rows&) const = default;
};

/// How a trainer works with others.
struct Parallel {
  Ranks* ranks = &single_rank();
  /// The number of equal parts into which the batch is divided. Each rank computes the same number
  /// of consecutive parts, one at a time; their gradients are added in pairs of neighbours, then in
  /// pairs of these: the same on any number of ranks. 0: each rank computes one part, and these may
  /// differ by a row.
  uint32_t shards = 0;
  /// Ranks add up their gradients at every step if 1; otherwise each takes this many steps of its
  /// own, after which parameters and optimizer state are averaged.
  uint32_t sync_every = 1;
  /// Batch norm uses the moments of the whole batch instead of those of a rank's rows, where ranks
  /// meet at every step.
  bool sync_batch_norm = false;
};

/// The parts of a batch that a rank computes, in their order. Throws Error, in the name of `who`,
/// if there are fewer rows than ranks, the batch or the shards cannot be divided, or what
/// `parallel` asks for does not go together.
std::vector<Rows> shards_of(std::string_view who, const Parallel& parallel, uint32_t batch);

}  // namespace pumice::train
