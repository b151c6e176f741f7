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

# start_browser_tests REPORT: the tests of devices and ops on WebGPU in headless Chromium, beside
# others; await_browser_tests shows what they say.
start_browser_tests() {
  browser_log=$kWebBuild/browser.log
  node "$kRepository/tests/web/run_tests.mjs" "$kCache/web/npm" "$kWebBuild/site" --report "$1" \
    --gtest_brief=1 >"$browser_log" 2>&1 &
  browser_tests=$!
  children+=("$browser_tests")
}

await_browser_tests() {
  say "waiting for the tests in the browser"
  local status=0
  wait "$browser_tests" || status=$?
  children=()
  cat "$browser_log"
  return "$status"
}
