#include "engine/hal/weave.h"

#include <algorithm>
#include <map>
#include <optional>

#include "engine/base/require.h"
#include "engine/hal/barriers.h"
#include "engine/hal/device.h"

namespace pumice::hal {
namespace {

/// The buffers of the woven plan, and which of the plans use them.
class BufferTable {
 public:
  explicit BufferTable(std::vector<BufferPtr>& buffers) : buffers_(buffers) {}

  /// The indices of a plan's buffers in the woven plan.
  std::vector<uint32_t> add(const Plan& plan) {
    std::vector<uint32_t> indices;
    for (const BufferPtr& buffer : plan.buffers) {
      require(buffer != nullptr, "weave: a buffer of '{}' is not allocated", plan.name);
      const auto next = static_cast<uint32_t>(buffers_.size());
      const auto [entry, is_new] = users_.try_emplace(buffer.get(), User{.index = next});
      if (is_new) buffers_.push_back(buffer);
      indices.push_back(entry->second.index);
    }
    return indices;
  }

  /// Plan number `strand` uses the buffer.
  void use(const BufferPtr& buffer, size_t strand, bool is_written) {
    User& user = users_.at(buffer.get());
    const bool is_shared = user.strand && *user.strand != strand;
    require(!is_shared || !(is_written || user.is_written),
            "weave: expects independent plans, but one writes '{}' and another uses it",
            buffer->label());
    user.strand = strand;
    user.is_written |= is_written;
  }

 private:
  struct User {
    uint32_t index = 0;
    std::optional<size_t> strand = {};  // the latest
    bool is_written = false;
  };

  std::vector<BufferPtr>& buffers_;
  std::map<const Buffer*, User> users_;
};

void check_uses(BufferTable& table, const Plan& plan, size_t strand) {
  for (const Dispatch& dispatch : plan.dispatches) {
    for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
      table.use(plan.buffers[dispatch.bindings[i].buffer], strand,
                writes(dispatch.kernel->bindings[i]));
    }
  }
}

Dispatch moved(Dispatch dispatch, const std::string& label, const std::vector<uint32_t>& indices) {
  if (!label.empty()) dispatch.label = label + "/" + dispatch.label;
  for (BufferView& view : dispatch.bindings) view.buffer = indices[view.buffer];
  return dispatch;
}

}  // namespace

Plan weave(std::span<const Strand> strands, std::string_view name) {
  Plan woven{.name = std::string(name), .buffers = {}, .dispatches = {}};
  BufferTable table(woven.buffers);
  std::vector<std::vector<uint32_t>> indices;
  std::vector<std::vector<DispatchRange>> ranges;
  size_t most = 0;
  for (size_t i = 0; i < strands.size(); ++i) {
    indices.push_back(table.add(*strands[i].plan));
    check_uses(table, *strands[i].plan, i);
    ranges.push_back(between_barriers(*strands[i].plan));
    most = std::max(most, ranges.back().size());
  }
  for (size_t level = 0; level < most; ++level) {
    for (size_t i = 0; i < strands.size(); ++i) {
      if (level >= ranges[i].size()) continue;
      const auto [begin, end] = ranges[i][level];
      for (size_t d = begin; d < end; ++d) {
        const Dispatch& dispatch = strands[i].plan->dispatches[d];
        woven.dispatches.push_back(moved(dispatch, strands[i].label, indices[i]));
      }
    }
  }
  return woven;
}

}  // namespace pumice::hal
