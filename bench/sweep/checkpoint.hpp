// SPDX-License-Identifier: Apache-2.0
//
// Sweeps over all inputs as files: what an interrupted one goes on from, and what shards are merged from.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "bench/sweep/sweep.hpp"

namespace actbench::bench {

/// How far the sweeps of kernels are. Results of different builds, or by different measures, do not mix.
class Checkpoint {
 public:
  explicit Checkpoint(reference::Ulp ulp = reference::Ulp::goldberg) : ulp_(ulp) {}
  /// From a file. Throws UsageError: no such file, none of these files, of another build, another measure.
  static Checkpoint read(const std::string& file);
  /// The same from its text.
  static Checkpoint parse(const std::string& text, const std::string& file);

  std::string text() const;
  reference::Ulp ulp() const { return ulp_; }
  /// What is done of that subject; an empty one where there is nothing.
  Partial take(const Subject&) const;
  void put(const Subject&, Partial);
  /// Throws UsageError where a chunk of a kernel is in both; `file`: where the other one is from.
  void merge(const Checkpoint& other, const std::string& file);
  /// The subjects, in the table's order.
  std::vector<Subject> subjects() const;

 private:
  struct Entry {
    Subject subject;
    Partial partial;
  };
  reference::Ulp ulp_;
  std::map<std::pair<std::string, std::string>, Entry> entries_;  ///< by identity and parameters
};

}  // namespace actbench::bench
