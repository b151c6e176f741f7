#include "engine/data/split_name.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/base/lowered.h"

namespace pumice::data {
namespace {

SplitName split_word(std::string_view word) {
  if (word == "train" || word == "training") return SplitName::kTrain;
  if (word == "test" || word == "testing") return SplitName::kTest;
  const bool validates = word == "val" || word == "valid" || word == "validation";
  return validates ? SplitName::kValidation : SplitName::kNone;
}

bool says_nothing(std::string_view word) {
  constexpr std::array<std::string_view, 6> kWords{"set", "images", "image", "imgs", "img", "data"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool is_letter(unsigned char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
bool is_separator(char c) {
  return (c >= '0' && c <= '9') || c == '_' || c == '-' || c == ' ' || c == '.';
}

/// Removes the leading run of letters from `text` and returns it in lower case.
std::string take_word(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_letter);
  std::string word(text.begin(), end);
  text.remove_prefix(word.size());
  for (char& c : word) c = static_cast<char>(c | 0x20);
  if (word.ends_with("set") && split_word(word.substr(0, word.size() - 3)) != SplitName::kNone) {
    word.resize(word.size() - 3);  // "trainset"
  }
  return word;
}

}  // namespace

SplitName split_name(std::string_view folder) {
  SplitName found = SplitName::kNone;
  while (!folder.empty()) {
    if (is_separator(folder.front())) {
      folder.remove_prefix(1);
      continue;
    }
    const std::string word = take_word(folder);
    if (says_nothing(word)) continue;
    const SplitName split = split_word(word);
    if (split == SplitName::kNone || found != SplitName::kNone) return SplitName::kNone;
    found = split;
  }
  return found;
}

bool is_split_word(std::string_view folder) {
  return split_word(lowered(folder)) != SplitName::kNone;
}

std::optional<ClassSplit> class_split(std::string_view folder) {
  if (folder.size() < 2 || folder.back() < 'A' || folder.back() > 'Z') return {};
  const std::string_view front = folder.substr(0, folder.size() - 1);
  const bool is_apart = is_separator(front.back()) || (front.back() >= 'a' && front.back() <= 'z');
  const SplitName split = is_apart ? split_name(front) : SplitName::kNone;
  if (split == SplitName::kNone) return {};
  return ClassSplit{split, std::string(1, folder.back())};
}

}  // namespace pumice::data
