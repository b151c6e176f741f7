# A private "Vulkan SDK": glslang, SPIR-V tools, SPIRV-Cross, Vulkan headers, volk and VMA, if the system's are too old.
#
# The packages come from a newer Debian release on the machine's mirror, with separate lists and caches,
# and are unpacked into a folder. Installing them would replace the system's libc; unpacking needs no root
# and changes nothing else.
# shellcheck shell=bash

kPrefix=${PUMICE_PREFIX:-$kCache/prefix}
kPrefixSuite=trixie
kPrefixRecipe="$kPrefixSuite 2"  # increment when the layout changes: prefixes are rebuilt
kPrefixTools=(glslang spirv-val spirv-opt spirv-dis spirv-as spirv-cross)
kPrefixPackages=(glslang-tools spirv-tools spirv-cross libvulkan-dev libvulkan-volk-dev
  libvulkan-memory-allocator-dev libc6 libstdc++6 libgcc-s1)
kLeastGlslang=15.0
kLeastHeaders=309  # VK_HEADER_VERSION of Vulkan 1.4.309

# ensure_vulkan_sdk: provides an SDK that CMake finds: VULKAN_SDK's, the system's, or our prefix.
ensure_vulkan_sdk() {
  if [ -n "${VULKAN_SDK:-}" ]; then
    sdk_is_modern "$VULKAN_SDK" ||
      fail "VULKAN_SDK=$VULKAN_SDK: expected glslang >= $kLeastGlslang, Vulkan headers >= 1.4.$kLeastHeaders," \
        "SPIRV-Cross, volk and VMA there; unset VULKAN_SDK to have a private SDK fetched"
    return
  fi
  sdk_is_modern /usr && return
  stamp_is "$kPrefix/.complete" "$kPrefixRecipe" && return
  build_prefix
}

# sdk_is_modern ROOT: supports the layouts of the SDK (include/volk, include/vma) and of distributions.
sdk_is_modern() {
  local core=$1/include/vulkan/vulkan_core.h headers glslang
  headers=$(sed -n 's/^#define VK_HEADER_VERSION \([0-9]*\)$/\1/p' "$core" 2>/dev/null) || return 1
  glslang=$("$1/bin/glslang" --version 2>/dev/null | sed -n 's/^Glslang Version: [^:]*:\([0-9.]*\).*/\1/p')
  [ "${headers:-0}" -ge "$kLeastHeaders" ] && version_at_least "${glslang:-0}" "$kLeastGlslang" &&
    [ -x "$1/bin/spirv-val" ] && [ -x "$1/bin/spirv-cross" ] && any_file "$1"/include/{,volk/,Volk/}volk.h &&
    any_file "$1"/include/{,vma/}vk_mem_alloc.h
}

build_prefix() {
  local work
  have_command apt-get || fail "no apt-get here to fetch a Vulkan SDK with: install one and set VULKAN_SDK"
  say "fetching a private Vulkan SDK into $kPrefix"
  make_temporary_beside "$kPrefix" work
  download_packages "$work"
  unpack_packages "$work"
  arrange_prefix "$work/root" "$work/prefix"
  write_stamp "$work/prefix/.complete" "$kPrefixRecipe"
  sdk_is_modern "$work/prefix" || fail "the SDK from Debian $kPrefixSuite does not run here or is too old"
  publish "$work/prefix" "$kPrefix"
}

# Debian mirrors in the machine's apt configuration, whatever its format: those that serve the running
# release under its plain name (others serve suites such as "nodistro").
debian_mirrors() {
  apt-get update --print-uris 2>/dev/null |
    sed -n "s|^'\(.*\)/dists/$(running_release)/\(In\)\?Release' .*|\1|p" | sort --unique
}

running_release() { sed -n 's/^VERSION_CODENAME=//p' /etc/os-release; }

# write_apt_configuration FOLDER MIRROR: configures apt for one suite, with all state inside FOLDER.
write_apt_configuration() {
  local folder=$1 mirror=$2
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
    "$mirror" "$kPrefixSuite" >"$folder/sources.list"
  # The hooks of the system's update (package caches, notifications) are cleared.
  cat >"$folder/apt.conf" <<CONFIGURATION
Dir::Etc::SourceList "$folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$folder";
Dir::State::Lists "$folder/lists";
Dir::State::Status "/dev/null";
Dir::Cache "$folder/cache";
APT::Default-Release "";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
CONFIGURATION
}

download_packages() {
  local work=$1 mirror
  for mirror in $(debian_mirrors); do
    write_apt_configuration "$work/apt" "$mirror"
    mkdir -p "$work/packages"
    (cd "$work/packages" && apt-get -c "$work/apt/apt.conf" update -qq &&
      apt-get -c "$work/apt/apt.conf" download -qq "${kPrefixPackages[@]}") && return
  done
  fail "no mirror in this machine's apt configuration serves Debian $kPrefixSuite: install a Vulkan SDK and set VULKAN_SDK"
}

unpack_packages() {
  local package
  for package in "$1"/packages/*.deb; do
    dpkg-deb --extract "$package" "$1/root"
  done
}

# arrange_prefix ROOT PREFIX: bin/ (wrappers), libexec/ (programs), lib/ (their libc), include/
arrange_prefix() {
  local root=$1/usr prefix=$2 libraries tool
  libraries=$(dirname "$(compgen -G "$root/lib/*/libc.so.6")")
  mkdir -p "$prefix"/{bin,libexec,lib,include/vulkan}
  cp "$root"/include/vulkan/*.h "$prefix/include/vulkan/"
  cp -r "$root"/include/{vk_video,volk.h,volk.c,vk_mem_alloc.h} "$prefix/include/"
  cp -L "$libraries"/{ld-linux*.so.*,libc.so.6,libm.so.6,libpthread.so.0,libdl.so.2} \
    "$libraries"/{libstdc++.so.6,libgcc_s.so.1} "$prefix/lib/"
  for tool in "${kPrefixTools[@]}"; do
    cp "$root/bin/$tool" "$prefix/libexec/"
    write_wrapper "$prefix/bin/$tool"
  done
  ln -s glslang "$prefix/bin/glslangValidator"
  ln -s glslang "$prefix/libexec/glslangValidator"
}

# The programs need a newer libc than the system's, so they start through that libc's loader.
write_wrapper() {
  cat >"$1" <<'WRAPPER'
#!/bin/sh
here=${0%/*}/..
exec "$here"/lib/ld-linux*.so.* --library-path "$here/lib" "$here/libexec/${0##*/}" "$@"
WRAPPER
  chmod +x "$1"
}
