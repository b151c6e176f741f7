#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common drivers
swift_shader=$kSwiftShaderDriver

# drivers_after [VARIABLE VALUE]: the loader's variables once the tests' drivers are exported.
drivers_after() {
  (
    [ $# = 0 ] || export "$1=$2"
    export_test_drivers
    echo "${VK_DRIVER_FILES:-}|${VK_ICD_FILENAMES:-}|${VK_ADD_DRIVER_FILES:-}"
  )
}
expect_text "SwiftShader is added to the default search" "||$swift_shader" "$(drivers_after)"
expect_text "and to what the user adds" "||a.json:$swift_shader" \
  "$(drivers_after VK_ADD_DRIVER_FILES a.json)"
expect_text "and to the user's own list, which would hide additions" "a.json:$kSwiftShaderDriver||" \
  "$(drivers_after VK_DRIVER_FILES a.json)"
expect_text "also under its old name" "|a.json:$kSwiftShaderDriver|" \
  "$(drivers_after VK_ICD_FILENAMES a.json)"

vulkaninfo() { printf '\tdeviceName = a\n\tdriverName         = %s\n' "${drivers[@]}"; }
drivers=(llvmpipe "SwiftShader driver" NVIDIA)
expect "both CPU drivers are enough" require_test_drivers
drivers=(NVIDIA llvmpipe)
expect_failure "one of them is not" require_test_drivers
expect "the message names the other" grep --quiet "did not find the Vulkan driver SwiftShader" "$scratch/error"

finish
