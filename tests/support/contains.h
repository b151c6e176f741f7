#pragma once

#include <gtest/gtest.h>

#include <string_view>

namespace pumice::test {

/// `EXPECT_TRUE(contains(message, "out of memory"))`; a failure shows the text.
inline testing::AssertionResult contains(std::string_view text, std::string_view part) {
  if (text.find(part) != std::string_view::npos) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "expected '" << part << "' in '" << text << "'";
}

}  // namespace pumice::test
