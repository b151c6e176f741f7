#include "native/system/print.h"

namespace pumice::system {

void print(std::FILE* out, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
}

}  // namespace pumice::system
