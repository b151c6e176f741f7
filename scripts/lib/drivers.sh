# Vulkan drivers for the tests: lavapipe and SwiftShader beside whatever GPU the machine has.
# shellcheck shell=bash

kSwiftShaderDriver=/usr/lib/chromium/vk_swiftshader_icd.json

# Chromium's SwiftShader lies where the loader does not look, so it is added to what the default search
# finds. A list of drivers set by the user replaces that search and additions to it: then it joins the list.
export_test_drivers() {
  local variable
  for variable in VK_DRIVER_FILES VK_ICD_FILENAMES VK_ADD_DRIVER_FILES; do
    if [ -n "${!variable:-}" ] || [ "$variable" = VK_ADD_DRIVER_FILES ]; then
      export "$variable=${!variable:+${!variable}:}$kSwiftShaderDriver"
      return
    fi
  done
}

# Two drivers by different authors are the least that shows us to be vendor-neutral.
require_test_drivers() {
  local summary name
  summary=$(vulkaninfo --summary 2>/dev/null) || fail "vulkaninfo: found no working Vulkan driver"
  for name in llvmpipe SwiftShader; do
    grep --quiet "driverName.*$name" <<<"$summary" ||
      fail "the Vulkan driver $name is not among those that the loader found"
  done
  sed -n 's/^\tdeviceName *= /device: /p' <<<"$summary"
}
