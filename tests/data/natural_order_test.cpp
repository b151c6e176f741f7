#include "engine/data/natural_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pumice::data {
namespace {

using Names = std::vector<std::string>;

Names sorted(Names names) {
  std::reverse(names.begin(), names.end());
  std::sort(names.begin(), names.end(), naturally_before);
  return names;
}

TEST(NaturalOrder, ComparesNumbersByValue) {
  for (const Names& names :
       {Names{"0", "1", "2", "9", "10", "11", "100"}, Names{"n2", "n10", "n10a", "n10b2", "n10b10"},
        Names{"99999999999999999999", "100000000000000000000"},
        Names{"01", "1", "002", "2", "10"}}) {
    EXPECT_EQ(sorted(names), names);
  }
}

TEST(NaturalOrder, ComparesOtherTextByBytes) {
  const Names names{"", "B", "a", "a b", "ab", "b", "caf\xc3\xa9", "\xe9"};
  EXPECT_EQ(sorted(names), names);
}

TEST(NaturalOrder, IsAnOrder) {
  const Names names{"", "0", "00", "a", "a0", "a00", "a0b", "a00b", "a1", "a01", "1a", "01a"};
  for (const std::string& a : names) {
    EXPECT_FALSE(naturally_before(a, a));
    for (const std::string& b : names) {
      if (a != b) {
        EXPECT_NE(naturally_before(a, b), naturally_before(b, a)) << a << " " << b;
      }
      for (const std::string& c : names) {
        if (naturally_before(a, b) && naturally_before(b, c)) {
          EXPECT_TRUE(naturally_before(a, c)) << a << " " << b << " " << c;
        }
      }
    }
  }
}

}  // namespace
}  // namespace pumice::data
