// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/machine_code.hpp"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "bench/support/errors.hpp"

namespace actbench::bench::gate {
namespace {

/// The longest constant that an instruction reads, and how far the end of a relocated field may be from that of its
/// instruction.
constexpr std::uint64_t longest_constant = 64, longest_immediate = 4;

/// Libraries that this program can load are no mistake, also where they are not for x86-64. Their functions are not
/// compared: relocations of other processors fill in parts of an instruction.
#if defined(__aarch64__)
constexpr unsigned own_machine = EM_AARCH64;
#else
constexpr unsigned own_machine = EM_X86_64;
#endif

/// Reads that stay within the file.
class Reader {
 public:
  Reader(std::string_view contents, const std::string& file) : contents_(contents), file_(file) {}

  [[noreturn]] void fail(const char* what) const {
    throw UsageError(fmt::format("{} is no shared library for x86-64: {}", file_, what));
  }
  /// count records of type T.
  template <class T>
  std::vector<T> records(std::uint64_t offset, std::uint64_t count, const char* what) const {
    if (offset > contents_.size() || count > (contents_.size() - offset) / sizeof(T)) fail(what);
    std::vector<T> all(count);
    if (count > 0) std::memcpy(all.data(), contents_.data() + offset, count * sizeof(T));
    return all;
  }
  std::string_view part(std::uint64_t offset, std::uint64_t size, const char* what) const {
    if (offset > contents_.size() || size > contents_.size() - offset) fail(what);
    return contents_.substr(offset, size);
  }

 private:
  std::string_view contents_;
  const std::string& file_;
};

/// The text that begins there, up to its zero.
std::string_view text_at(std::string_view strings, std::uint64_t offset) {
  if (offset >= strings.size()) return {};
  const std::string_view rest = strings.substr(offset);
  return rest.substr(0, rest.find('\0'));
}

/// How many bytes a relocation fills in, and how far its value lies below its target; 0 bytes: not understood.
struct Field {
  std::uint64_t bytes, below_target;
};
Field field_of(std::uint32_t type) {
  switch (type) {
    case R_X86_64_64:
      return {8, 0};
    case R_X86_64_PC32:
    case R_X86_64_PLT32:
    case R_X86_64_GOTPCREL:
    case R_X86_64_GOTPCRELX:
    case R_X86_64_REX_GOTPCRELX:
      return {4, 4};
    default:
      return {0, 0};
  }
}

constexpr std::string_view image_prefix = "actbench_";

template <class T>
void sort_and_unify(std::vector<T>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace

/// Reads a file from its header on: sections, then symbols, then relocations, each of which needs those before it.
struct MachineCode::Loader {
  MachineCode& code;
  Reader reader;
  std::vector<Elf64_Shdr> headers{};
  std::vector<Elf64_Sym> symbols{};
  std::string_view strings{};  ///< names of the symbols

  void load();
  void read_headers();
  const Elf64_Shdr* take_sections();
  void take_symbols(const Elf64_Shdr& section);
  void take_relocations();
  Relocation relocation_of(const Elf64_Rela&) const;
};

void MachineCode::Loader::read_headers() {
  if (code.contents_.size() < sizeof(Elf64_Ehdr) || std::memcmp(code.contents_.data(), ELFMAG, SELFMAG) != 0)
    reader.fail("it does not begin as one");
  const Elf64_Ehdr header = reader.records<Elf64_Ehdr>(0, 1, "its header is cut short")[0];
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
      (header.e_machine != EM_X86_64 && header.e_machine != own_machine) || header.e_type != ET_DYN)
    reader.fail("it is for another machine, or no library");
  if (header.e_machine != EM_X86_64) code.incomparable_ = "it is not for x86-64, whose functions alone are compared";
  if (header.e_shentsize != sizeof(Elf64_Shdr)) reader.fail("its sections are of another kind");
  headers = reader.records<Elf64_Shdr>(header.e_shoff, header.e_shnum, "its table of sections is cut short");
}

/// Returns the section of symbols; null where there is none.
const Elf64_Shdr* MachineCode::Loader::take_sections() {
  const Elf64_Shdr* symbol_section = nullptr;
  for (const Elf64_Shdr& s : headers) {
    if (s.sh_type == SHT_NULL) continue;
    const bool filled = s.sh_type != SHT_NOBITS;
    if (filled) reader.part(s.sh_offset, s.sh_size, "a section is cut short");
    if (s.sh_addr + s.sh_size < s.sh_addr) reader.fail("a section is larger than the address space");
    code.sections_.push_back(
        {s.sh_addr, s.sh_size, s.sh_offset, (s.sh_flags & SHF_ALLOC) != 0, filled, (s.sh_flags & SHF_EXECINSTR) != 0});
    if (s.sh_type == SHT_SYMTAB) symbol_section = &s;
  }
  return symbol_section;
}

void MachineCode::Loader::take_symbols(const Elf64_Shdr& section) {
  if (section.sh_entsize != sizeof(Elf64_Sym) || section.sh_link >= headers.size())
    reader.fail("its table of symbols is of another kind");
  const Elf64_Shdr& string_section = headers[section.sh_link];
  strings = reader.part(string_section.sh_offset, string_section.sh_size, "its names are cut short");
  symbols = reader.records<Elf64_Sym>(section.sh_offset, section.sh_size / sizeof(Elf64_Sym),
                                      "its table of symbols is cut short");
  for (const Elf64_Sym& s : symbols) {
    const std::string_view name = text_at(strings, s.st_name);
    if (name.find(".lto_priv") != name.npos) code.incomparable_ = "it was linked with link-time optimisation";
    const unsigned type = ELF64_ST_TYPE(s.st_info);
    if (s.st_shndx == SHN_UNDEF || s.st_shndx >= SHN_LORESERVE || type == STT_TLS || type == STT_FILE) continue;
    if (type != STT_SECTION) code.starts_.push_back(s.st_value);
    const bool sized = (type == STT_FUNC || type == STT_OBJECT) && s.st_size > 0;
    if (sized && s.st_value + s.st_size > s.st_value) {
      code.sized_.push_back({s.st_value, s.st_value + s.st_size});
      if (type == STT_OBJECT && name.starts_with(image_prefix))
        code.device_images_.emplace(name.substr(image_prefix.size()), code.sized_.back());
    }
    if (type == STT_NOTYPE && name.starts_with(".LC")) code.constants_.push_back(s.st_value);
  }
}

MachineCode::Relocation MachineCode::Loader::relocation_of(const Elf64_Rela& r) const {
  const std::uint64_t index = ELF64_R_SYM(r.r_info);
  if (index >= symbols.size()) reader.fail("a relocation is about a symbol that is not there");
  const Elf64_Sym& symbol = symbols[index];
  Relocation relocation{r.r_offset, static_cast<std::uint32_t>(ELF64_R_TYPE(r.r_info)), 0, {}};
  if (symbol.st_shndx == SHN_UNDEF) {
    relocation.external = text_at(strings, symbol.st_name);
  } else {
    relocation.target =
        symbol.st_value + static_cast<std::uint64_t>(r.r_addend) + field_of(relocation.type).below_target;
  }
  return relocation;
}

void MachineCode::Loader::take_relocations() {
  bool any = false;
  for (const Elf64_Shdr& s : headers) {
    // The relocations that --emit-relocs keeps are about a section; those of the dynamic linker are not.
    if (s.sh_type != SHT_RELA || (s.sh_flags & SHF_ALLOC) != 0 || s.sh_info >= headers.size()) continue;
    if (s.sh_entsize != sizeof(Elf64_Rela)) reader.fail("its relocations are of another kind");
    if ((headers[s.sh_info].sh_flags & SHF_ALLOC) == 0) continue;
    any = any || (headers[s.sh_info].sh_flags & SHF_EXECINSTR) != 0;
    for (const Elf64_Rela& r :
         reader.records<Elf64_Rela>(s.sh_offset, s.sh_size / sizeof(Elf64_Rela), "its relocations are cut short")) {
      const Relocation relocation = relocation_of(r);
      if (relocation.type == R_X86_64_NONE) continue;
      if (symbols[ELF64_R_SYM(r.r_info)].st_shndx != SHN_UNDEF) code.starts_.push_back(relocation.target);
      code.relocations_.push_back(relocation);
    }
  }
  if (!any) code.incomparable_ = "it was linked without --emit-relocs";
}

void MachineCode::Loader::load() {
  read_headers();
  const Elf64_Shdr* const symbol_section = take_sections();
  if (symbol_section == nullptr) {
    code.incomparable_ = "it was stripped of its symbols";
    return;
  }
  take_symbols(*symbol_section);
  take_relocations();
}

MachineCode::MachineCode(std::string contents, const std::string& file) : contents_(std::move(contents)) {
  Loader{*this, Reader(contents_, file)}.load();
  sort_and_unify(starts_);
  sort_and_unify(constants_);
  std::sort(sized_.begin(), sized_.end(),
            [](const Region& a, const Region& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::sort(relocations_.begin(), relocations_.end(),
            [](const Relocation& a, const Relocation& b) { return a.at < b.at; });
}

std::string MachineCode::device_code(const std::string& activation) const {
  std::string all;
  for (const auto& [name, region] : device_images_) {
    // <activation>_module_<architecture>
    const bool its_own = name.starts_with(activation + "_module_");
    const char* const contents = its_own ? bytes(region) : nullptr;
    if (contents != nullptr) all += name + '\0' + std::string(contents, region.end - region.begin);
  }
  return all;
}

const MachineCode::Section* MachineCode::section_of(std::uint64_t address) const {
  for (const Section& s : sections_) {
    if (s.allocated && address >= s.address && address - s.address < s.size) return &s;
  }
  return nullptr;
}

const char* MachineCode::bytes(const Region& region) const {
  const Section* section = section_of(region.begin);
  if (section == nullptr || !section->filled || region.end - section->address > section->size) return nullptr;
  return contents_.data() + section->offset + (region.begin - section->address);
}

std::vector<MachineCode::Region> MachineCode::regions_at(std::uint64_t address) const {
  const Section* section = section_of(address);
  if (section == nullptr) return {};
  const std::uint64_t section_end = section->address + section->size;
  // A constant ends where the next begins: constants of one size stand together, and none overlaps another.
  const auto constant = std::upper_bound(constants_.begin(), constants_.end(), address);
  if (constant != constants_.begin()) {
    const std::uint64_t begin = *(constant - 1);
    const std::uint64_t end = std::min(constant == constants_.end() ? section_end : *constant, section_end);
    const auto object = std::upper_bound(sized_.begin(), sized_.end(), address,
                                         [](std::uint64_t value, const Region& r) { return value < r.begin; });
    const bool object_between = object != sized_.begin() && (object - 1)->begin > begin;
    if (begin >= section->address && address - begin < longest_constant && address < end && !object_between)
      return {{begin, std::min(end, begin + longest_constant)}};
  }
  // The target is up to longest_immediate bytes further on where an operand of the instruction follows the field.
  std::vector<Region> found;
  const std::uint64_t last = section->executable ? address : std::min(address + longest_immediate, section_end - 1);
  for (const std::uint64_t at : {address, last}) {
    const auto after = std::upper_bound(sized_.begin(), sized_.end(), at,
                                        [](std::uint64_t value, const Region& r) { return value < r.begin; });
    if (after == sized_.begin()) continue;
    const Region& region = *(after - 1);
    if (at < region.end && region.end <= section_end && (found.empty() || found[0].begin != region.begin))
      found.push_back(region);
  }
  if (!found.empty() || section->executable) return found;
  // Data without a symbol reaches to the next known start, and at least as far as one instruction may read.
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), address);
  const std::uint64_t least = std::min(section_end, address + longest_constant + longest_immediate);
  const std::uint64_t end = next == starts_.end() ? section_end : std::min(*next, section_end);
  return {{address, std::max(end, least)}};
}

bool CodeComparison::same_target(std::uint64_t a, std::uint64_t b, std::vector<std::pair<Region, Region>>& open) {
  const std::vector<Region> in_a = a_.regions_at(a), in_b = b_.regions_at(b);
  if (in_a.empty() || in_a.size() != in_b.size()) return false;
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    if (a - in_a[i].begin != b - in_b[i].begin) return false;
    open.emplace_back(in_a[i], in_b[i]);
  }
  return true;
}

bool CodeComparison::same_region(const Region& a, const Region& b, std::vector<std::pair<Region, Region>>& open) {
  if (a.end - a.begin != b.end - b.begin) return false;
  const MachineCode::Section* const section_a = a_.section_of(a.begin);
  const MachineCode::Section* const section_b = b_.section_of(b.begin);
  if (section_a == nullptr || section_b == nullptr || section_a->executable != section_b->executable ||
      section_a->filled != section_b->filled)
    return false;
  if (!section_a->filled) return true;  // zeros
  const char* const bytes_a = a_.bytes(a);
  const char* const bytes_b = b_.bytes(b);
  if (bytes_a == nullptr || bytes_b == nullptr) return false;
  const auto first = [](const MachineCode& code, std::uint64_t at) {
    return std::lower_bound(code.relocations_.begin(), code.relocations_.end(), at,
                            [](const MachineCode::Relocation& r, std::uint64_t value) { return r.at < value; });
  };
  auto ra = first(a_, a.begin), rb = first(b_, b.begin);
  const std::uint64_t size = a.end - a.begin;
  std::uint64_t done = 0;
  for (;; ++ra, ++rb) {
    const bool more_a = ra != a_.relocations_.end() && ra->at < a.end;
    const bool more_b = rb != b_.relocations_.end() && rb->at < b.end;
    const std::uint64_t to = more_a ? ra->at - a.begin : size;
    if (more_a != more_b || (more_b && rb->at - b.begin != to) || to < done) return false;
    if (std::memcmp(bytes_a + done, bytes_b + done, to - done) != 0) return false;
    if (!more_a) return true;
    const Field field = field_of(ra->type);
    if (ra->type != rb->type || field.bytes == 0 || field.bytes > size - to || ra->external != rb->external)
      return false;
    if (ra->external.empty() && !same_target(ra->target, rb->target, open)) return false;
    done = to + field.bytes;
  }
}

bool CodeComparison::same(std::uint64_t a, std::uint64_t b) {
  if (a_.incomparable() != nullptr || b_.incomparable() != nullptr) return false;
  std::vector<std::pair<Region, Region>> open;
  if (!same_target(a, b, open) || open[0].first.begin != a) return false;
  std::set<Key> seen;
  while (!open.empty()) {
    const auto [in_a, in_b] = open.back();
    open.pop_back();
    const Key key{in_a.begin, in_a.end, in_b.begin, in_b.end};
    const auto known = known_.find(key);
    if (known != known_.end() && !known->second) return false;
    if (known != known_.end() || !seen.insert(key).second) continue;
    if (!same_region(in_a, in_b, open)) {
      known_[key] = false;
      return false;
    }
  }
  // All of the closure is the same, so everything in it has the same closure.
  for (const Key& key : seen) known_[key] = true;
  return true;
}

}  // namespace actbench::bench::gate
