#pragma once

#include <string>
#include <string_view>

#include "engine/hal/device.h"

namespace pumice::benchmark {

/// The commit that the program was built from, "-dirty" if files had changed; empty if it was built
/// outside of a repository.
std::string_view commit();

/// "pumice 0.1.0 (1234567)", or without the commit if there is none.
std::string program_text();

/// Where a result was measured.
struct Setting {
  std::string version;
  std::string commit;  ///< may be empty
  std::string device;
  std::string driver;
  std::string api;
  std::string type;  ///< as `pumice devices` prints it
  uint64_t memory_bytes = 0;
  uint32_t threads = 0;  ///< of a CPU device; otherwise 0
  std::string os;
  bool in_host_memory = false;  ///< see hal::Preferences::host_memory
  bool is_tuned = false;        ///< kernels chosen by measurement, not by fixed rules
};

/// `os`: the operating system, in words.
Setting setting_of(const hal::Limits& limits, std::string os);

/// "pumice 0.1.0 (1234567) | llvmpipe | Mesa 22.3.6 | Debian GNU/Linux 12 | kernels by fixed
/// rules", or "| tuned kernels". After the driver are a CPU device's threads, or "host-visible
/// memory" if the buffers are there.
std::string header_line(const Setting& setting);

}  // namespace pumice::benchmark
