#!/usr/bin/env bash
source "$(dirname "${BASH_SOURCE[0]}")/expect.sh"
load common prefix

if have_command apt-get; then
  codename=$(running_release)
  mkdir -p "$scratch/sources.d" "$scratch/lists/partial"
  cat >"$scratch/apt.conf" <<CONFIGURATION
Dir::Etc::SourceList "$scratch/sources.list";
Dir::Etc::SourceParts "$scratch/sources.d";
Dir::State::Lists "$scratch/lists";
CONFIGURATION
  export APT_CONFIG=$scratch/apt.conf

  printf 'deb [arch=amd64] http://mirror.invalid/debian %s main\n' "$codename" >"$scratch/sources.list"
  expect_text "a mirror is read from sources.list" http://mirror.invalid/debian "$(debian_mirrors)"

  rm "$scratch/sources.list"
  printf 'Types: deb\nURIs: http://other.invalid/tools\nSuites: nodistro\nComponents: main\n' \
    >"$scratch/sources.d/a.sources"
  printf 'Types: deb\n# a comment\nURIs: http://mirror.invalid/debian/\nSuites: %s %s-updates\nComponents: main\n' \
    "$codename" "$codename" >"$scratch/sources.d/b.sources"
  expect_text "and from deb822 files, but no other archive" http://mirror.invalid/debian "$(debian_mirrors)"
fi

# make_sdk GLSLANG HEADER_VERSION
make_sdk() {
  mkdir -p "$scratch"/sdk/{bin,include/vulkan,include/volk,include/vma}
  printf '#!/bin/sh\necho "Glslang Version: 11:%s"\n' "$1" >"$scratch/sdk/bin/glslang"
  printf '#define VK_HEADER_VERSION %s\n' "$2" >"$scratch/sdk/include/vulkan/vulkan_core.h"
  touch "$scratch"/sdk/{bin/spirv-val,bin/spirv-cross,include/volk/volk.h,include/vma/vk_mem_alloc.h}
  chmod +x "$scratch"/sdk/bin/*
}
make_sdk 15.1.0 309
expect "an SDK that is new enough is used" sdk_is_modern "$scratch/sdk"
VULKAN_SDK=$scratch/sdk expect "as VULKAN_SDK nothing is fetched" ensure_vulkan_sdk
make_sdk 12.0.0 309
expect_failure "not with an old glslang" sdk_is_modern "$scratch/sdk"
VULKAN_SDK=$scratch/sdk expect_failure "as VULKAN_SDK it is refused" ensure_vulkan_sdk
expect "with the reason" grep --quiet "expected glslang >= 15.0" "$scratch/error"
make_sdk 15.1.0 239
expect_failure "not with old headers" sdk_is_modern "$scratch/sdk"
expect_failure "not without anything" sdk_is_modern "$scratch/none"

finish
