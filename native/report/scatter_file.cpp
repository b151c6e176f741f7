#include "native/report/scatter_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"
#include "engine/io/json_text.h"
#include "native/formats/origin.h"
#include "native/report/page.h"

namespace pumice::report {
namespace {

using nlohmann::json;

json thumbnails_of(const views::LatentScatter& scatter) {
  const uint32_t columns = scatter.thumbnail_columns;
  const uint32_t rows = (scatter.thumbnail_count + columns - 1) / columns;
  return {{"src", data_uri("image/png", formats::encode_png(scatter.thumbnails))},
          {"width", scatter.thumbnails.width / columns},
          {"height", scatter.thumbnails.height / rows},
          {"columns", columns},
          {"count", scatter.thumbnail_count}};
}

bool is_list(const json& scatter, const char* name, size_t size) {
  const auto found = scatter.find(name);
  return found != scatter.end() && found->is_array() && found->size() == size &&
         std::ranges::all_of(*found, [](const json& value) { return value.is_number_integer(); });
}

bool are_thumbnails(const json& thumbnails) {
  const bool has_numbers =
      thumbnails.is_object() &&
      std::ranges::all_of(std::array{"width", "height", "columns", "count"}, [&](const char* name) {
        return thumbnails.contains(name) && thumbnails[name].is_number_unsigned();
      });
  return has_numbers && thumbnails.contains("src") && thumbnails["src"].is_string();
}

bool is_scatter(const json& scatter) {
  if (!scatter.is_object() || !scatter.contains("x")) return false;
  const size_t size = scatter["x"].size();
  return scatter.contains("reach") && scatter["reach"].is_number() && is_list(scatter, "x", size) &&
         is_list(scatter, "y", size) &&
         (!scatter.contains("labels") || is_list(scatter, "labels", size)) &&
         (!scatter.contains("thumbnails") || are_thumbnails(scatter["thumbnails"]));
}

}  // namespace

json scatter_to_json(const views::LatentScatter& scatter) {
  constexpr double kThousand = 1000;
  json x = json::array(), y = json::array();
  for (formats::Point point : scatter.plane.points) {
    x.push_back(std::lround(point.x * kThousand));
    y.push_back(std::lround(point.y * kThousand));
  }
  json object{{"x", std::move(x)}, {"y", std::move(y)}, {"reach", scatter.plane.reach}};
  if (!scatter.labels.empty()) object["labels"] = scatter.labels;
  if (!scatter.class_names.empty()) object["class_names"] = scatter.class_names;
  if (scatter.thumbnail_count > 0) object["thumbnails"] = thumbnails_of(scatter);
  return object;
}

// The mark comes first, with a space, as formats::was_written_by_pumice looks for it.
void write_scatter(const std::filesystem::path& path, const views::LatentScatter& scatter) {
  const std::string content = io::json_text(scatter_to_json(scatter));
  write_file_atomically(path, fmt::format("{{\"generator\": \"{}\",{}\n", kGenerator,
                                          std::string_view(content).substr(1)));
}

json read_scatter(const std::filesystem::path& path) {
  json scatter = json::parse(read_text(path), nullptr, false);
  require(is_scatter(scatter), "{}: expected points as training writes them", path.string());
  scatter.erase("generator");
  return scatter;
}

}  // namespace pumice::report
