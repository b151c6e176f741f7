#include "native/system/shell.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <vector>

namespace pumice::system {
namespace {

std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 256> bytes;
  for (size_t count; (count = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
    text.append(bytes.data(), count);
  }
  pclose(pipe);
  return text;
}

TEST(Shell, LeavesPlainWordsAlone) {
  EXPECT_EQ(shell_word("runs/vae-mlp_mnist.1"), "runs/vae-mlp_mnist.1");
  EXPECT_EQ(shell_word("my photos (1)"), "'my photos (1)'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Shell, ReadsBackEveryWord) {
  const std::vector<std::string> words{
      "a b",         "it's", "$HOME", "`ls`", "x;y&&z|w>v",   "\"quoted\"", "a\nb",
      "back\\slash", "*?[]", "~",     "#no",  "r\351sum\351", "",           "!!"};
  std::string expected;
  for (const std::string& word : words) expected += "<" + word + ">";
  EXPECT_EQ(output_of("printf '<%s>' " + shell_command(words)), expected);
}

}  // namespace
}  // namespace pumice::system
