#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/graph/step.h"
#include "engine/hal/cut.h"
#include "engine/train/ranks.h"
#include "engine/train/shard_sums.h"

namespace pumice::train {

/// Where the time of the steps went, in seconds, and how many there were.
struct ExchangeTimes {
  uint64_t steps = 0;
  double compute = 0;  ///< waiting for the device
  double sum = 0;      ///< adding up over the ranks
  double copy = 0;     ///< handing the sums to the device, and taking gradients from what it copied
};

/// A training program of one rank. Between computing the gradients and using them, it replaces them
/// by their weighted sum over all ranks and their shards, through the host's memory.
class SharedStep final : public Step {
 public:
  struct Exchanged {
    std::vector<hal::BufferPtr> means;      ///< of a RankMeans
    std::vector<hal::BufferPtr> gradients;  ///< those that the graph does not write are left alone
  };

  /// `shards`: a plan for each of the rank's shards, from the last to the first. For all shards
  /// but the first, only the gradient computation runs. `weight`: of a shard's values, the fraction
  /// of the batch that it computes. `ranks` and `times` must outlive this. Throws Error as Step and
  /// hal::cut do, if there are means over the ranks of several shards, and if something exchanged
  /// is computed only after what uses gradients.
  SharedStep(hal::Device& device, std::vector<LoweredPlan> shards, const Exchanged& exchanged,
             double weight, Ranks& ranks, ExchangeTimes& times);

  void run() override;
  bool is_its_plan() const override { return false; }

 private:
  /// What runs until a mean over ranks is needed.
  struct Meeting {
    std::unique_ptr<hal::Program> program;
    hal::BufferPtr mean;
  };
  struct Part {
    std::unique_ptr<hal::Program> program;
    std::vector<hal::BufferPart> ready;
  };
  /// A gradient buffer's copy in the host's memory.
  struct Mirror {
    hal::BufferPtr buffer;
    std::vector<float> values;
    ShardSums earlier;  ///< of the shards before the first
  };

  /// Values that the ranks add up at once: the same on all of them, whatever their devices.
  struct Bucket {
    size_t mirror = 0;
    size_t begin = 0;
    size_t count = 0;
    size_t part = 0;  ///< after which they are all there
  };
  using Reads = std::vector<std::unique_ptr<hal::Readback>>;

  void add_earlier(std::vector<LoweredPlan> shards, const std::vector<hal::BufferPtr>& gradients);
  void add_meetings(hal::Plan& rest, const std::vector<hal::BufferPtr>& means);
  void meet(const Meeting& meeting);
  void add_buckets(size_t mirror);
  std::vector<Reads> start(const std::vector<Part>& parts);
  void add_earlier_sums();
  void take(const Part& part, Reads& reads);
  void sum(const Bucket& bucket);
  size_t mirror_of(const hal::BufferPtr& buffer);

  Ranks& ranks_;
  ExchangeTimes& times_;
  float weight_;
  std::vector<Meeting> meetings_;
  size_t shards_;
  std::vector<std::vector<Part>> earlier_;  ///< of all shards but the first
  std::vector<Part> before_;
  std::unique_ptr<hal::Program> after_;  ///< null if the plan writes no gradients
  std::vector<Mirror> mirrors_;
  std::vector<Bucket> buckets_;
};

}  // namespace pumice::train
