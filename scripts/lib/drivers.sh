# Vulkan drivers for the tests: lavapipe and SwiftShader, and the machine's GPUs.
# shellcheck shell=bash

kSwiftShaderDriver=/usr/lib/chromium/vk_swiftshader_icd.json

# Chromium's SwiftShader is in a folder that the loader does not search, so it is added to the default
# search. A list of drivers set by the user replaces the search and its additions: then it joins the list.
export_test_drivers() {
  local variable
  for variable in VK_DRIVER_FILES VK_ICD_FILENAMES VK_ADD_DRIVER_FILES; do
    if [ -n "${!variable:-}" ] || [ "$variable" = VK_ADD_DRIVER_FILES ]; then
      export "$variable=${!variable:+${!variable}:}$kSwiftShaderDriver"
      return
    fi
  done
}

# Vendor neutrality needs at least two independent drivers to be tested.
require_test_drivers() {
  local summary name
  summary=$(vulkaninfo --summary 2>/dev/null) || fail "vulkaninfo: found no working Vulkan driver"
  for name in llvmpipe SwiftShader; do
    grep --quiet "driverName.*$name" <<<"$summary" ||
      fail "the loader did not find the Vulkan driver $name"
  done
  sed -n 's/^\tdeviceName *= /device: /p' <<<"$summary"
}
