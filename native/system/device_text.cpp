#include "native/system/device_text.h"

#include <fmt/format.h>

#include "engine/hal/device_type_name.h"

namespace pumice::system {

std::string device_line(const hal::Limits& limits) {
  return fmt::format("{}, {}, {}, {}{}", limits.device_name, hal::type_name(limits.type),
                     limits.driver, limits.api,
                     limits.prefers.host_memory ? ", host-visible memory" : "");
}

}  // namespace pumice::system
