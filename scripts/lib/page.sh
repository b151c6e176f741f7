# Building and testing the page, for scripts/test.
# shellcheck shell=bash

# Fetches the page's tools while the program is built: one waits for the network, the other for the
# processor. It ends with the main script.
start_page_setup() {
  "$kRepository/scripts/setup" --with-web &
  page_setup=$!
  children+=("$page_setup")
}

await_page_setup() {
  wait "$page_setup" ||
    fail "the page's tools could not be fetched, see above; --without-web tests everything but the page"
  children=()
}

# run_browser_tests REPORT: the tests of devices and ops on WebGPU in headless Chromium.
run_browser_tests() {
  node "$kRepository/tests/web/run_tests.mjs" "$kCache/web/npm" "$kWebBuild/site" --report "$1" \
    --gtest_brief=1
}
