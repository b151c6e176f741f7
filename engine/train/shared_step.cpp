#include "engine/train/shared_step.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>

namespace pumice::train {
namespace {

// Large enough for the network's latency not to count, small enough for several in a model.
constexpr uint64_t kBucketBytes = uint64_t{4} << 20;

/// Adds the time until its end to a sum.
class Timer {
 public:
  explicit Timer(double& seconds) : seconds_(seconds) {}
  ~Timer() {
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Gives the plan's activations the memory of others, which are not needed while it runs, and adds
/// to that what it lacks.
void use_memory(hal::Device& device, LoweredPlan& lowered, std::vector<hal::BufferPtr>& memory) {
  std::vector<size_t> wanted;
  for (size_t i = 0; i < lowered.missing_bytes.size(); ++i) {
    if (lowered.missing_bytes[i] > 0) wanted.push_back(i);
  }
  std::ranges::sort(wanted, std::greater(), [&](size_t i) { return lowered.missing_bytes[i]; });
  std::ranges::sort(memory, std::greater(), [](const auto& buffer) { return buffer->bytes(); });
  size_t used = 0;
  const size_t there = memory.size();
  for (size_t i : wanted) {
    const uint64_t bytes = lowered.missing_bytes[i];
    if (used == there || memory[used]->bytes() < bytes) {
      memory.push_back(device.allocate(bytes, lowered.plan.name + "/activation of a shard"));
      lowered.plan.buffers[i] = memory.back();
    } else {
      lowered.plan.buffers[i] = memory[used++];
    }
  }
}

bool writes_any(const hal::Plan& plan, const std::vector<hal::BufferPtr>& buffers) {
  for (const hal::Dispatch& dispatch : plan.dispatches) {
    for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
      const hal::BufferPtr& buffer = plan.buffers[dispatch.bindings[i].buffer];
      if (hal::writes(dispatch.kernel->bindings[i]) && std::ranges::count(buffers, buffer) > 0) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

SharedStep::SharedStep(hal::Device& device, std::vector<LoweredPlan> shards,
                       const Exchanged& exchanged, double weight, Ranks& ranks,
                       ExchangeTimes& times)
    : Step(device, std::move(shards.back())),
      ranks_(ranks),
      times_(times),
      weight_(static_cast<float>(weight)),
      shards_(shards.size()) {
  // Gradients may be written between any two means: then they are exchanged all at once.
  const bool meets = !exchanged.means.empty();
  require(!meets || shards_ == 1, "{}: means over ranks expect one shard, got {}", plan().name,
          shards_);
  hal::CutPlan parts = hal::cut(plan(), exchanged.gradients, meets ? 0 : kBucketBytes);
  if (meets) add_meetings(parts.before.at(0).plan, exchanged.means);
  for (hal::PlanPart& part : parts.before) {
    before_.push_back({device.compile(part.plan), std::move(part.ready)});
    for (const hal::BufferPart& ready : before_.back().ready) mirror_of(ready.buffer);
  }
  require(!writes_any(parts.after, exchanged.gradients),
          "{}: what all shards add up must be computed before it is used", plan().name);
  if (!parts.after.dispatches.empty()) after_ = device.compile(parts.after);
  for (size_t mirror = 0; mirror < mirrors_.size(); ++mirror) add_buckets(mirror);
  shards.pop_back();
  add_earlier(std::move(shards), exchanged.gradients);
}

void SharedStep::add_earlier(std::vector<LoweredPlan> shards,
                             const std::vector<hal::BufferPtr>& gradients) {
  std::vector<hal::BufferPtr> memory;
  for (size_t i = 0; i < plan().buffers.size(); ++i) {
    if (lowered().missing_bytes[i] > 0) memory.push_back(plan().buffers[i]);
  }
  for (LoweredPlan& shard : shards) {
    use_memory(device(), shard, memory);
    std::vector<Part>& parts = earlier_.emplace_back();
    for (hal::PlanPart& part : hal::cut(shard.plan, gradients, 0).before) {
      parts.push_back({device().compile(part.plan), std::move(part.ready)});
    }
  }
}

/// Leaves in `rest` what comes after the last one.
void SharedStep::add_meetings(hal::Plan& rest, const std::vector<hal::BufferPtr>& means) {
  for (size_t i = 0; i < means.size(); ++i) {
    hal::CutPlan parts = hal::cut(rest, std::span(means).subspan(i), 0);
    // Nothing if the means before needed the same dispatches.
    const bool has_work = !parts.before.empty();
    meetings_.push_back({has_work ? device().compile(parts.before[0].plan) : nullptr, means[i]});
    rest = std::move(parts.after);
  }
}

size_t SharedStep::mirror_of(const hal::BufferPtr& buffer) {
  const auto found = std::ranges::find(mirrors_, buffer, &Mirror::buffer);
  const auto index = static_cast<size_t>(found - mirrors_.begin());
  if (found == mirrors_.end()) {
    mirrors_.push_back(
        {buffer, std::vector<float>(buffer->bytes() / sizeof(float)), ShardSums(shards_)});
  }
  return index;
}

// The gradients of the last layers, which are there first, are at the end.
void SharedStep::add_buckets(size_t mirror) {
  constexpr size_t kMost = kBucketBytes / sizeof(float);
  for (size_t end = mirrors_[mirror].values.size(); end > 0;) {
    const size_t begin = end > kMost ? end - kMost : 0;
    Bucket bucket{.mirror = mirror, .begin = begin, .count = end - begin};
    for (size_t part = 0; part < before_.size(); ++part) {
      for (const hal::BufferPart& ready : before_[part].ready) {
        const hal::ByteRange& range = ready.range;
        const bool is_within = ready.buffer == mirrors_[mirror].buffer &&
                               range.offset < end * sizeof(float) &&
                               begin * sizeof(float) < range.offset + range.bytes;
        if (is_within) bucket.part = part;
      }
    }
    buckets_.push_back(bucket);
    end = begin;
  }
}

// All parts are queued at once, so that the device keeps working while earlier gradients are added
// up.
void SharedStep::run() {
  for (const Meeting& meeting : meetings_) meet(meeting);
  add_earlier_sums();
  std::vector<Reads> reads = start(before_);
  size_t taken = 0;
  for (const Bucket& bucket : buckets_) {
    for (; taken <= bucket.part; ++taken) take(before_[taken], reads[taken]);
    sum(bucket);
  }
  const Timer timer(times_.copy);
  for (Mirror& mirror : mirrors_) {
    device().write(*mirror.buffer, std::as_bytes(std::span(mirror.values)));
    mirror.earlier.clear();
  }
  if (after_) device().run(*after_);
  ++times_.steps;
}

void SharedStep::add_earlier_sums() {
  for (const std::vector<Part>& parts : earlier_) {
    std::vector<Reads> reads = start(parts);
    for (size_t i = 0; i < parts.size(); ++i) take(parts[i], reads[i]);
    const Timer timer(times_.sum);
    for (Mirror& mirror : mirrors_) {
      std::vector<float> values = mirror.values;
      for (float& value : values) value *= weight_;
      mirror.earlier.add(std::move(values));
    }
  }
}

void SharedStep::meet(const Meeting& meeting) {
  std::vector<float> values;
  {
    const Timer timer(times_.compute);
    if (meeting.program) device().run(*meeting.program);
    values = to_floats(device().read(*meeting.mean)->take(), meeting.mean->bytes() / sizeof(float));
  }
  {
    const Timer timer(times_.sum);
    for (float& value : values) value *= weight_;
    ranks_.sum(std::span<float>(values));
  }
  const Timer timer(times_.copy);
  device().write(*meeting.mean, std::as_bytes(std::span(values)));
}

std::vector<SharedStep::Reads> SharedStep::start(const std::vector<Part>& parts) {
  const Timer timer(times_.compute);
  std::vector<Reads> reads;
  for (const Part& part : parts) {
    device().run(*part.program);
    Reads& of_part = reads.emplace_back();
    for (const hal::BufferPart& ready : part.ready) {
      of_part.push_back(device().read(*ready.buffer, ready.range));
    }
  }
  return reads;
}

void SharedStep::take(const Part& part, Reads& reads) {
  for (size_t i = 0; i < reads.size(); ++i) {
    std::vector<std::byte> bytes;
    {
      const Timer timer(times_.compute);
      bytes = reads[i]->take();
    }
    const Timer timer(times_.copy);
    const hal::BufferPart& ready = part.ready[i];
    std::vector<float>& values = mirrors_[mirror_of(ready.buffer)].values;
    std::memcpy(values.data() + ready.range.offset / sizeof(float), bytes.data(), bytes.size());
  }
}

void SharedStep::sum(const Bucket& bucket) {
  const Timer timer(times_.sum);
  const auto values = std::span(mirrors_[bucket.mirror].values).subspan(bucket.begin, bucket.count);
  for (float& value : values) value *= weight_;
  if (shards_ == 1) return ranks_.sum(values);
  const ShardSums& earlier = mirrors_[bucket.mirror].earlier;
  std::vector<float> sums = earlier.with_first(values, bucket.begin);
  ranks_.sum(sums, earlier.leaves());
  std::copy_n(sums.begin(), values.size(), values.begin());
}

}  // namespace pumice::train
