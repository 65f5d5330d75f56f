// SPDX-License-Identifier: Apache-2.0
#include "reports/folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

namespace actbench::reports {
namespace fs = std::filesystem;
namespace {

constexpr char list_name[] = ".actbench-files", list_head[] = "actbench-files 1";
constexpr std::size_t most_of_list = std::size_t{1} << 20;

/// FNV-1a: tells a file that was changed from one that was not.
std::uint64_t digest_of(std::string_view contents) {
  std::uint64_t digest = 0xcbf29ce484222325;
  for (const char c : contents) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return digest;
}

/// Whether the list may name it: a file of this folder, and none that is hidden.
bool is_plain(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.find('/') == std::string::npos;
}

bool begins_as(const std::string& name, const std::vector<std::string>& stems) {
  const std::string stem = name.substr(0, name.find_first_of(".-"));
  return std::find(stems.begin(), stems.end(), stem) != stems.end();
}

}  // namespace

Folder::Folder(fs::path path, std::string writer, const std::vector<std::string>& stems)
    : place_(std::move(path)), lock_(Lock::on_folder(place_.path())), writer_(std::move(writer)), known_(read_list()) {
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(place_.path(), none)) {
    const std::string name = entry.path().filename().string();
    if (begins_as(name, stems)) expect_ours(name);
  }
}

Folder::Entries Folder::read_list() const {
  Entries entries;
  std::istringstream lines(read_file(place_.path() / list_name, most_of_list).value_or(""));
  std::string line;
  if (!std::getline(lines, line) || line != list_head) return entries;
  while (std::getline(lines, line)) {
    std::istringstream parts(line);
    Entry entry{};
    std::string name;
    if (parts >> entry.writer >> std::hex >> entry.digest && std::getline(parts >> std::ws, name) && is_plain(name))
      entries.emplace(name, entry);
  }
  return entries;
}

std::string Folder::list_text(const Entries& entries) const {
  std::string text = std::string(list_head) + "\n";
  for (const auto& [name, entry] : entries) text += fmt::format("{} {:016x} {}\n", entry.writer, entry.digest, name);
  return text;
}

bool Folder::is_ours(const std::string& name) const {
  const auto [first, last] = known_.equal_range(name);
  if (first == last) return false;
  const auto contents = read_file(place_.path() / name);
  return contents && std::any_of(first, last, [digest = digest_of(*contents)](const auto& entry) {
           return entry.second.digest == digest;
         });
}

void Folder::expect_ours(const std::string& name) const {
  const fs::path file = place_.path() / name;
  std::error_code none;
  if (!fs::exists(replaced_by(file), none) || is_ours(name)) return;
  const bool changed = known_.contains(name);
  throw FileError(
      fmt::format("{} {}: move it away, or name another folder", file.string(),
                  changed ? "was changed since actbench wrote it" : "is no file that actbench wrote there"));
}

/// Takes what this writer wrote before, and not now, off the disk and off the list. What was changed stays.
void Folder::remove_stale(Entries& entries) const {
  for (auto at = entries.begin(); at != entries.end();) {
    const bool stale = at->second.writer == writer_ && !written_.contains(at->first);
    if (stale && is_ours(at->first)) ::unlink((place_.path() / at->first).c_str());
    at = stale ? entries.erase(at) : std::next(at);
  }
}

void Folder::commit() {
  for (const auto& [name, contents] : files_) expect_ours(name);
  Entries after = known_, both = known_;
  for (const auto& [name, contents] : files_) {
    const Entry entry{writer_, digest_of(contents)};
    after.erase(name);
    after.emplace(name, entry);
    both.emplace(name, entry);
    written_.insert(name);
  }
  // Whatever happens in between: the list says of the old files and of the new ones that they are ours.
  std::vector<std::pair<fs::path, std::string>> all{{place_.path() / list_name, list_text(both)}};
  for (auto& [name, contents] : files_) all.emplace_back(place_.path() / name, std::move(contents));
  write_files(all);
  place_.keep();
  files_.clear();
  remove_stale(after);
  write_file(place_.path() / list_name, list_text(after));
  known_ = std::move(after);
}

}  // namespace actbench::reports
