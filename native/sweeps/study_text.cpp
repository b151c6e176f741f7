#include "native/sweeps/study_text.h"

#include <fmt/ranges.h>

#include <set>

#include "engine/base/count_of.h"
#include "engine/base/escape.h"

namespace pumice {
namespace {

std::string list_text(const std::string& title, const std::vector<std::string>& texts) {
  std::string text;
  if (!texts.empty()) text += fmt::format("{}:\n\n", title);
  for (const std::string& line : texts) text += fmt::format("- {}\n", line);
  return texts.empty() ? text : text + "\n";
}

std::string list_html(const std::string& title, const std::vector<std::string>& texts) {
  std::string items;
  for (const std::string& line : texts) {
    items += fmt::format("<li>{}</li>\n", escaped_html(line));
  }
  return texts.empty() ? "" : fmt::format("<p>{}:</p>\n<ul>\n{}</ul>\n", title, items);
}

}  // namespace

std::string study_markdown(const Study& study) {
  std::string text;
  if (!study.source.empty()) text += fmt::format("After: {}\n\n", study.source);
  return text + list_text("The source gives", study.gives) +
         list_text("It concludes", study.concludes);
}

std::string study_html(const Study& study) {
  std::string text;
  if (!study.source.empty()) {
    text += fmt::format("<p>After: {}</p>\n", escaped_html(study.source));
  }
  return text + list_html("The source gives", study.gives) +
         list_html("It concludes", study.concludes);
}

std::string evaluation_note(const Sweep& sweep, const std::vector<RunResult>& results) {
  std::set<std::string> extractors;
  for (const RunResult& result : results) {
    if (result.evaluation) extractors.insert(result.evaluation->extractor);
  }
  if (extractors.empty()) return "";
  const StudyEvaluation& evaluation = sweep.study.evaluation;
  return fmt::format(
      "FID and Inception score: {} of {} against the test images, extractor {}; comparable only "
      "with metrics measured alike.",
      count_of(evaluation.repeats, "repeat"), count_of(evaluation.samples, "sample"),
      fmt::join(extractors, ", "));
}

}  // namespace pumice
