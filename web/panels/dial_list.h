#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "web/state/directions.h"
#include "web/state/influence.h"
#include "web/state/strips.h"

namespace pumice::web {

/// The dials of the explored point: directions that were found without labels, then single latent
/// numbers, most influential first; those that change nothing visible are folded away.
class DialList {
 public:
  static constexpr float kReach = 4;  ///< in standard deviations

  /// The workspace must outlive this.
  explicit DialList(Workspace& workspace);

  void draw(ImVec2 size);
  /// Throws Error, as poll() does.
  void request();
  void poll();
  void decode_anew();

  /// A new dial, on top: a direction chosen at random.
  void add_random_direction();
  /// Moves the explored point, except along locked dials.
  void move_to(std::vector<float> point);

 private:
  struct Dial {
    std::string name;
    Direction direction;
  };
  void draw_directions();
  void draw_numbers();
  void draw_dead_numbers(size_t first);
  void draw_dial(const Dial& dial);
  void draw_buttons(const Dial& dial, bool is_locked);
  Dial number(uint32_t index) const;
  const std::vector<Direction>& directions() const;

  Workspace& workspace_;
  std::unique_ptr<Influence> influence_;
  std::vector<uint32_t> order_;  ///< of the numbers
  Strips strips_;
  Direction random_;  ///< empty: none yet
  uint64_t random_count_ = 0;
  std::vector<Dial> locked_;
};

}  // namespace pumice::web
