#include "web/drawing/requests.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "web/page/browser.h"

namespace pumice::web {
namespace {

struct Request {
  enum class What { kSet, kType, kPressImage, kReveal };
  uint32_t id = 0;
  What what = What::kSet;
  double value = 0;
  std::string text;
  int frame = 0;
};
std::vector<Request> requests;

void add(Request request) {
  request.frame = ImGui::GetFrameCount();
  requests.push_back(std::move(request));
}

// The latest of that kind, which is the one that counts.
std::optional<Request> take(uint32_t id, Request::What what) {
  std::optional<Request> latest;
  std::erase_if(requests, [&](Request& each) {
    if (each.id != id || each.what != what) return false;
    latest = std::move(each);
    return true;
  });
  return latest;
}

}  // namespace

void press_item(uint32_t id) { ImGui::ActivateItemByID(id); }
void press_image(uint32_t id, uint32_t index) {
  add({.id = id, .what = Request::What::kPressImage, .value = static_cast<double>(index)});
}
void set_item(uint32_t id, double value) { add({.id = id, .value = value}); }
void type_item(uint32_t id, std::string text) {
  add({.id = id, .what = Request::What::kType, .text = std::move(text)});
}
void reveal_item(uint32_t id) { add({.id = id, .what = Request::What::kReveal}); }
void close_popups() {
  if (!ImGui::GetCurrentContext()->OpenPopupStack.empty()) ImGui::ClosePopupToLevel(0, true);
}

std::optional<uint32_t> take_image(uint32_t id) {
  const auto is_meant = [id](const Request& each) {
    return each.id == id && each.what == Request::What::kPressImage;
  };
  const auto first = std::ranges::find_if(requests, is_meant);
  if (first == requests.end()) return std::nullopt;
  const auto image = static_cast<uint32_t>(first->value);
  requests.erase(first);
  for (Request& later : requests) {
    if (!is_meant(later)) continue;
    later.frame = ImGui::GetFrameCount();
    page_wake();
  }
  return image;
}

std::optional<double> take_value(uint32_t id) {
  const std::optional<Request> request = take(id, Request::What::kSet);
  return request ? std::optional(request->value) : std::nullopt;
}

std::optional<std::string> take_text(uint32_t id) {
  std::optional<Request> request = take(id, Request::What::kType);
  return request ? std::optional(std::move(request->text)) : std::nullopt;
}

bool take_reveal(uint32_t id) { return take(id, Request::What::kReveal).has_value(); }

void forget_old_requests() {
  constexpr int kFrames = 2;
  std::erase_if(requests,
                [](const Request& each) { return ImGui::GetFrameCount() > each.frame + kFrames; });
}

}  // namespace pumice::web
