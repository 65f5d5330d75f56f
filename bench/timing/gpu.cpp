// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <vector>

#include "bench/timing/timing.hpp"

namespace actbench::timing {
namespace {

/// The first line that a command prints; empty where it fails.
std::string first_line_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string line;
  if (!pipe) return line;
  for (int c = std::fgetc(pipe.get()); c != EOF && c != '\n' && line.size() < 4096; c = std::fgetc(pipe.get()))
    line += static_cast<char>(c);
  return line;
}

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> all;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, ',');) {
    const auto first = field.find_first_not_of(' ');
    field = first == std::string::npos ? "" : field.substr(first, field.find_last_not_of(' ') - first + 1);
    all.push_back(field.find('[') == std::string::npos ? field : "");  // [N/A], [Not Supported]
  }
  return all;
}

}  // namespace

GpuState read_gpu(const std::string& bus) {
  GpuState state;
  if (bus.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos) return state;
  const std::string ask =
      "timeout 10 nvidia-smi --id=" + bus +
      " --format=csv,noheader,nounits --query-gpu=driver_version,clocks.sm,clocks.max.sm,clocks.mem,"
      "temperature.gpu,power.draw,";
  // Its name changed with driver 535.
  std::vector<std::string> values = fields(first_line_of(ask + "clocks_event_reasons.active 2>/dev/null"));
  if (values.size() != 7) values = fields(first_line_of(ask + "clocks_throttle_reasons.active 2>/dev/null"));
  if (values.size() != 7) return state;
  const auto number = [&](std::size_t i) { return static_cast<int>(std::strtol(values[i].c_str(), nullptr, 10)); };
  state.driver = values[0];
  state.sm_mhz = number(1);
  state.most_sm_mhz = number(2);
  state.memory_mhz = number(3);
  state.celsius = number(4);
  state.watts = std::strtod(values[5].c_str(), nullptr);
  state.slowed_by = values[6];
  return state;
}

}  // namespace actbench::timing
