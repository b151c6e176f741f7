// Links to a state of the page.
#include <cmath>

#include "tests/fuzz/fuzz.h"
#include "web/state/permalink.h"
#include "web/state/point_text.h"

using namespace pumice;

FUZZ_TARGET(permalink) {
  const web::Permalink link = web::permalink_from_lines(fuzz::text_of(data, size));
  for (const float value : link.latent) fuzz::expect(std::isfinite(value));
  fuzz::expect(std::isfinite(link.truncation) && link.side > 0);
  const std::string lines = web::permalink_to_lines(link);
  fuzz::expect(web::permalink_to_lines(web::permalink_from_lines(lines)) == lines);
  web::point_from_text(fuzz::text_of(data, size));
}
