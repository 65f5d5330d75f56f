// SPDX-License-Identifier: Apache-2.0
//
// Filters, by which kernels, activations and Google's benchmarks are chosen. Whatever the text, either it is refused in
// a sentence, or it matches or not within a moment; and a glob without braces as a plain matcher of globs says.
#include "bench/selection/filter.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "bench/support/errors.hpp"
#include "bench/timing/google.hpp"
#include "bench/timing/timing.hpp"
#include "reports/text.hpp"

namespace {

using namespace actbench;

/// By backtracking, for few stars.
bool glob_matches(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob[0] == '*')
    return glob_matches(glob.substr(1), text) ||
           (!text.empty() && text[0] != '/' && glob_matches(glob, text.substr(1)));
  return !text.empty() && (glob[0] == '?' ? text[0] != '/' : glob[0] == text[0]) &&
         glob_matches(glob.substr(1), text.substr(1));
}

bool run_matches(std::string_view glob, std::string_view text) {
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    if (begin > 0 && text[begin - 1] != '/') continue;
    for (std::size_t end = begin + 1; end <= text.size(); ++end) {
      if ((end == text.size() || text[end] == '/') && glob_matches(glob, text.substr(begin, end - begin))) return true;
    }
  }
  return false;
}

void try_glob(const std::string& text) {
  const bench::Filter filter(text);
  const std::string_view glob = std::string_view(text).substr(filter.leaves_out() ? 1 : 0);
  std::size_t stars = 0;
  for (const char c : glob) stars += c == '*';
  const bool plain = glob.find_first_of("{},") == glob.npos && stars < 4;
  for (const char* identity :
       {"gelu/forward/f32/accurate/avx2", "a/b", "softmax/backward/bf16/naive/scalar", "aaaaaaaaaaaa"}) {
    const bool matched = filter.matches(std::string_view(identity));
    if (plain && matched != run_matches(glob, identity)) std::abort();
  }
  const std::vector<std::string> patterns{text};
  bench::matching(kernels().first(3), patterns);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    try_glob(text);
  } catch (const bench::UsageError& e) {
    if (reports::printable(e.what()).find("ilter") == std::string::npos &&
        std::string_view(e.what()).find("no kernel matches") == std::string_view::npos)
      std::abort();
  }
  try {
    timing::GoogleFilter{text}("gelu/forward/f32/accurate/avx2/4096/normal");
  } catch (const timing::Error& e) {
    if (std::string_view(e.what()).find("--benchmark_filter") == std::string_view::npos) std::abort();
  }
  return 0;
}
