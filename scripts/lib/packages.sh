# The Debian packages that the demo and the tests need, and installation of missing ones.
# shellcheck shell=bash

# The small test libraries are in the first list too, so that both scripts share one build.
# One line per package: its name, then proofs, any of which makes it unnecessary: a command, a file
# (a pattern that starts with /), or "-" for the package itself. Commands and files let users provide
# their own compiler, node or driver.
demo_packages() {
  cat <<'LIST'
ca-certificates     /etc/ssl/certs/ca-certificates.crt
g++                 c++
cmake               cmake
ninja-build         ninja
ccache              ccache
python3             python3
nodejs              node
npm                 npm
libvulkan1          /usr/lib/*/libvulkan.so.1
mesa-vulkan-drivers /usr/share/vulkan/icd.d/*.json /etc/vulkan/icd.d/*.json
libfmt-dev          -
nlohmann-json3-dev  -
libtomlplusplus-dev -
libcli11-dev        -
libmicrohttpd-dev   -
libstb-dev          -
libgif-dev          -
libeigen3-dev       -
libjpeg-dev         -
libpng-dev          -
zlib1g-dev          -
libgtest-dev        -
libbenchmark-dev    -
LIST
}

# Two drivers keep us vendor-neutral: Mesa's lavapipe, and SwiftShader, which is part of Chromium.
test_packages() {
  demo_packages | grep -v '^mesa-vulkan-drivers'
  cat <<'LIST'
mesa-vulkan-drivers    /usr/share/vulkan/icd.d/lvp_icd.*.json
chromium               /usr/lib/chromium/vk_swiftshader_icd.json
vulkan-validationlayers -
vulkan-tools           vulkaninfo
LIST
}

# The tools of scripts/lint; eslint comes from npm.
lint_packages() {
  cat <<'LIST'
clang-format clang-format
clang-tidy   clang-tidy
shellcheck   shellcheck
pyflakes3    pyflakes3
pycodestyle  pycodestyle
git          git
LIST
}

# libFuzzer, of scripts/fuzz.
fuzz_packages() {
  cat <<'LIST'
clang              clang++
libclang-rt-14-dev /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-x86_64.a /usr/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a
LIST
}

# A compiler and an emulator, of scripts/arm64.
arm64_packages() {
  cat <<'LIST'
g++-aarch64-linux-gnu aarch64-linux-gnu-g++
qemu-user-static      qemu-aarch64-static
LIST
}

package_is_installed() {
  # shellcheck disable=SC2016  # the dollar is for dpkg-query
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# is_present PACKAGE PROOF...
is_present() {
  local package=$1 proof
  for proof in "${@:2}"; do
    case $proof in
      -) package_is_installed "$package" && return ;;
      /*) compgen -G "$proof" >/dev/null && return ;;
      *) have_command "$proof" && return ;;
    esac
  done
  return 1
}

# missing_packages < LIST
missing_packages() {
  local -a line
  while read -r -a line; do
    is_present "${line[@]}" || printf '%s\n' "${line[0]}"
  done
}

# install_packages LIST_FUNCTION
install_packages() {
  local missing
  mapfile -t missing < <("$1" | missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! have_command apt-get || ! can_be_root; then
    fail "these packages are missing and this user may not install them: ${missing[*]}"
  fi
  say "installing ${missing[*]}"
  # A broken third-party source must not stop us: the install below fails if it matters.
  as_root apt-get update -qq || say "apt-get update had errors; continuing"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 \
    --no-install-recommends -o DPkg::Lock::Timeout=600 "${missing[@]}"
}
