// SPDX-License-Identifier: Apache-2.0
//
// Whether a function of one shared library is, to the machine, the same as one of another: the same bytes in it and in
// all that it calls and reads within its library, wherever the linker put that. For ELF of x86-64, linked with
// --emit-relocs from objects with a section for each function, so that whatever depends on a place has a relocation.
//
// Libraries for the processor that the program itself is built for are read, too, and not compared.
//
// Conservative: what is not understood counts as different.
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
  /// contents: of the file. Throws UsageError naming the file: it is no shared library for x86-64, or not a whole one.
  MachineCode(std::string contents, const std::string& file);

  /// The images that a device loads for an activation's kernels (kernels/cuda/compile.cpp embeds them), in one string;
  /// empty where there are none.
  std::string device_code(const std::string& activation) const;

  /// Null where functions of the library can be compared; else why not, as half a sentence.
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

  /// The regions that an address may stand for: none where nothing is known of it.
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

/// Comparisons between two libraries; what was compared once is remembered.
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
