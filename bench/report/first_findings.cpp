// SPDX-License-Identifier: Apache-2.0
#include "bench/report/first_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "bench/certificates/verify.hpp"
#include "bench/numbers/inputs.hpp"
#include "bench/performance/performance.hpp"
#include "bench/report/summary.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/signals.hpp"
#include "reports/text.hpp"

namespace actbench::bench {
namespace {

/// The certificates whose check takes a moment, each with the widest backend that the report has.
std::map<const Certificate*, const Kernel*> quickly_checked(const Report& report) {
  constexpr int most_bits = 16;
  std::map<const Certificate*, const Kernel*> checked;
  for (const Kernel* kernel : report.kernels) {
    if (!std::isfinite(kernel->promised_ulp) || input_bits(*kernel) > most_bits) continue;
    const Certificate* certificate =
        Certificates::built_in().find(*kernel, describe_parameters(*kernel, parameters_of(*kernel, {})));
    if (certificate == nullptr) continue;
    const Kernel*& place = checked[certificate];
    if (place == nullptr || kernel->backend > place->backend) place = kernel;
  }
  return checked;
}

}  // namespace

std::string proofs_in_short(const Report& report) {
  const std::map<const Certificate*, const Kernel*> checked = quickly_checked(report);
  if (checked.empty()) return {};
  VerifyOptions options;
  options.threads = report.options.threads;
  options.stop = &stop_flag();
  std::vector<std::string> broken;
  for (const auto& [certificate, kernel] : checked) {
    if (!verify({kernel, parameters_of(*kernel, {})}, *certificate, options).passed)
      broken.push_back(identity(*kernel));
  }
  const std::string all = reports::counted(checked.size(), "kernel", "kernels");
  if (broken.empty()) {
    return fmt::format("{} of 16 bits {} for every input the bits that were proved right", all,
                       checked.size() == 1 ? "gives" : "give");
  }
  std::sort(broken.begin(), broken.end());
  return fmt::format("{} of {} of 16 bits {} NOT the bits that were proved right, such as {}", broken.size(), all,
                     broken.size() == 1 ? "gives" : "give", broken[0]);
}

std::string fastest_in_short(const Report& report) {
  constexpr std::size_t most = 3;
  std::string text;
  for (const auto& [activation, fastest] : fastest_kernels(report, most)) {
    text += fmt::format("{}{} {} ns an element", text.empty() ? "" : ", ", identity(*fastest.promised->kernel),
                        ns_text(fastest.promised->ns_per_element.median));
    if (fastest.naive != nullptr) text += fmt::format(" (textbook {})", ns_text(fastest.naive->ns_per_element.median));
  }
  return text;
}

}  // namespace actbench::bench
