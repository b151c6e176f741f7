#include "engine/hal/cut.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/base/require.h"
#include "engine/hal/barriers.h"
#include "engine/hal/device.h"

namespace pumice::hal {
namespace {

/// The accesses of the dispatches that go to the plan's end.
class Later {
 public:
  bool must_precede(const Dispatch& dispatch) const {
    bool conflicts = false;
    for_each(dispatch, [&](uint32_t buffer, const Use& use) {
      const auto found = uses_.find(buffer);
      conflicts |= found != uses_.end() && std::ranges::any_of(found->second, [&](const Use& u) {
                     return conflict(u, use);
                   });
    });
    return conflicts;
  }

  void add(const Dispatch& dispatch) {
    for_each(dispatch, [&](uint32_t buffer, const Use& use) { uses_[buffer].push_back(use); });
  }

 private:
  template <typename Visit>
  static void for_each(const Dispatch& dispatch, const Visit& visit) {
    for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
      const BufferView& view = dispatch.bindings[i];
      visit(view.buffer,
            Use{view.offset, view.offset + view.bytes, writes(dispatch.kernel->bindings[i])});
    }
  }

  std::map<uint32_t, std::vector<Use>> uses_;
};

/// The bindings of exchanged buffers.
struct Exchanged {
  std::vector<BufferView> written;
  std::vector<BufferView> read;
};

Exchanged exchanged_by(const Dispatch& dispatch, const std::vector<bool>& is_exchanged) {
  Exchanged found;
  for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
    const BufferView& view = dispatch.bindings[i];
    if (!is_exchanged[view.buffer]) continue;
    if (writes(dispatch.kernel->bindings[i])) {
      found.written.push_back(view);
    } else {
      found.read.push_back(view);
    }
  }
  return found;
}

/// Extends `part` by a range that touches it.
bool extend(BufferPart& part, const BufferPart& other) {
  ByteRange& a = part.range;
  const ByteRange& b = other.range;
  const uint64_t begin = std::min(a.offset, b.offset);
  const uint64_t end = std::max(a.offset + a.bytes, b.offset + b.bytes);
  if (part.buffer != other.buffer || end - begin > a.bytes + b.bytes) return false;  // a gap
  a = {begin, end - begin};
  return true;
}

void add_range(std::vector<BufferPart>& parts, BufferPart part) {
  for (auto other = parts.begin(); other != parts.end();) {
    if (!extend(part, *other)) {
      ++other;
      continue;
    }
    parts.erase(other);
    other = parts.begin();
  }
  parts.push_back(std::move(part));
}

uint64_t bytes_of(const std::vector<BufferPart>& parts) {
  uint64_t bytes = 0;
  for (const BufferPart& part : parts) bytes += part.range.bytes;
  return bytes;
}

/// For each dispatch the bytes that are final after it.
std::vector<std::vector<BufferPart>> completed(const Plan& plan,
                                               const std::vector<bool>& is_exchanged) {
  struct Write {
    Use use;
    size_t dispatch = 0;
  };
  std::vector<std::vector<BufferPart>> all(plan.dispatches.size());
  std::map<uint32_t, std::vector<Write>> later;
  for (size_t i = plan.dispatches.size(); i-- > 0;) {
    for (const BufferView& view : exchanged_by(plan.dispatches[i], is_exchanged).written) {
      const Use use{view.offset, view.offset + view.bytes, true};
      size_t last = i;
      for (const Write& write : later[view.buffer]) {
        if (conflict(write.use, use)) last = std::max(last, write.dispatch);
      }
      later[view.buffer].push_back({use, i});
      add_range(all[last], {plan.buffers[view.buffer], {view.offset, view.bytes}});
    }
  }
  return all;
}

std::vector<PlanPart> in_buckets(const Plan& plan, const std::vector<bool>& is_exchanged,
                                 uint64_t bucket_bytes) {
  const auto ready = completed(plan, is_exchanged);
  std::vector<PlanPart> parts;
  bool is_full = true;
  for (size_t i = 0; i < plan.dispatches.size(); ++i) {
    if (is_full) {
      parts.push_back({{.name = fmt::format("{}.{}", plan.name, parts.size()),
                        .buffers = plan.buffers,
                        .dispatches = {}},
                       {}});
    }
    PlanPart& part = parts.back();
    part.plan.dispatches.push_back(plan.dispatches[i]);
    for (const BufferPart& bytes : ready[i]) add_range(part.ready, bytes);
    is_full = bucket_bytes > 0 && bytes_of(part.ready) >= bucket_bytes;
  }
  return parts;
}

}  // namespace

CutPlan cut(const Plan& plan, std::span<const BufferPtr> exchanged, uint64_t bucket_bytes) {
  std::vector<bool> is_exchanged;
  for (const BufferPtr& buffer : plan.buffers) {
    is_exchanged.push_back(std::ranges::find(exchanged, buffer) != exchanged.end());
  }
  Plan before{.name = plan.name, .buffers = plan.buffers, .dispatches = {}};
  CutPlan result{.before = {}, .after = {plan.name + ".after", plan.buffers, {}}};
  Later later;
  std::set<uint32_t> read;
  for (const Dispatch& dispatch : plan.dispatches) {
    const Exchanged use = exchanged_by(dispatch, is_exchanged);
    const bool only_reads = !use.read.empty() && use.written.empty();
    if (!only_reads && !later.must_precede(dispatch)) {
      before.dispatches.push_back(dispatch);
      continue;
    }
    for (const BufferView& view : use.read) read.insert(view.buffer);
    for (const BufferView& view : use.written) {
      require(!read.contains(view.buffer),
              "cut: '{}' writes a buffer that must be exchanged before it", dispatch.label);
    }
    later.add(dispatch);
    result.after.dispatches.push_back(dispatch);
  }
  result.before = in_buckets(before, is_exchanged, bucket_bytes);
  return result;
}

}  // namespace pumice::hal
