// SPDX-License-Identifier: Apache-2.0
//
// The side of a survey that asks: it starts the process that has the peers (worker.cpp), and takes what that writes.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include "bench/peers/peers.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"
#include "bench/support/process.hpp"
#include "bench/support/signals.hpp"

namespace actbench::bench::peers {
namespace {

constexpr std::size_t most_peers = 1000;

timing::Interval interval(const json::json& object, const char* field) {
  const json::json& values = json::list(object, field, 4);
  if (values.size() != 4) throw json::FieldError(fmt::format("\"{}\" has not 4 entries", field));
  return {values[0].get<double>(), values[1].get<double>(), values[2].get<double>(), values[3].get<double>()};
}

Standing standing_of(const json::json& line) {
  Standing standing{find(json::text(line, "ours")),
                    json::size(line, "max_ulp"),
                    json::whole(line, "inputs"),
                    interval(line, "ns"),
                    {}};
  if (standing.ours == nullptr) throw json::FieldError("\"ours\" is no kernel");
  for (const json::json& peer : json::list(line, "peers", most_peers)) {
    standing.peers.push_back(
        {json::text(peer, "name"), json::size(peer, "max_ulp"), interval(peer, "ns"), interval(peer, "over_ours")});
  }
  std::stable_sort(standing.peers.begin(), standing.peers.end(),
                   [](const Peer& a, const Peer& b) { return a.ns.median < b.ns.median; });
  return standing;
}

std::string request_for(std::span<const Kernel* const> ours, const SurveyOptions& options) {
  json::json kernels = json::json::array();
  for (const Kernel* kernel : ours) kernels.push_back(identity(*kernel));
  const json::json request{{"plugins", options.plugins}, {"kernels", kernels},        {"seconds", options.seconds},
                           {"inputs", options.inputs},   {"size", options.size},      {"row", options.row},
                           {"seed", options.seed},       {"threads", options.threads}};
  return request.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Takes the worker's lines.
class Taker {
 public:
  explicit Taker(Survey& into) : into_(into) {}

  void take(const std::string& text) {
    const json::json line = json::parse(text);
    if (line.contains("libraries")) {
      into_.libraries.clear(), into_.notes.clear();  // a run that begins again says them again
      for (const json::json& library : json::list(line, "libraries", most_peers))
        into_.libraries.push_back({json::text(library, "name"), json::text(library, "about")});
      for (const json::json& note : json::list(line, "notes", 100000)) into_.notes.push_back(note.get<std::string>());
    } else if (line.contains("ours")) {
      into_.standings.push_back(standing_of(line));
    } else if (line.contains("without")) {
      into_.without.push_back(json::text(line, "without"));
    } else if (line.contains("skipped")) {
      into_.skipped.push_back(json::text(line, "skipped"));
    } else if (line.contains("error")) {
      error_ = json::text(line, "error");
    } else {
      done_ = line.contains("done");
    }
  }
  bool done() const { return done_; }
  const std::optional<std::string>& error() const { return error_; }
  std::size_t taken() const { return into_.standings.size() + into_.without.size() + into_.skipped.size(); }

 private:
  Survey& into_;
  bool done_ = false;
  std::optional<std::string> error_;
};

}  // namespace

Survey survey(std::span<const Kernel* const> ours, const SurveyOptions& options) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Survey result;
  Taker taker(result);
  SurveyOptions asked = options;
  asked.seconds *= 0.9;  // the rest is for a last function that takes longer than the one before
  Process worker(own_program().string(), {worker_command}, {}, "the process with the peers");
  worker.send(request_for(ours, asked));
  bool in_time = true;
  try {
    in_time = worker.listen(
        [&] {
          if (stop_flag()) throw Interrupted();
          return options.seconds <= 0 || std::chrono::duration<double>(Clock::now() - start).count() < options.seconds;
        },
        [&](const std::string& line) {
          taker.take(line);
          if (!options.progress) return;
          const double fraction = static_cast<double>(taker.taken()) / static_cast<double>(ours.size() + 1);
          options.progress(fraction, taker.taken() < ours.size() ? identity(*ours[taker.taken()]) : "");
        });
  } catch (const json::FieldError& e) {
    throw MissingError(fmt::format("the process with the peers wrote what cannot be read: {}", e.what()));
  } catch (const nlohmann::json::exception& e) {
    throw MissingError(fmt::format("the process with the peers wrote what cannot be read: {}", e.what()));
  }
  if (taker.error() && result.standings.empty()) throw MissingError(*taker.error());
  if (taker.error()) {
    result.notes.push_back(*taker.error());
  } else if (in_time && !taker.done()) {
    result.notes.emplace_back("the process with the peers ended without a word");
  }
  for (std::size_t i = taker.taken(); i < ours.size(); ++i) result.skipped.push_back(identity(*ours[i]));
  return result;
}

}  // namespace actbench::bench::peers
