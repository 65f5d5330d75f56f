// SPDX-License-Identifier: Apache-2.0
#include "bench/report/sections.hpp"

namespace actbench::bench {

#define ACTBENCH_SECTION(name) std::unique_ptr<Section> name##_section();
#include "bench/report/sections.def"
#undef ACTBENCH_SECTION

std::vector<std::unique_ptr<Section>> all_sections() {
  std::vector<std::unique_ptr<Section>> sections;
#define ACTBENCH_SECTION(name) sections.push_back(name##_section());
#include "bench/report/sections.def"
#undef ACTBENCH_SECTION
  return sections;
}

}  // namespace actbench::bench
