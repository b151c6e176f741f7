#include "native/sweeps/study_json.h"

#include <nlohmann/json.hpp>

#include "engine/io/json_whole.h"

namespace pumice {

using nlohmann::json;

json to_json(const Study& study) {
  json object{{"source", study.source},
              {"gives", study.gives},
              {"concludes", study.concludes},
              {"shows", study.shows}};
  const StudyEvaluation& evaluation = study.evaluation;
  if (!evaluation.wanted) return object;
  object["evaluate"] = {{"samples", evaluation.samples},
                        {"repeats", evaluation.repeats},
                        {"extractor", evaluation.extractor},
                        {"neighbours", evaluation.neighbours},
                        {"likelihood_images", evaluation.likelihood_images},
                        {"likelihood_samples", evaluation.likelihood_samples}};
  return object;
}

Study study_from(const json& object) {
  Study study;
  study.source = object.value("source", "");
  study.gives = object.value("gives", study.gives);
  study.concludes = object.value("concludes", study.concludes);
  study.shows = object.value("shows", study.shows);
  if (!object.contains("evaluate")) return study;
  const json& evaluate = object["evaluate"];
  study.evaluation = {.wanted = true,
                      .samples = io::whole_at(evaluate, "samples"),
                      .repeats = io::whole_at(evaluate, "repeats"),
                      .extractor = evaluate.at("extractor"),
                      .neighbours = io::whole_at(evaluate, "neighbours"),
                      .likelihood_images = io::whole_at(evaluate, "likelihood_images"),
                      .likelihood_samples = io::whole_at(evaluate, "likelihood_samples")};
  return study;
}

}  // namespace pumice
