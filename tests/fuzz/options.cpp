// SPDX-License-Identifier: Apache-2.0
//
// The texts of options: counts, numbers, settings, lists. Whatever the text, either it is read or refused in a
// sentence, and nothing that is shown of it steers a terminal.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/cli/help.hpp"
#include "bench/numbers/distribution.hpp"
#include "bench/numbers/types.hpp"
#include "bench/rows/rows.hpp"
#include "bench/selection/names.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/errors.hpp"
#include "bench/timing/google.hpp"
#include "bench/timing/timing.hpp"
#include "reports/text.hpp"

namespace {

using namespace actbench;

template <class Read>
void refused_in_a_sentence(Read read) {
  const auto check = [](const std::string& sentence) {
    const std::string shown = reports::printable(sentence);
    if (shown.empty() || shown.find_first_of("\n\r\033\x9b") != std::string::npos) std::abort();
  };
  try {
    read();
  } catch (const bench::UsageError& e) {
    check(e.what());
  } catch (const timing::Error& e) {
    check(e.what());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const std::vector<const Kernel*> every = [] {
    std::vector<const Kernel*> all;
    for (const Kernel& kernel : kernels()) {  // one of each activation: parameters are those of activations
      if (all.empty() || all.back()->activation != kernel.activation) all.push_back(&kernel);
    }
    return all;
  }();
  static const timing::Machine machine = timing::read_machine();
  const std::vector<std::string> texts{text};
  refused_in_a_sentence([&] { bench::parse_count(text, "--inputs"); });
  refused_in_a_sentence([&] { bench::parse_finite(text); });
  for (const Type type : {Type::f32, Type::f64, Type::f16, Type::bf16})
    refused_in_a_sentence([&] { bench::parse_number(type, text); });
  refused_in_a_sentence([&] { bench::parse_lengths(text); });
  refused_in_a_sentence([&] { bench::settings(texts, every); });
  refused_in_a_sentence([&] { bench::activation_named(text); });
  refused_in_a_sentence([&] { timing::parse_sizes(text, machine); });
  refused_in_a_sentence([&] { bench::parse_distributions(text); });
  refused_in_a_sentence([&] { timing::parse_google_arguments({text}); });
  bench::within_width(text);
  bench::notes_on_names(texts);
  return 0;
}
