#include "native/run/run_log.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

namespace pumice {
namespace {

using nlohmann::json;

json to_json(const Figures& figures) {
  json object = json::object();
  for (const Figure& figure : figures) {
    if (std::isfinite(figure.value)) object[figure.name] = figure.value;
  }
  return object;
}

}  // namespace

RunLog::RunLog(const RunFolder& folder, uint32_t epoch, std::string device, std::string evaluation)
    : device_(std::move(device)),
      evaluation_(std::move(evaluation)),
      lines_(folder.metrics_lines(), epoch),
      events_(folder.path(), epoch + 1) {}

void RunLog::note(const io::EpochFigures& figures, const Speed& speed) {
  json line{{"epoch", figures.epoch},
            {"train", to_json(figures.train)},
            {"test", to_json(figures.test)},
            {"seconds", speed.seconds},
            {"images_per_second", speed.images_per_second},
            {"device", device_}};
  if (!evaluation_.empty()) line["evaluation"] = evaluation_;
  lines_.append(line);
  Figures scalars;
  for (const Figure& figure : figures.train)
    scalars.push_back({"train/" + figure.name, figure.value});
  for (const Figure& figure : figures.test)
    scalars.push_back({"test/" + figure.name, figure.value});
  scalars.push_back({"speed/seconds", speed.seconds});
  scalars.push_back({"speed/images_per_second", speed.images_per_second});
  events_.scalars(figures.epoch, scalars);
}

// TensorBoard keeps ten pictures of a tag; every one would make a long run's file a heavy one.
void RunLog::show(uint32_t epoch, const std::string& tag, const report::Picture& picture) {
  if (epoch <= 10 || epoch % 10 == 0) {
    events_.picture(epoch, tag, report::is_doubled(picture) ? report::halved(picture) : picture);
  }
}

}  // namespace pumice
