#include <algorithm>

#include "engine/base/escape.h"
#include "native/sweeps/compared_model.h"

namespace pumice {
namespace {

struct Column {
  const char* title;
  std::string ComparedModel::*text;
};

constexpr Column kColumns[] = {{"model", &ComparedModel::name},
                               {"network", &ComparedModel::network},
                               {"parameters", &ComparedModel::parameters},
                               {"latent", &ComparedModel::latent},
                               {"loss", &ComparedModel::loss},
                               {"optimizer", &ComparedModel::optimizer},
                               {"epochs", &ComparedModel::epochs},
                               {"last losses", &ComparedModel::losses},
                               {"FID", &ComparedModel::fid},
                               {"Inception score", &ComparedModel::inception_score},
                               {"log-likelihood", &ComparedModel::log_likelihood},
                               {"source", &ComparedModel::source}};

// Those that at least one model has.
std::vector<Column> columns_of(const std::vector<ComparedModel>& models) {
  std::vector<Column> columns;
  for (const Column& column : kColumns) {
    for (const ComparedModel& model : models) {
      if ((model.*column.text).empty()) continue;
      columns.push_back(column);
      break;
    }
  }
  return columns;
}

std::string images_html(const ComparedModel& model) {
  std::string text;
  for (const RunImage& image : model.images) {
    text += fmt::format(
        "<figure><a href=\"{0}\"><img src=\"{0}\" alt=\"{1}\"></a>"
        "<figcaption>{1}</figcaption></figure>",
        escaped_html(image.file.string()), image.name);
  }
  return text;
}

// Up to three images of a model are beside each other.
uint32_t images_width(const std::vector<ComparedModel>& models) {
  constexpr uint32_t kImage = 160;
  size_t most = 1;
  for (const ComparedModel& model : models) most = std::max(most, model.images.size());
  return kImage * static_cast<uint32_t>(std::min<size_t>(most, 3));
}

std::string images_markdown(const ComparedModel& model) {
  std::string text;
  for (const RunImage& image : model.images) {
    text += fmt::format("{}![{}]({})", text.empty() ? "" : " ", image.name, image.file.string());
  }
  return text;
}

}  // namespace

std::string comparison_markdown(const std::vector<ComparedModel>& models) {
  const std::vector<Column> columns = columns_of(models);
  Table::Row titles;
  for (const Column& column : columns) titles.emplace_back(column.title);
  titles.emplace_back("images");
  Table table(titles);
  for (const ComparedModel& model : models) {
    Table::Row row;
    for (const Column& column : columns) row.push_back(model.*column.text);
    row.push_back(images_markdown(model));
    table.add(row);
  }
  return table.markdown();
}

std::string comparison_html(const std::vector<ComparedModel>& models) {
  const std::vector<Column> columns = columns_of(models);
  const uint32_t width = images_width(models);
  std::string text = "<table class=\"models\">\n<tr>";
  for (const Column& column : columns) text += fmt::format("<th>{}</th>", column.title);
  text += "<th>images</th></tr>\n";
  for (const ComparedModel& model : models) {
    text += "<tr>";
    for (const Column& column : columns) {
      text += fmt::format("<td>{}</td>", escaped_html(model.*column.text));
    }
    text += fmt::format("<td style=\"min-width: {}px\">{}</td></tr>\n", width, images_html(model));
  }
  return text + "</table>\n";
}

}  // namespace pumice
