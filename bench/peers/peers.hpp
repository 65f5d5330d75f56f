// SPDX-License-Identifier: Apache-2.0
//
// Peers: the libraries that people use instead, as plug-ins that scripts/peers builds. Where they lie, and how a kernel
// of the program stands among them: ahead of the quickest that is right enough, behind it, or level.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/numbers/seed.hpp"
#include "bench/timing/timing.hpp"
#include "reports/table.hpp"

namespace actbench::bench::peers {

/// What `--peers` takes for none.
inline constexpr char no_folder[] = "none";

/// The folder in which scripts/peers builds them, as seen from the program in its build folder: build/peers for
/// build/release/bench/actbench. There need not be one.
std::filesystem::path default_folder();

/// The plug-ins in a folder, by their names; empty where there is no such folder. Other shared libraries do not count.
std::vector<std::string> plugins_in(const std::filesystem::path& folder);

/// The same of a folder that a user names by --peers. Throws UsageError where it has none.
std::vector<std::string> named_plugins(const std::string& folder);

/// The kernels of plug-ins that this process has loaded, and that run here, of the function of this one.
std::vector<const Kernel*> kernels_like(const Kernel& ours);

/// Of each function of these kernels the one of the program's own that is held against peers: of those that promise
/// errors within the bound the least tier, of that the widest backend. In the order of the kernels.
std::vector<const Kernel*> contenders(std::span<const Kernel* const>, double within_ulp);

/// A peer's kernel beside ours.
struct Peer {
  std::string name;     ///< of the plug-in
  double max_ulp = 0;   ///< the largest error found; infinite for a NaN, infinity or number in the place of another
  timing::Interval ns;  ///< an element
  timing::Interval over_ours;  ///< its time over that of ours, round by round
};

/// A kernel of the program among the peers that have the same function.
struct Standing {
  const Kernel* ours = nullptr;
  double max_ulp = 0;        ///< of ours, as found
  std::uint64_t inputs = 0;  ///< at which errors were looked for; of kernels over rows, elements
  timing::Interval ns;
  std::vector<Peer> peers;  ///< the quickest first; at least one
};

/// The quickest peer whose error was found to be at most so many ULP; null where there is none.
const Peer* quickest_within(const Standing&, double ulp);

/// Ours is ahead where the interval of the peer's time over ours lies above 1, behind where it lies below, and level
/// where it holds 1.
enum class Place : unsigned char { ahead, level, behind };
const char* name(Place);
Place place(const Peer&);

/// What a survey found.
struct Survey {
  struct Library {
    std::string name, about;  ///< "onednn", "oneDNN 2.6.3"
  };
  std::vector<Library> libraries;
  std::vector<Standing> standings;   ///< in the order of the kernels
  std::vector<std::string> without;  ///< identities of kernels whose function no peer has
  std::vector<std::string> skipped;  ///< of those for which there was no time
  std::vector<std::string> notes;    ///< what was left out of the peers, and why: sentences
};

struct SurveyOptions {
  std::vector<std::string> plugins;  ///< files
  std::string size = "l2";           ///< as timing::parse_sizes takes one
  std::uint64_t row = 1024;          ///< length, of kernels over rows
  std::uint64_t inputs = 1u << 18;   ///< for each kernel's error, at most
  double seconds = 0;                ///< for all of it; 0: as long as it takes
  std::uint64_t seed = default_seed;
  unsigned threads = 0;                                                       ///< of the sweeps
  std::function<void(double fraction, const std::string& label)> progress{};  ///< may be empty
};

/// Judges and times kernels of the program and the peers' of the same functions, in one run that takes turns, in a
/// process of its own: a peer that crashes or hangs costs its own rows. Throws MissingError where no peer runs here,
/// Interrupted.
Survey survey(std::span<const Kernel* const> ours, const SurveyOptions&);

/// The standing in one sentence of Markdown, with what the bound leaves out.
std::string in_one_sentence(const Survey&, double within_ulp);
/// One row a function.
reports::Table standings_table(const Survey&, const SurveyOptions&, double within_ulp);
/// One row a function and kernel, ours among them.
reports::Table every_peer(const Survey&, const SurveyOptions&, double within_ulp);

/// The argument with which the program becomes the process that a survey runs in.
inline constexpr char worker_command[] = "peers-worker";
/// Reads what to do from stdin, writes lines of JSON to stdout, and returns the exit code.
int run_worker();

}  // namespace actbench::bench::peers
