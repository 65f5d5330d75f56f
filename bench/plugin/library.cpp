// SPDX-License-Identifier: Apache-2.0
#include "bench/plugin/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

#include "bench/plugin/description.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/float_state.hpp"
#include "reports/files.hpp"

namespace actbench::bench::plugin {
namespace {

/// A version that this program does not know, "2", or nothing.
std::string other_version(void* library) {
  for (int version = 0; version < 10; ++version) {
    const std::string symbol = fmt::format("actbench_plugin_v{}", version);
    if (version != ACTBENCH_PLUGIN_VERSION && dlsym(library, symbol.c_str()) != nullptr) return std::to_string(version);
  }
  return {};
}

/// A structure at a place of a file; nothing where the file is not so long.
template <class T>
std::optional<T> at(std::string_view file, std::uint64_t place) {
  T value;
  if (place > file.size() || file.size() - place < sizeof value) return {};
  std::memcpy(&value, file.data() + place, sizeof value);
  return value;
}

/// Whether the dynamic symbols of an ELF file of this machine have that name, with a definition.
bool exports_entry_point(std::string_view file) {
  const auto head = at<ElfW(Ehdr)>(file, 0);
  if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_type != ET_DYN) return false;
  const auto section = [&](std::uint64_t i) { return at<ElfW(Shdr)>(file, head->e_shoff + i * sizeof(ElfW(Shdr))); };
  for (std::uint64_t i = 0; i < head->e_shnum; ++i) {
    const auto symbols = section(i);
    if (!symbols || symbols->sh_type != SHT_DYNSYM) continue;
    const auto names = section(symbols->sh_link);
    if (!names || names->sh_offset > file.size()) return false;
    const std::string_view text = file.substr(names->sh_offset, names->sh_size);
    for (std::uint64_t done = 0; done < symbols->sh_size; done += sizeof(ElfW(Sym))) {
      const auto symbol = at<ElfW(Sym)>(file, symbols->sh_offset + done);
      if (!symbol) return false;
      if (symbol->st_shndx == SHN_UNDEF || symbol->st_name >= text.size()) continue;
      const std::string_view name = text.substr(symbol->st_name);
      if (name.substr(0, name.find('\0')) == entry_point) return true;
    }
  }
  return false;
}

}  // namespace

bool looks_like_plugin(const std::string& path) {
  try {
    const auto contents = reports::read_file(path, reports::most_read_of_large);
    return contents && exports_entry_point(*contents);
  } catch (const reports::FileError&) {
    return false;
  }
}

const actbench_plugin* load(const std::string& path, std::string* state_found) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(path, error);
  void* const library = dlopen(whole.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (state_found != nullptr) *state_found = float_state_changed();
  take_default_float_state();
  if (library == nullptr) {
    const char* const said = dlerror();
    std::string why = said == nullptr ? "for no known reason" : said;
    if (why.starts_with(whole.string() + ": ")) why.erase(0, whole.string().size() + 2);
    throw Refused(fmt::format("cannot be loaded: {}", why));
  }
  const auto describe = reinterpret_cast<const actbench_plugin* (*)()>(dlsym(library, entry_point));
  if (describe == nullptr) {
    const std::string other = other_version(library);
    throw Refused(other.empty() ? fmt::format("is no plug-in: it exports no function {}", entry_point)
                                : fmt::format("has version {} of the interface, and this program knows version {}",
                                              other, ACTBENCH_PLUGIN_VERSION));
  }
  return describe();
}

void start(const actbench_plugin& plugin) {
  if (plugin.start == nullptr) return;
  const char* const why = plugin.start();
  take_default_float_state();
  if (why != nullptr) throw Refused(fmt::format("does not run here: {:.200}", why));
}

}  // namespace actbench::bench::plugin
