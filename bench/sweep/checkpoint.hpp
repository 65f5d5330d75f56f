// SPDX-License-Identifier: Apache-2.0
//
// Sweeps over all inputs as files: an interrupted sweep goes on from one, and shards are merged from several.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "bench/sweep/sweep.hpp"

namespace actbench::bench {

/// How far the sweeps of kernels are. Results of different builds, or in different measures, must not mix.
class Checkpoint {
 public:
  explicit Checkpoint(reference::Ulp ulp = reference::Ulp::goldberg) : ulp_(ulp) {}
  /// Throws UsageError where there is no such file, where it is no checkpoint, and where it is of another build.
  static Checkpoint read(const std::string& file);
  /// Reads the text of a file.
  static Checkpoint parse(const std::string& text, const std::string& file);

  std::string text() const;
  reference::Ulp ulp() const { return ulp_; }
  /// What is done of the subject; empty where nothing is.
  Partial take(const Subject&) const;
  void put(const Subject&, Partial);
  /// Adds the other, which is from `file`. Throws UsageError where both hold the same chunk of a kernel.
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
