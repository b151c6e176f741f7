#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "engine/base/require.h"

namespace pumice::test {

/// The message of the Error that `action` throws; "(no error)" if it throws none.
inline std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

}  // namespace pumice::test
