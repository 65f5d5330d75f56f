// SPDX-License-Identifier: Apache-2.0
//
// Which known formula, with which parameters, made these outputs? Every formula is fitted to a sample; the best are
// held against all outputs. Nothing here knows of files or of the command line.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actbench/kernels.hpp"
#include "bench/identify/fit.hpp"
#include "bench/score/score.hpp"
#include "reports/table.hpp"

namespace actbench::bench::identify {

struct Options {
  std::size_t most = 8;  ///< matches to give
  unsigned threads = 0;  ///< 0: as many as this process may use
  std::function<void(double fraction)> progress{};
  const std::atomic<bool>* stop = nullptr;  ///< once set, identify() soon throws Interrupted
};

/// A formula with its best parameters, and how far its values are from all outputs.
struct Match {
  std::string name, text;
  std::vector<std::pair<std::string, double>> parameters;
  std::size_t fitted = 0;  ///< parameters that are none of the usual values
  Distance distance;
  std::uint64_t digest = 0;  ///< of its values, rounded to the type, for these inputs
};

/// An input that tells two formulas apart, and their values there, rounded to the type.
struct Telling {
  double x = 0, a = 1, dy = 1, first = 0, second = 0;
};

/// A match whose values are, rounded, those of the first for every input.
struct Twin {
  std::size_t match;
  std::optional<Telling> told_apart;  ///< nothing: the two agree at every input that was tried
};

struct Identity {
  Type type;
  Direction direction;
  std::uint64_t outputs = 0, sample = 0;
  std::size_t formulas = 0;
  std::vector<Match> matches{};  ///< the best first
  std::vector<Twin> twins{};
  bool explained = false;  ///< nine in ten outputs are near the values of the first match
};

/// The arrays are as score() takes them, of one type, without rows. Throws UsageError for what cannot be identified:
/// nothing, or a direction that no formula has with these inputs; Interrupted.
Identity identify(Type, Direction, const score::Arrays&, const Options& = {});

/// The matches, ranked, with a sentence that says what the outputs are. x: the inputs, for the first that differs.
reports::Table table(const Identity&, const score::Arrays&, const std::string& name);

}  // namespace actbench::bench::identify
