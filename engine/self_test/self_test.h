#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/hal/device.h"
#include "engine/ops/gemm.h"

/// Whether a device computes what it should: ops in every variant that it can compute, against
/// references in double precision on the host, and twice, for the same bits.
namespace pumice::self_test {

enum class Form : uint8_t {
  kShort,  ///< a few sizes of the cores that the device uses: 10 ms to 0.5 s once compiled
  kLong,   ///< every core that it can compute, and norms, LSTM, reductions, losses, random
           ///< numbers
};

enum class Verdict : uint8_t {
  kRight,
  kWrong,   ///< too far from the reference
  kVaries,  ///< a second run gave other bits
  kFailed,  ///< the driver refused the kernels or reported an error
};

/// "right", "wrong", "varies", "failed"
std::string_view name(Verdict verdict);

/// The kernels of a family that are switched off together.
enum class Family : uint8_t { kProduct, kConvolution, kWeightGradient, kOther };

/// One variant of a family.
struct Row {
  std::string family;   ///< "matmul"
  std::string variant;  ///< the core, as "block_64"; "-" where there is one variant
  Family kind = Family::kOther;
  ops::GemmCore core = {};  ///< not of kOther
  uint32_t cases = 0;
  double largest_error = 0;  ///< |found - wanted| / (1 + |wanted|); NaN if a result is not finite
  Verdict verdict = Verdict::kRight;
  std::string problem;  ///< one line, unless it is right
};

struct Report {
  Form form = Form::kShort;
  std::vector<Row> rows;
};

/// Runs the self-test. Throws DeviceLost. `progress`, if given, receives each row when it is known.
Report run(hal::Device& device, Form form, const std::function<void(const Row&)>& progress = {});

/// What to switch off when a device is opened: hal::vulkan::Options has both.
struct Disabled {
  uint32_t features = 0;  ///< hal::Feature bits
  hal::DisabledCores cores = {};
  bool operator==(const Disabled&) const = default;
};

/// If the core for subgroups is wrong, its texel buffers are suspected: no kernel uses them then.
Disabled disabled_by(const Report& report);

/// The kernels that disabled_by() may switch off: a remembered verdict is void once they change.
std::vector<const hal::Kernel*> core_kernels();

}  // namespace pumice::self_test
