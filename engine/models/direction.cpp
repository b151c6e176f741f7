#include "engine/models/direction.h"

#include <algorithm>

#include "engine/base/require.h"

namespace pumice::models {

Direction::Direction(hal::Device& device, std::string name, const Sizes& sizes, Function function)
    : device_(device), name_(std::move(name)), sizes_(sizes), function_(std::move(function)) {
  auto memory = [&](const Shape& shape, DType dtype, const char* label) {
    return device.allocate(padded_bytes(shape, dtype), name_ + label);
  };
  input_ = memory({sizes.batch, sizes.in}, DType::kF32, ".input");
  output_ = memory({sizes.batch, sizes.out}, DType::kF32, ".output");
  if (sizes.classes > 0) labels_ = memory({sizes.batch}, DType::kU32, ".labels");
}

Direction::Program Direction::compile(const DecodePass& pass) {
  const Shape in{sizes_.batch, sizes_.in};
  const Shape out{sizes_.batch, sizes_.out};
  Program program;
  Graph graph(device_.limits());
  DecodeInput input;
  if (labels_) input.labels = graph.external(labels_, {sizes_.batch}, DType::kU32);
  if (!pass.numbers.empty()) {
    const Shape shape{static_cast<uint32_t>(pass.numbers.size())};
    program.numbers = device_.allocate(padded_bytes(shape, DType::kF32), name_ + ".numbers");
    input.numbers = graph.external(program.numbers, shape, DType::kF32);
  }
  input.latents = graph.external(input_, in, DType::kF32);
  const Decoded decoded = function_(pass.program, input);
  ops::store(decoded.images, graph.external(output_, out, DType::kF32));
  if (decoded.latents) {
    if (!next_) next_ = device_.allocate(padded_bytes(in, DType::kF32), name_ + ".next");
    ops::store(decoded.latents, graph.external(next_, in, DType::kF32));
  }
  program.step = std::make_unique<Step>(device_, graph, name_);
  return program;
}

Direction::Program& Direction::program(const DecodePass& pass) {
  auto found = programs_.find(pass.program);
  if (found == programs_.end()) found = programs_.emplace(pass.program, compile(pass)).first;
  return found->second;
}

// A separate program, because a kernel must not read and write the same buffer.
Step& Direction::next_to_input() {
  if (!copy_) {
    require(next_ != nullptr, "{}: expects latents for the next pass, got none", name_);
    const Shape shape{sizes_.batch, sizes_.in};
    Graph graph(device_.limits());
    ops::store(graph.external(next_, shape, DType::kF32),
               graph.external(input_, shape, DType::kF32));
    copy_ = std::make_unique<Step>(device_, graph, name_ + ".next");
  }
  return *copy_;
}

void Direction::write(std::span<const float> rows, Labels labels) {
  require(!rows.empty() && rows.size() % sizes_.in == 0 && rows.size() / sizes_.in <= sizes_.batch,
          "{}: expects 1 … {} rows of {} values, got {} values", name_, sizes_.batch, sizes_.in,
          rows.size());
  if (labels_) write_labels(labels, rows.size() / sizes_.in);
  device_.write(*input_, std::as_bytes(rows));
}

void Direction::run_pass(const DecodePass& pass, bool is_first) {
  if (!is_first) next_to_input().run();
  Program& program = this->program(pass);
  if (program.numbers) device_.write(*program.numbers, std::as_bytes(std::span(pass.numbers)));
  program.step->run();
}

std::unique_ptr<hal::Readback> Direction::start(const Passes& passes, std::span<const float> rows,
                                                Labels labels) {
  write(rows, labels);
  for (const DecodePass& pass : passes) run_pass(pass, &pass == &passes.front());
  return device_.read(*output_);
}

std::vector<std::vector<float>> Direction::run_each(const Passes& passes,
                                                    std::span<const float> rows, Labels labels) {
  write(rows, labels);
  std::vector<std::vector<float>> results;
  for (const DecodePass& pass : passes) {
    run_pass(pass, results.empty());
    results.push_back(
        to_floats(device_.read(*output_)->take(), rows.size() / sizes_.in * sizes_.out));
  }
  return results;
}

std::vector<float> Direction::run(const Passes& passes, std::span<const float> rows,
                                  Labels labels) {
  require(rows.size() % sizes_.in == 0, "{}: expects rows of {} values, got {} values", name_,
          sizes_.in, rows.size());
  std::vector<float> results;
  results.reserve(rows.size() / sizes_.in * sizes_.out);
  while (!rows.empty()) {
    const size_t count = std::min<size_t>(rows.size() / sizes_.in, sizes_.batch);
    const size_t labelled = std::min(count, labels.size());
    auto readback = start(passes, rows.first(count * sizes_.in), labels.first(labelled));
    std::vector<float> part = to_floats(readback->take(), count * sizes_.out);
    results.insert(results.end(), part.begin(), part.end());
    rows = rows.subspan(count * sizes_.in);
    labels = labels.subspan(labelled);
  }
  return results;
}

size_t Direction::dispatches(const Passes& passes) {
  size_t total = 0;
  for (const DecodePass& pass : passes) {
    total += program(pass).step->dispatch_count();
    if (&pass != &passes.front()) total += next_to_input().dispatch_count();
  }
  return total;
}

void Direction::write_labels(Labels labels, size_t rows) {
  const bool fit = std::all_of(labels.begin(), labels.end(),
                               [&](uint32_t label) { return label < sizes_.classes; });
  require(fit && labels.size() == rows, "{}: expects {} labels below {}, got {}{}", name_, rows,
          sizes_.classes, labels.size(), fit ? "" : ", one of them too large");
  device_.write(*labels_, std::as_bytes(labels));
}

}  // namespace pumice::models
