# Additional dependencies for building and testing the page: Emscripten, Dear ImGui, npm packages.
#
# An active Emscripten (an emsdk, or emcc in PATH) is used. Otherwise it comes from a newer Debian release,
# like the Vulkan SDK (see prefix.sh), and its LLVM from the running one: unpacked, not installed.
# PUMICE_EMSCRIPTEN selects the release: trixie (default), or sid, whose Emscripten is newer but changes
# without notice.
# shellcheck shell=bash

kWeb=$kCache/web
kEmscriptenSuite=${PUMICE_EMSCRIPTEN:-trixie}
kLeastEmscripten=3.1.69
kEmscriptenPackages=(emscripten binaryen libc6 libstdc++6 libgcc-s1)
# The LLVM of Debian 12 that each release's Emscripten works with.
case $kEmscriptenSuite in
  trixie) kEmscripten=$kWeb/emscripten kLlvm=19 ;;
  sid) kEmscripten=$kWeb/emscripten-sid kLlvm=22 ;;
  *) fail "PUMICE_EMSCRIPTEN: expected trixie or sid, got $kEmscriptenSuite" ;;
esac
kLlvmPackages=("clang-$kLlvm" "lld-$kLlvm" "llvm-$kLlvm" "libllvm$kLlvm" "libclang-cpp$kLlvm"
  "libclang-common-$kLlvm-dev")
kLlvmTools=(ar ranlib nm objcopy strip size symbolizer dwarfdump dwp cxxfilt objdump readobj)
kWebRecipe="$kEmscriptenSuite llvm $kLlvm 1"

ensure_web() {
  ensure_npm_folder web/package.json "$kWeb/npm"
  ensure_imgui
  emscripten_is_active || stamp_is "$kEmscripten/.complete" "$kWebRecipe" || build_emscripten
}

# emscripten_is_active: scripts/cmake/emscripten.cmake follows the same rules.
emscripten_is_active() {
  [ -z "${PUMICE_EMSCRIPTEN:-}" ] || return 1
  if [ -n "${EMSDK:-}" ]; then
    emscripten_is_modern "$EMSDK/upstream/emscripten" ||
      fail "EMSDK=$EMSDK: expected Emscripten >= $kLeastEmscripten there; unset EMSDK to have one fetched"
    return
  fi
  have_command emcc && emscripten_is_modern "$(dirname "$(readlink -f "$(command -v emcc)")")"
}

# emscripten_is_modern FOLDER: its version is in a file, in quotes or not.
emscripten_is_modern() {
  local version
  version=$(tr -d '"' <"$1/emscripten-version.txt" 2>/dev/null) && version_at_least "$version" "$kLeastEmscripten"
}

# Dear ImGui's source in $kWeb/imgui: Debian's libimgui-dev has headers, but no sources.
ensure_imgui() {
  local work
  stamp_is "$kWeb/imgui/.complete" "$kPrefixSuite" && return
  say "fetching Dear ImGui into $kWeb/imgui"
  make_temporary_beside "$kWeb/imgui" work
  download_imgui "$work"
  mkdir "$work/imgui"
  tar --extract --file="$(compgen -G "$work/source/imgui_*.orig.tar.*")" --directory="$work/imgui" \
    --no-same-owner --strip-components=1
  write_stamp "$work/imgui/.complete" "$kPrefixSuite"
  publish "$work/imgui" "$kWeb/imgui"
}

download_imgui() {
  local work=$1 mirror
  mkdir "$work/source"
  for mirror in $(debian_mirrors); do
    write_apt_configuration "$work/apt" "$mirror"
    sed -i 's/^deb /deb-src /' "$work/apt/sources.list"
    (cd "$work/source" && apt-get -c "$work/apt/apt.conf" update -qq &&
      apt-get -c "$work/apt/apt.conf" source -qq --download-only imgui) && return
  done
  fail "no mirror in this machine's apt configuration serves the sources of Debian $kPrefixSuite"
}

build_emscripten() {
  local work
  say "fetching Emscripten into $kEmscripten"
  make_temporary_beside "$kEmscripten" work
  download_emscripten "$work"
  unpack_packages "$work"
  mkdir "$work/prefix"
  arrange_emscripten "$work/root" "$work/prefix"
  arrange_llvm "$work/root" "$work/prefix"
  arrange_binaryen "$work/root/usr" "$work/prefix/binaryen"
  write_emscripten_configuration "$work/prefix/emscripten"
  write_stamp "$work/prefix/.complete" "$kWebRecipe"
  publish "$work/prefix" "$kEmscripten"
}

download_emscripten() {
  # shellcheck disable=SC2034  # download_packages reads them
  local kPrefixSuite=$kEmscriptenSuite kPrefixPackages=("${kEmscriptenPackages[@]}")
  download_packages "$1"
  (cd "$1/packages" && apt-get -o APT::Sandbox::User="$(id -un)" download -qq "${kLlvmPackages[@]}") ||
    fail "apt could not fetch LLVM $kLlvm; install the official emsdk and activate it"
}

# Without its tests and prebuilt cache; acorn, a separate package in Debian, comes from npm.
arrange_emscripten() {
  rm -rf "$1"/usr/share/emscripten/{cache,test}
  mv "$1/usr/share/emscripten" "$2/emscripten"
  (cd "$2/emscripten" && npm install --no-audit --no-fund --no-save --loglevel=error \
    acorn@8 acorn-import-phases@1 >/dev/null) || fail "npm could not fetch acorn"
}

arrange_llvm() {
  local from=$1/usr/lib/llvm-$kLlvm to=$2/llvm tool
  mkdir -p "$to"/{bin,lib/clang}
  cp -a "$from"/bin/{clang*,*lld*,wasm-ld} "$to/bin/"
  for tool in "${kLlvmTools[@]}"; do cp -a "$from/bin/llvm-$tool" "$to/bin/"; done
  cp -L "$(dirname "$(compgen -G "$1/usr/lib/*/libLLVM*.so*" | head -1)")"/lib{LLVM,clang-cpp}*.so* "$to/lib/"
  cp -r "$from/lib/clang/$kLlvm" "$to/lib/clang/"
}

# The programs need a newer libc than the system's: see write_wrapper.
arrange_binaryen() {
  local root=$1 to=$2 libraries tool
  libraries=$(dirname "$(compgen -G "$root/lib/*/libc.so.6")")
  mkdir -p "$to"/{bin,lib,libexec}
  cp "$root"/bin/wasm-* "$root/bin/wasm2js" "$to/libexec/"
  cp -L "$libraries"/{ld-linux*.so.*,libc.so.6,libm.so.6,libpthread.so.0,libdl.so.2} \
    "$libraries"/{libstdc++.so.6,libgcc_s.so.1,libbinaryen.so} "$to/lib/"
  for tool in "$to"/libexec/*; do write_wrapper "$to/bin/${tool##*/}"; done
}

# Paths are relative to this file, so that the prefix can move. Debian's Emscripten is patched for another
# LLVM; from version 22, wasm-ld puts the stack first by default, and Emscripten must opt out explicitly.
write_emscripten_configuration() {
  sed -i "s/EXPECTED_LLVM_VERSION = [0-9]*/EXPECTED_LLVM_VERSION = $kLlvm/" "$1/tools/shared.py"
  if [ "$kLlvm" -ge 22 ] && ! grep --quiet no-stack-first "$1/tools/building.py"; then
    sed -i "s/^    cmd.append('--stack-first')$/&\\n  else:\\n    cmd.append('--no-stack-first')/" \
      "$1/tools/building.py"
  fi
  cat >"$1/.emscripten" <<CONFIGURATION
import os, shutil
root = os.path.dirname(os.getenv('EM_CONFIG', '$kEmscripten/emscripten/.emscripten'))
prefix = os.path.dirname(root)
LLVM_ROOT = prefix + '/llvm/bin'
BINARYEN_ROOT = prefix + '/binaryen'
NODE_JS = shutil.which('node')
CACHE = prefix + '/cache'
CONFIGURATION
}
