#include <fmt/ranges.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/base/count_of.h"
#include "engine/data/cifar10.h"
#include "engine/data/dataset.h"
#include "engine/data/folder_layout.h"
#include "native/commands/data_table.h"
#include "native/commands/session.h"
#include "native/system/source_script.h"
#include "native/training/data_folder.h"

namespace pumice::commands {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

constexpr std::string_view kFolder = "folder";

/// Reads the whole data set: one that is listed as present can be trained on.
void read_data_set(DataRow& row) {
  const data::ImageFolderOptions options{.folder = row.folder};
  const data::ImageSet test = data::load(row.name, options, data::Split::kTest);
  const data::ImageSet train = data::load(row.name, options, data::Split::kTrain);
  row.train = train.count;
  row.test = test.count;
  row.height = test.height;
  row.width = test.width;
  row.channels = test.channels;
  row.class_names = train.class_names;
  row.unlabelled = train.unlabelled.empty() ? test.unlabelled : train.unlabelled;
}

// Reads only the first bytes of each file: decoding all files takes long.
Names take_unreadable(data::FolderLayout& layout) {
  Names names;
  for (data::ImageList* list : {&layout.train, &layout.test}) {
    std::erase_if(list->files, [&](const data::ImageFile& file) {
      const bool is_bad = !data::begins_like_image(file.path);
      if (is_bad) names.push_back(file.name);
      return is_bad;
    });
  }
  return names;
}

/// What models that need labels do with a test split without classes.
std::string use_with_labels(const data::FolderLayout& layout, const std::filesystem::path& folder) {
  if (layout.train.class_names.empty() || layout.test.unlabelled.empty()) return "";
  const data::FolderLayout labelled = data::read_folder_layout(folder, true);
  return labelled.test.unlabelled.empty()
             ? "classifiers and conditional models hold out a tenth of the training images "
               "instead"
             : "classifiers and conditional models refuse these test images";
}

FolderFacts facts_of_folder(const std::filesystem::path& folder) {
  FolderFacts facts{.folder = folder, .layout = data::read_folder_layout(folder), .unreadable = {}};
  const size_t files = facts.layout.train.files.size() + facts.layout.test.files.size();
  facts.unreadable = take_unreadable(facts.layout);
  require(facts.unreadable.size() < files,
          "{}: none of its {} can be read and begins like a PNG or JPEG", folder.string(),
          count_of(files, "image"));
  facts.with_labels = use_with_labels(facts.layout, folder);
  return facts;
}

/// A data set that may be missing.
DataRow row_of(const std::string& name, const std::filesystem::path& folder) {
  DataRow row{.name = name, .folder = folder};
  try {
    read_data_set(row);
  } catch (const Error& error) {
    row.problem = error.what();
  }
  return row;
}

std::vector<DataRow> rows_of(const Names& names) {
  std::vector<DataRow> rows;
  for (const std::string& name : names) rows.push_back(row_of(name, data_folder("", name)));
  return rows;
}

Names fetchable() {
  const std::vector<std::string_view> names = data::fetchable_datasets();
  return {names.begin(), names.end()};
}

json to_json(const DataRow& row) {
  json object{
      {"name", row.name}, {"folder", row.folder.string()}, {"present", row.problem.empty()}};
  if (!row.problem.empty()) {
    object["problem"] = row.problem;
    return object;
  }
  object.update({{"train", row.train}, {"test", row.test}, {"classes", row.class_names}});
  if (!row.unlabelled.empty()) object["unlabelled"] = row.unlabelled;
  if (row.channels > 0) object["size"] = {row.height, row.width, row.channels};
  return object;
}

json to_json(const FolderFacts& facts) {
  const data::FolderLayout& layout = facts.layout;
  Names passed_over = layout.unused_splits;
  passed_over.insert(passed_over.end(), layout.passed_over.begin(), layout.passed_over.end());
  return {{"name", kFolder},
          {"folder", facts.folder.string()},
          {"present", true},
          {"train", layout.train.files.size()},
          {"test", layout.test.files.size()},
          {"splits", layout.splits},
          {"classes", layout.train.class_names},
          {"train_by_class", class_counts(layout.train)},
          {"test_by_class", class_counts(layout.test)},
          {"passed_over", passed_over},
          {"unreadable", facts.unreadable}};
}

void print(const std::vector<DataRow>& rows, const Session& session) {
  json array = json::array();
  for (const DataRow& row : rows) array.push_back(to_json(row));
  session.print(data_table(rows), {{"data_sets", array}});
}

/// Describes the contents of a folder, as text and as JSON.
std::pair<std::string, json> explain(const std::string& folder) {
  require(!folder.empty(), "data: expected a folder, got an empty name");
  if (const data::Dataset* known = data::recognized(folder)) {
    const DataRow row = row_of(std::string(known->name), folder);
    require(row.problem.empty(), "{}", row.problem);
    return {known_data_text(row, known->title), to_json(row)};
  }
  const std::string other = data::other_cifar(folder);
  require(other.empty(), "{}", other);
  const FolderFacts facts = facts_of_folder(folder);
  return {folder_text(facts), to_json(facts)};
}

/// One bad folder must not hide the others.
std::pair<std::string, json> explain_or_report(const std::string& folder) {
  try {
    return explain(folder);
  } catch (const Error& error) {
    return {
        error.what(),
        to_json(DataRow{.name = std::string(kFolder), .folder = folder, .problem = error.what()})};
  }
}

void list(const Names& folders, const Session& session) {
  if (folders.empty()) return print(rows_of(fetchable()), session);
  std::string text;
  json array = json::array();
  size_t bad = 0;
  for (const std::string& folder : folders) {
    const auto [lines, object] = folders.size() == 1 ? explain(folder) : explain_or_report(folder);
    text += (text.empty() ? "" : "\n") + lines;
    if (object["present"] == false) ++bad;
    array.push_back(object);
  }
  session.print(text, {{"data_sets", array}});
  require(bad == 0, "data: {} of {} folders cannot be trained on", bad, folders.size());
}

// Without the sources there is no script to run; then users have to place the files themselves.
void require_present(const DataRow& row) {
  const data::Dataset& dataset = data::find_dataset(row.name);
  require(
      row.problem.empty(),
      "data: fetching needs Pumice's source tree, and this program was installed elsewhere; put "
      "{} of {} ({}) into {}",
      dataset.files, dataset.title, dataset.origin, row.folder.string());
}

void fetch(const Names& names, const Session& session) {
  for (const std::string& name : names) {
    const data::Dataset& dataset = data::find_dataset(name);
    if (!dataset.fetch) {
      throw UsageError(fmt::format("data: cannot fetch '{}': it is {} of your own: {}",
                                   dataset.name, dataset.title, dataset.files));
    }
  }
  const std::filesystem::path script = system::setup_script();
  if (!script.empty()) {
    Names arguments{"--data"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    system::run_script(script, arguments);
  }
  const std::vector<DataRow> rows = rows_of(names);
  if (script.empty()) std::for_each(rows.begin(), rows.end(), require_present);
  for (const DataRow& row : rows) require(row.problem.empty(), "{}", row.problem);
  print(rows, session);
}

}  // namespace

void add_data(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("data", "Lists data sets and their folders; fetches missing ones.");
  auto folders = std::make_shared<Names>();
  command->add_option("FOLDER", *folders,
                      "Describe these folders instead: splits, classes, and skipped files");
  command->add_flag("--json", session.json, "Results as JSON on stdout");
  command->footer("Examples:\n  pumice data\n  pumice data fetch cifar10\n  pumice data photos");
  command->callback([command, folders, &session] {
    if (command->get_subcommands().empty()) list(*folders, session);
  });
  CLI::App* fetching = command->add_subcommand("fetch", "Fetches data sets by name.");
  auto names = std::make_shared<Names>();
  fetching->add_option("NAME", *names, fmt::to_string(fmt::join(fetchable(), ", ")))->required();
  fetching->add_flag("--json", session.json, "Results as JSON on stdout");
  fetching->callback([names, &session] { fetch(*names, session); });
}

}  // namespace pumice::commands
