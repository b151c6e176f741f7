#pragma once

#include <barrier>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "engine/train/ranks.h"

namespace pumice::test {

/// Ranks that are threads of this process.
class ThreadRanks {
 public:
  explicit ThreadRanks(uint32_t size) : slots_(size), meet_(static_cast<std::ptrdiff_t>(size)) {}

  /// Runs `work` on every rank and returns when all have ended. All must make the same calls, even
  /// if they fail.
  void run(const std::function<void(train::Ranks&)>& work) {
    std::vector<std::jthread> threads;
    for (uint32_t rank = 0; rank < slots_.size(); ++rank) {
      threads.emplace_back([this, rank, &work] {
        Rank self(*this, rank);
        work(self);
      });
    }
  }

 private:
  class Rank final : public train::Ranks {
   public:
    Rank(ThreadRanks& all, uint32_t rank) : all_(all), rank_(rank) {}
    uint32_t rank() const override { return rank_; }
    uint32_t size() const override { return static_cast<uint32_t>(all_.slots_.size()); }
    uint32_t local_rank() const override { return rank_; }
    void all_to_all(std::span<const std::byte> from, std::span<std::byte> to) override {
      const size_t block = from.size() / size();
      exchange(from, [&](size_t other, std::span<const std::byte> theirs) {
        std::ranges::copy(theirs.subspan(rank_ * block, block),
                          to.begin() + static_cast<std::ptrdiff_t>(other * block));
      });
    }
    void all_gather(std::span<const std::byte> own, std::span<std::byte> all) override {
      exchange(own, [&](size_t other, std::span<const std::byte> theirs) {
        std::ranges::copy(theirs, all.begin() + static_cast<std::ptrdiff_t>(other * own.size()));
      });
    }
    void broadcast(std::span<std::byte> bytes) override {
      exchange(bytes, [&](size_t other, std::span<const std::byte> theirs) {
        if (other == 0 && rank_ != 0) std::ranges::copy(theirs, bytes.begin());
      });
    }
    [[noreturn]] void abort(int exit_code) override { std::exit(exit_code); }

   private:
    template <typename Receive>
    void exchange(std::span<const std::byte> own, const Receive& receive) {
      all_.slots_[rank_] = own;
      all_.meet_.arrive_and_wait();
      for (size_t other = 0; other < size(); ++other) receive(other, all_.slots_[other]);
      all_.meet_.arrive_and_wait();
    }

    ThreadRanks& all_;
    uint32_t rank_;
  };

  std::vector<std::span<const std::byte>> slots_;
  std::barrier<> meet_;
};

}  // namespace pumice::test
