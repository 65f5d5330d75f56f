// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "bench/timing/timing.hpp"

namespace {

namespace fs = std::filesystem;
using actbench::timing::Machine;
using actbench::timing::read_machine;

/// A folder that stands for "/".
class Tree : public testing::Test {
 protected:
  Tree()
      : root_(fs::temp_directory_path() / ("actbench_machine_" + std::to_string(getpid()) + "_" +
                                           testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::create_directories(root_);
  }
  ~Tree() override { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  void write_cache(int index, const char* level, const char* type, const char* size, const char* shared) {
    const std::string folder = "sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/";
    write(folder + "level", std::string(level) + "\n");
    write(folder + "type", std::string(type) + "\n");
    write(folder + "size", std::string(size) + "\n");
    write(folder + "coherency_line_size", "64\n");
    write(folder + "shared_cpu_list", std::string(shared) + "\n");
  }

  fs::path root_;
};

std::string processor(int number, int socket, int core, const std::string& flags) {
  return "processor\t: " + std::to_string(number) +
         "\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: Intel(R) Xeon(R) Platinum 8481C "
         "CPU\n"
         "stepping\t: 8\nphysical id\t: " +
         std::to_string(socket) + "\ncore id\t\t: " + std::to_string(core) + "\nflags\t\t: " + flags +
         "\npower management:\n\n";
}

TEST_F(Tree, EverythingThere) {
  const std::string flags = "fpu sse2 avx2 fma f16c avx512f avx512bw avx512_bf16 something_else";
  write("proc/cpuinfo",
        processor(0, 0, 0, flags) + processor(1, 0, 0, flags) + processor(2, 0, 1, flags) + processor(3, 1, 0, flags));
  write("proc/meminfo", "MemTotal:       16384000 kB\nMemFree:  1 kB\nMemAvailable:   8192000 kB\n");
  write("proc/loadavg", "1.25 0.80 0.40 2/345 6789\n");
  write("proc/sys/kernel/ostype", "Linux\n");
  write("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
  write("etc/os-release", "NAME=\"Debian\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
  write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  write("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
  write("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
  write("sys/devices/system/cpu/smt/active", "1\n");
  write_cache(0, "1", "Data", "48K", "0-1");
  write_cache(1, "1", "Instruction", "32K", "0-1");
  write_cache(2, "2", "Unified", "2048K", "0-1");
  write_cache(3, "3", "Unified", "105M", "0-1,2,8-11");

  const Machine machine = read_machine(root_);
  EXPECT_EQ(machine.cpu, "Intel(R) Xeon(R) Platinum 8481C CPU");
  EXPECT_EQ(machine.vendor, "GenuineIntel");
  EXPECT_EQ(machine.family, 6);
  EXPECT_EQ(machine.model, 143);
  EXPECT_EQ(machine.stepping, 8);
  EXPECT_EQ(machine.logical_cpus, 4);
  EXPECT_EQ(machine.physical_cores, 3);
  EXPECT_EQ(machine.sockets, 2);
  EXPECT_GE(machine.usable_cpus, 1);
  EXPECT_EQ(machine.isa,
            (std::vector<std::string>{"sse2", "f16c", "fma", "avx2", "avx512f", "avx512bw", "avx512_bf16"}));
  EXPECT_EQ(machine.memory_bytes, 16384000ull * 1024);
  EXPECT_EQ(machine.available_bytes, 8192000ull * 1024);
  EXPECT_EQ(machine.load_average, 1.25);
  EXPECT_EQ(machine.kernel, "Linux 6.1.0-18-amd64");
  EXPECT_EQ(machine.os, "Debian GNU/Linux 12 (bookworm)");
  EXPECT_EQ(machine.huge_pages, "madvise");
  EXPECT_EQ(machine.governor, "performance");
  EXPECT_EQ(machine.turbo, "off");
  EXPECT_EQ(machine.smt, "on");
  ASSERT_EQ(machine.caches.size(), 4u);
  EXPECT_EQ(machine.caches[0].level, 1);
  EXPECT_EQ(machine.caches[0].type, "data");
  EXPECT_EQ(machine.caches[0].bytes, 48u << 10);
  EXPECT_EQ(machine.caches[0].line, 64u);
  EXPECT_EQ(machine.caches[0].shared_by, 2);
  EXPECT_EQ(machine.caches[1].type, "instruction");
  EXPECT_EQ(machine.caches[3].bytes, 105u << 20);
  EXPECT_EQ(machine.caches[3].shared_by, 7);
}

TEST_F(Tree, Arm) {
  const std::string block =
      "BogoMIPS\t: 243.75\nFeatures\t: fp asimd evtstrm fphp asimdhp cpuid asimddp\nCPU implementer\t: 0x41\n"
      "CPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\nCPU revision\t: 1\n\n";
  write("proc/cpuinfo", "processor\t: 0\n" + block + "processor\t: 1\n" + block);
  const Machine machine = read_machine(root_);
  EXPECT_EQ(machine.cpu, "ARM implementer 0x41, part 0xd0c");
  EXPECT_EQ(machine.logical_cpus, 2);
  EXPECT_EQ(machine.isa, (std::vector<std::string>{"asimd", "fphp", "asimdhp"}));
}

TEST_F(Tree, AmdBoostAndContainerLimit) {
  write("sys/devices/system/cpu/cpufreq/boost", "1\n");
  write("sys/devices/system/cpu/smt/active", "0\n");
  write("proc/meminfo", "MemTotal: 16384000 kB\nMemAvailable: 8192000 kB\n");
  write("sys/fs/cgroup/memory.max", "1073741824\n");
  write("sys/fs/cgroup/memory.current", "73741824\n");
  const Machine machine = read_machine(root_);
  EXPECT_EQ(machine.turbo, "on");
  EXPECT_EQ(machine.smt, "off");
  EXPECT_EQ(machine.memory_bytes, 1073741824u);
  EXPECT_EQ(machine.available_bytes, 1000000000u);
}

TEST_F(Tree, UnlimitedContainer) {
  write("proc/meminfo", "MemTotal: 16384000 kB\nMemAvailable: 8192000 kB\n");
  write("sys/fs/cgroup/memory.max", "max\n");
  EXPECT_EQ(read_machine(root_).memory_bytes, 16384000ull * 1024);
}

TEST_F(Tree, NothingThere) {
  for (const fs::path& root : {root_, fs::path("/nonexistent")}) {
    const Machine machine = read_machine(root);
    EXPECT_EQ(machine.cpu, "");
    EXPECT_EQ(machine.logical_cpus, 0);
    EXPECT_EQ(machine.memory_bytes, 0u);
    EXPECT_EQ(machine.turbo, "unknown");
    EXPECT_EQ(machine.smt, "unknown");
    EXPECT_EQ(machine.huge_pages, "");
    EXPECT_LT(machine.load_average, 0);
    EXPECT_TRUE(machine.isa.empty());
  }
}

TEST_F(Tree, Nonsense) {
  write("proc/cpuinfo", ":\n: :\nprocessor\n\n\nmodel name\t:\nflags:\nprocessor : x");
  write("proc/meminfo", "MemTotal: much\n");
  write("proc/loadavg", "\n");
  write("sys/kernel/mm/transparent_hugepage/enabled", "][\n");
  write("etc/os-release", "PRETTY_NAME=\"\nPRETTY_NAME=");
  write_cache(0, "one", "Data", "-", "");
  write_cache(1, "2", "", "64K", "3-1,,x");
  const Machine machine = read_machine(root_);
  EXPECT_EQ(machine.memory_bytes, 0u);
  EXPECT_EQ(machine.huge_pages, "");
  ASSERT_EQ(machine.caches.size(), 1u);
  EXPECT_EQ(machine.caches[0].bytes, 64u << 10);
  EXPECT_EQ(machine.caches[0].shared_by, 0);
}

TEST(ThisMachine, MakesSense) {
  const Machine machine = read_machine();
  EXPECT_NE(machine.cpu, "");
  EXPECT_GE(machine.logical_cpus, 1);
  EXPECT_GE(machine.usable_cpus, 1);
  EXPECT_GT(machine.memory_bytes, std::uint64_t{64} << 20);
  EXPECT_LE(machine.available_bytes, machine.memory_bytes);
  EXPECT_GE(machine.page_bytes, 4096u);
  EXPECT_NE(machine.kernel, "");
  for (const auto& cache : machine.caches) {
    EXPECT_GE(cache.level, 1);
    EXPECT_GE(cache.bytes, 1024u);
  }
}

}  // namespace
