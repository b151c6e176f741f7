#pragma once

#include <cstdint>
#include <string>

namespace pumice::hal::cpu {

/// The processor's own name, such as "AMD EPYC 9R14", or "CPU" if the system does not tell it.
std::string processor_name();

/// The machine's memory; 0 if unknown.
uint64_t memory_bytes();

}  // namespace pumice::hal::cpu
