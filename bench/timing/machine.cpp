// SPDX-License-Identifier: Apache-2.0
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "bench/timing/timing.hpp"
#include "reports/files.hpp"

#ifdef __x86_64__
#include <cpuid.h>
#endif

namespace actbench::timing {
namespace {

namespace fs = std::filesystem;

/// The first line of a file without surrounding blanks; empty where there is none.
std::string first_line(const fs::path& path) {
  const std::string line = reports::first_line(path);
  const auto begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

/// A number with an optional suffix K, M or G, as sysfs writes sizes; 0 where there is none.
std::uint64_t number(const std::string& text) {
  char* end = nullptr;
  const unsigned long long value = std::strtoull(text.c_str(), &end, 10);
  const int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
  return static_cast<std::uint64_t>(value) << shift;
}

/// How many CPUs a list such as "0-3,8" names.
int count_cpus(const std::string& list) {
  int count = 0;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto dash = part.find('-');
    if (part.empty() || !std::isdigit(static_cast<unsigned char>(part[0]))) continue;
    const int first = std::atoi(part.c_str());
    const int last = dash == std::string::npos ? first : std::atoi(part.c_str() + dash + 1);
    count += std::max(0, last - first + 1);
  }
  return count;
}

/// "name : value" lines, as in /proc/cpuinfo and /proc/meminfo; a blank line ends a block.
std::vector<std::map<std::string, std::string>> read_blocks(const fs::path& path) {
  std::vector<std::map<std::string, std::string>> blocks;
  bool fresh = true;
  for (const std::string& line : reports::lines_of(path)) {
    const auto colon = line.find(':');
    if (colon == std::string::npos) {
      fresh = true;
      continue;
    }
    if (std::exchange(fresh, false)) blocks.emplace_back();
    const auto key_end = line.find_last_not_of(" \t", colon - 1);
    const auto value = line.find_first_not_of(" \t", colon + 1);
    if (colon == 0 || key_end == std::string::npos) continue;
    blocks.back()[line.substr(0, key_end + 1)] = value == std::string::npos ? "" : line.substr(value);
  }
  return blocks;
}

void read_cpus(const fs::path& root, Machine& machine) {
  auto blocks = read_blocks(root / "proc/cpuinfo");
  std::set<std::string> sockets;
  std::set<std::pair<std::string, std::string>> cores;
  for (auto& block : blocks) {
    if (!block.count("processor")) continue;
    ++machine.logical_cpus;
    if (block.count("core id")) {
      sockets.insert(block["physical id"]);
      cores.insert({block["physical id"], block["core id"]});
    }
  }
  if (machine.logical_cpus == 0) machine.logical_cpus = count_cpus(first_line(root / "sys/devices/system/cpu/online"));
  machine.sockets = static_cast<int>(sockets.size());
  machine.physical_cores = static_cast<int>(cores.size());
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof usable, &usable) == 0) machine.usable_cpus = CPU_COUNT(&usable);
  if (blocks.empty()) return;

  auto& first = blocks.front();
  machine.cpu = first["model name"];
  // ARM's have numbers instead: who made it, and what it is.
  if (machine.cpu.empty() && first.count("CPU implementer"))
    machine.cpu = "ARM implementer " + first["CPU implementer"] + ", part " + first["CPU part"];
  machine.vendor = first["vendor_id"];
  machine.family = std::atoi(first["cpu family"].c_str());
  machine.model = std::atoi(first["model"].c_str());
  machine.stepping = std::atoi(first["stepping"].c_str());
  static constexpr const char* that_matter[] = {
      "sse2",     "sse4_1",   "sse4_2",   "avx",      "f16c",     "fma",         "avx2",        "bmi2",
      "avx512f",  "avx512dq", "avx512cd", "avx512bw", "avx512vl", "avx512_vnni", "avx512_bf16", "avx512_fp16",
      "avx_vnni", "avx_ifma", "avx10",    "amx_tile", "amx_bf16", "amx_fp16",    "erms",        "fsrm",
      "asimd",    "fphp",     "asimdhp",  "bf16",     "sve",      "sve2"};
  std::istringstream flags(first["flags"] + " " + first["Features"]);
  const std::set<std::string> present{std::istream_iterator<std::string>(flags), {}};
  for (const char* flag : that_matter) {
    if (present.count(flag)) machine.isa.push_back(flag);
  }
}

void read_caches(const fs::path& root, Machine& machine) {
  for (int index = 0; index < 16; ++index) {
    const fs::path folder = root / "sys/devices/system/cpu/cpu0/cache" / ("index" + std::to_string(index));
    Cache cache;
    cache.level = std::atoi(first_line(folder / "level").c_str());
    cache.bytes = number(first_line(folder / "size"));
    if (cache.level <= 0 || cache.bytes == 0) continue;
    cache.type = first_line(folder / "type");
    std::transform(cache.type.begin(), cache.type.end(), cache.type.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    cache.line = number(first_line(folder / "coherency_line_size"));
    cache.shared_by = count_cpus(first_line(folder / "shared_cpu_list"));
    machine.caches.push_back(cache);
  }
  if (machine.caches.empty()) {  // containers may hide sysfs; the C library asks the CPU
    const auto add = [&](int level, const char* type, int size, int line) {
      const long bytes = sysconf(size), line_bytes = sysconf(line);
      if (bytes > 0) {
        machine.caches.push_back(
            {level, type, static_cast<std::size_t>(bytes), static_cast<std::size_t>(std::max(0L, line_bytes)), 0});
      }
    };
    add(1, "data", _SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL1_DCACHE_LINESIZE);
    add(1, "instruction", _SC_LEVEL1_ICACHE_SIZE, _SC_LEVEL1_ICACHE_LINESIZE);
    add(2, "unified", _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL2_CACHE_LINESIZE);
    add(3, "unified", _SC_LEVEL3_CACHE_SIZE, _SC_LEVEL3_CACHE_LINESIZE);
  }
  std::stable_sort(machine.caches.begin(), machine.caches.end(), [](const Cache& a, const Cache& b) {
    return std::pair(a.level, a.type == "instruction") < std::pair(b.level, b.type == "instruction");
  });
}

void read_memory(const fs::path& root, Machine& machine) {
  auto blocks = read_blocks(root / "proc/meminfo");
  if (!blocks.empty()) {
    machine.memory_bytes = number(blocks.front()["MemTotal"]) << 10;
    machine.available_bytes = number(blocks.front()["MemAvailable"]) << 10;
  }
  // A container's limit is the memory that there is for us: going beyond it is death, not swapping.
  const std::uint64_t limit = number(first_line(root / "sys/fs/cgroup/memory.max"));
  if (limit > 0) {
    const std::uint64_t used = std::min(limit, number(first_line(root / "sys/fs/cgroup/memory.current")));
    machine.memory_bytes = machine.memory_bytes ? std::min(machine.memory_bytes, limit) : limit;
    machine.available_bytes = machine.available_bytes ? std::min(machine.available_bytes, limit - used) : limit - used;
  }
  machine.page_bytes = static_cast<std::size_t>(std::max(0L, sysconf(_SC_PAGESIZE)));
  const std::string huge = first_line(root / "sys/kernel/mm/transparent_hugepage/enabled");
  const auto open = huge.find('['), close = huge.find(']');  // "always [madvise] never"
  if (open != std::string::npos && close != std::string::npos && close > open) {
    machine.huge_pages = huge.substr(open + 1, close - open - 1);
  }
}

std::string hypervisor() {
#if defined(__x86_64__)
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 31)) return {};
  __cpuid(0x40000000, a, b, c, d);
  char vendor[13] = {};
  std::memcpy(vendor, &b, 4);
  std::memcpy(vendor + 4, &c, 4);
  std::memcpy(vendor + 8, &d, 4);
  std::string text = vendor;
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.empty() ? "unknown" : text;
#else
  return {};
#endif
}

std::string on_off(const std::string& text, const char* meaning_on) {
  return text.empty() ? "unknown" : text == meaning_on ? "on" : "off";
}

void read_system(const fs::path& root, Machine& machine) {
  const fs::path cpu = root / "sys/devices/system/cpu";
  for (const std::string& line : reports::lines_of(root / "etc/os-release")) {
    const std::string key = "PRETTY_NAME=";
    if (line.compare(0, key.size(), key) != 0) continue;
    machine.os = line.substr(key.size());
    if (machine.os.size() >= 2 && machine.os.front() == '"') machine.os = machine.os.substr(1, machine.os.size() - 2);
  }
  machine.kernel = first_line(root / "proc/sys/kernel/ostype");
  const std::string version = first_line(root / "proc/sys/kernel/osrelease");
  if (!machine.kernel.empty() && !version.empty()) machine.kernel += ' ';
  machine.kernel += version;
  machine.hypervisor = hypervisor();
  machine.governor = first_line(cpu / "cpu0/cpufreq/scaling_governor");
  const std::string no_turbo = first_line(cpu / "intel_pstate/no_turbo");
  machine.turbo = no_turbo.empty() ? on_off(first_line(cpu / "cpufreq/boost"), "1") : on_off(no_turbo, "0");
  machine.smt = on_off(first_line(cpu / "smt/active"), "1");
  const std::string load = first_line(root / "proc/loadavg");
  if (!load.empty()) machine.load_average = std::strtod(load.c_str(), nullptr);
}

}  // namespace

Machine read_machine(const fs::path& root) {
  Machine machine;
  read_cpus(root, machine);
  read_caches(root, machine);
  read_memory(root, machine);
  read_system(root, machine);
  return machine;
}

}  // namespace actbench::timing
