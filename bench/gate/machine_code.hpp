// SPDX-License-Identifier: Apache-2.0
//
// Compares functions of two shared libraries as the machine sees them. Two are the same if they have the same bytes,
// and if all that they call and read within their libraries does, wherever the linker put that. The libraries are ELF
// of x86-64, linked with --emit-relocs from objects with a section for each function, so that whatever depends on a
// place has a relocation.
//
// Libraries for the processor that the program itself is built for are read, too, but not compared.
//
// The comparison is conservative: what it does not understand counts as different.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace actbench::bench::gate {

class MachineCode {
 public:
  /// contents: of the file. Throws UsageError that names the file where it is no whole shared library for x86-64.
  MachineCode(std::string contents, const std::string& file);

  /// The images that a device loads for an activation's kernels (kernels/cuda/compile.cpp embeds them), in one string;
  /// empty where there are none.
  std::string device_code(const std::string& activation) const;

  /// Null where functions of the library can be compared; otherwise the reason, as half a sentence.
  const char* incomparable() const { return incomparable_; }

 private:
  friend class CodeComparison;
  struct Section {
    std::uint64_t address, size, offset;
    bool allocated, filled, executable;
  };
  /// A function, an object, or a constant of the compiler's, whose symbol has no size.
  struct Region {
    std::uint64_t begin, end;
  };
  struct Relocation {
    std::uint64_t at;
    std::uint32_t type;
    std::uint64_t target;  ///< as an address; where external, 0
    std::string_view external;
  };

  struct Loader;  ///< fills in what follows from a file

  /// The regions that an address may stand for; none where nothing is known of it.
  std::vector<Region> regions_at(std::uint64_t address) const;
  /// Null where the region has no bytes in the file.
  const char* bytes(const Region&) const;
  const Section* section_of(std::uint64_t address) const;

  std::string contents_;
  const char* incomparable_ = nullptr;
  std::vector<Section> sections_;
  std::vector<Region> sized_;                                 ///< by begin
  std::map<std::string, Region, std::less<>> device_images_;  ///< by symbol
  std::vector<std::uint64_t> starts_;     ///< of everything with a symbol, and of all targets; sorted
  std::vector<std::uint64_t> constants_;  ///< of the compiler's constants; sorted
  std::vector<Relocation> relocations_;   ///< by place
};

/// Comparisons between two libraries. It remembers what it has compared.
class CodeComparison {
 public:
  CodeComparison(const MachineCode& a, const MachineCode& b) : a_(a), b_(b) {}
  /// The functions that begin at these addresses.
  bool same(std::uint64_t a, std::uint64_t b);

 private:
  using Region = MachineCode::Region;
  using Key = std::array<std::uint64_t, 4>;  ///< begin and end, in a and in b
  bool same_target(std::uint64_t a, std::uint64_t b, std::vector<std::pair<Region, Region>>& open);
  bool same_region(const Region& a, const Region& b, std::vector<std::pair<Region, Region>>& open);

  const MachineCode& a_;
  const MachineCode& b_;
  std::map<Key, bool> known_;
};

}  // namespace actbench::bench::gate
