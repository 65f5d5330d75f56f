// SPDX-License-Identifier: Apache-2.0
//
// What nvidia-smi says of a GPU, from one that says what it is told to.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/timing/timing.hpp"

namespace actbench::timing {
namespace {

namespace fs = std::filesystem;

/// A folder in front of PATH with an nvidia-smi of its own.
class Gpu : public testing::Test {
 protected:
  Gpu()
      : folder_(fs::temp_directory_path() / ("actbench_gpu_" + std::to_string(::getpid()))),
        path_(std::getenv("PATH")) {
    fs::create_directories(folder_);
    setenv("PATH", (folder_.string() + ":" + path_).c_str(), 1);
  }
  ~Gpu() override {
    setenv("PATH", path_.c_str(), 1);
    fs::remove_all(folder_);
  }
  Gpu(const Gpu&) = delete;
  Gpu& operator=(const Gpu&) = delete;

  void smi(const std::string& script) {
    const fs::path file = folder_ / "nvidia-smi";
    std::ofstream(file) << "#!/bin/sh\n" << script << '\n';
    fs::permissions(file, fs::perms::owner_all);
  }

 private:
  fs::path folder_;
  std::string path_;
};

TEST_F(Gpu, ReadsWhatIsThere) {
  smi("case \"$*\" in *--id=0000:04:00.0*clocks_event_reasons.active*)"
      " echo '580.82.07, 1980, 1980, 2619, 41, 312.55, 0x0000000000000004';; *) exit 1;; esac");
  const GpuState state = read_gpu("0000:04:00.0");
  EXPECT_EQ(state.driver, "580.82.07");
  EXPECT_EQ(state.sm_mhz, 1980);
  EXPECT_EQ(state.most_sm_mhz, 1980);
  EXPECT_EQ(state.memory_mhz, 2619);
  EXPECT_EQ(state.celsius, 41);
  EXPECT_EQ(state.watts, 312.55);
  EXPECT_EQ(state.slowed_by, "0x0000000000000004");
}

TEST_F(Gpu, AsksOlderDriversByTheOlderName) {
  smi("case \"$*\" in *clocks_throttle_reasons.active*) echo '470.1, 1410, 1410, 1215, 30, [N/A], 0x1';;"
      " *) echo 'Field \"clocks_event_reasons.active\" is not a valid field to query.'; exit 2;; esac");
  const GpuState state = read_gpu("0000:04:00.0");
  EXPECT_EQ(state.driver, "470.1");
  EXPECT_EQ(state.watts, 0);
  EXPECT_EQ(state.slowed_by, "0x1");
}

TEST_F(Gpu, SaysNothingWhereNothingIsSaid) {
  smi("exit 9");
  EXPECT_EQ(read_gpu("0000:04:00.0").driver, "");
  smi("echo 'No devices were found'");
  EXPECT_EQ(read_gpu("0000:04:00.0").driver, "");
}

/// An address goes into a command line.
TEST_F(Gpu, TakesNoAddressThatIsNone) {
  smi("echo '1, 2, 3, 4, 5, 6, 7'");
  EXPECT_EQ(read_gpu("0; echo").driver, "");
  EXPECT_EQ(read_gpu("0000:04:00.0").driver, "1");
}

}  // namespace
}  // namespace actbench::timing
