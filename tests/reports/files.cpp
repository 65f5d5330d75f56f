// SPDX-License-Identifier: Apache-2.0
//
// Files are replaced whole or stay as they were, and streams are written to.
#include "reports/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "reports/folder.hpp"

namespace actbench::reports {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "actbench-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override {
    ::chmod(folder.c_str(), 0700);
    fs::remove_all(folder);
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
  }
  static std::string read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  fs::path folder;
};

TEST_F(Files, AreReplacedWhole) {
  write_file(folder / "a", "old");
  write_file(folder / "a", "new");
  EXPECT_EQ(read(folder / "a"), "new");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, StayAsTheyWereWhenWritingFails) {
  EXPECT_THROW(write_file(folder / "missing" / "a", "x"), FileError);
  EXPECT_THROW(write_file("/dev/full/a", "x"), FileError);
  fs::create_directory(folder / "taken");
  EXPECT_THROW(write_file(folder / "taken", "x"), FileError);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, ReplaceNothingButFiles) {
  const auto said = [](const fs::path& path) -> std::string {
    try {
      replaced_by(path);
    } catch (const FileError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(said("/dev/full"), "/dev/full is a device; name a file");
  EXPECT_NE(said(folder).find("is a folder"), std::string::npos);
  EXPECT_NE(said(folder / "new" / "").find("is a folder"), std::string::npos);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  fs::create_symlink("pipe", folder / "to pipe");
  for (const char* name : {"pipe", "to pipe"}) {
    EXPECT_NE(said(folder / name).find("is a pipe"), std::string::npos) << name;
    EXPECT_THROW(write_file(folder / name, "x"), FileError);
  }
  fs::create_symlink("nothing", folder / "astray");
  fs::create_symlink("round", folder / "round");
  for (const char* name : {"astray", "round"})
    EXPECT_NE(said(folder / name).find("is a link to nothing"), std::string::npos) << said(folder / name);
  {
    Folder set(folder);
    set.add("one", "1");
    set.add("pipe", "2");
    EXPECT_THROW(set.commit(), FileError);
  }
  EXPECT_FALSE(fs::exists(folder / "one"));
  EXPECT_TRUE(fs::is_fifo(folder / "pipe"));
}

std::string said_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}

TEST_F(Files, AreReadToTheEndOrNotAtAll) {
  EXPECT_EQ(read_file(folder / "missing"), std::nullopt);
  write_file(folder / "empty", "");
  EXPECT_EQ(read_file(folder / "empty"), "");
  const std::string text(200000, 'x');
  write_file(folder / "long", text);
  EXPECT_EQ(read_file(folder / "long", text.size()), text);
  fs::create_symlink("long", folder / "link");
  EXPECT_EQ(read_file(folder / "link"), text);
  EXPECT_GT(read_file("/proc/cpuinfo")->size(), 0u) << "a file without a size";
  const auto reading = [&](const fs::path& path, std::size_t most = most_read) {
    return said_of([&] { read_file(path, most); });
  };
  EXPECT_EQ(reading(folder / "long", (1 << 17)),
            (folder / "long").string() + " is larger than 131072 bytes, the most that is read of such a file");
  write_file(folder / "sparse", "");
  fs::resize_file(folder / "sparse", std::uintmax_t{1} << 40);
  EXPECT_EQ(reading(folder / "sparse"),
            (folder / "sparse").string() + " is larger than 64 MiB, the most that is read of such a file");
  EXPECT_NE(reading("/proc/self/maps", 10).find("is larger than"), std::string::npos) << "whatever its size says";
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(reading(folder / "pipe"), (folder / "pipe").string() + " is a pipe; name a file");
  EXPECT_EQ(reading(folder), folder.string() + " is a folder; name a file");
  for (const char* device : {"/dev/zero", "/dev/null", "/dev/urandom"})
    EXPECT_EQ(reading(device), std::string(device) + " is a device; name a file");
  EXPECT_NE(reading(folder / "long" / "below"), "") << "there is no such folder";
  EXPECT_EQ(first_line(folder / "missing"), "");
  EXPECT_EQ(first_line("/dev/zero"), "");
  write_file(folder / "lines", "one\ntwo");
  EXPECT_EQ(lines_of(folder / "lines"), (std::vector<std::string>{"one", "two"}));
}

TEST_F(Files, OfWhatIsPipedAreReadToALimit) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "12345", 5), 5);
  ::close(ends[1]);
  EXPECT_NE(said_of([&] { read_all(ends[0], 4, "the plan"); }).find("the plan is larger"), std::string::npos);
  ::close(ends[0]);
}

TEST_F(Files, MayBeStreams) {
  const auto written = [](const fs::path& path, Use use = Use::result) {
    return said_of([&] { Target(path, use).write("text\n"); });
  };
  struct stat before = {}, after = {};
  ASSERT_EQ(::stat("/dev/null", &before), 0);
  EXPECT_EQ(written("/dev/null"), "");
  ASSERT_EQ(::stat("/dev/null", &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  fs::create_symlink("/dev/null", folder / "to null");
  EXPECT_EQ(written(folder / "to null"), "");
  EXPECT_TRUE(fs::is_symlink(folder / "to null"));
  EXPECT_EQ(written("/dev/null", Use::kept), "/dev/null is a device; name a file") << "what is read again";
  EXPECT_EQ(written("/dev/zero"), "/dev/zero is a device; name a file");

  // A file that this process has open already goes on from where it stands.
  const int file = ::open((folder / "open").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_GE(file, 0);
  ASSERT_EQ(::write(file, "first\n", 6), 6);
  EXPECT_EQ(written("/dev/fd/" + std::to_string(file)), "");
  EXPECT_EQ(written("/proc/self/fd/" + std::to_string(file)), "");
  fs::create_symlink("/dev/fd/" + std::to_string(file), folder / "to open");
  EXPECT_EQ(written(folder / "to open"), "");
  EXPECT_TRUE(fs::is_symlink(folder / "to open"));
  EXPECT_EQ(read(folder / "open"), "first\ntext\ntext\ntext\n");
  ::close(file);
  EXPECT_NE(written("/dev/fd/" + std::to_string(file)), "") << "no longer open";

  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_EQ(written("/dev/fd/" + std::to_string(ends[1])), "");
  char text[16] = {};
  EXPECT_EQ(::read(ends[0], text, sizeof text), 5);
  EXPECT_STREQ(text, "text\n");
  const std::string reader = "/dev/fd/" + std::to_string(ends[0]);
  EXPECT_EQ(written(reader), reader + " is open for reading only");
  std::signal(SIGPIPE, SIG_IGN);
  ::close(ends[0]);
  EXPECT_NE(written("/dev/fd/" + std::to_string(ends[1])).find("Broken pipe"), std::string::npos);
  ::close(ends[1]);

  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(written(folder / "pipe"), (folder / "pipe").string() + " is a pipe; name a file") << "nobody may read it";
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = (folder / "socket").string();
  ASSERT_LT(name.size(), sizeof address.sun_path);
  name.copy(address.sun_path, name.size());
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(written(name), name + " is a socket; name a file");
  EXPECT_EQ(said_of([&] { read_file(name); }), name + " is a socket; name a file");
  ::close(socket);
  EXPECT_EQ(written(folder), folder.string() + " is a folder; name a file");
  EXPECT_EQ(written(folder / "new"), "");
  EXPECT_EQ(read(folder / "new"), "text\n");
}

TEST_F(Files, BehindLinksAreReplaced) {
  fs::create_directory(folder / "elsewhere");
  write_file(folder / "elsewhere" / "file", "old");
  fs::create_symlink("elsewhere/file", folder / "link");
  write_file(folder / "link", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read(folder / "elsewhere" / "file"), "new");
}

TEST_F(Files, OfAFolderAppearTogether) {
  {
    Folder set(folder / "x" / "y");
    set.add("one", "1");
    set.add("two", "2");
    EXPECT_TRUE(fs::is_empty(folder / "x" / "y"));
    set.commit();
  }
  EXPECT_EQ(read(folder / "x" / "y" / "one"), "1");
  EXPECT_EQ(read(folder / "x" / "y" / "two"), "2");
}

TEST_F(Files, OfAnAbandonedFolderLeaveNothing) {
  {
    Folder set(folder / "x" / "y");
    set.add("one", "1");
  }
  EXPECT_EQ(entries(), 0u);
}

TEST_F(Files, OfAFolderFailTogether) {
  fs::create_directory(folder / "two");  // in the way of a file
  {
    Folder set(folder);
    set.add("one", "1");
    set.add("two", "2");
    EXPECT_THROW(set.commit(), FileError);
  }
  EXPECT_FALSE(fs::exists(folder / "one"));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, NeedAFolderThatTakesThem) {
  std::ofstream(folder / "file") << "x";
  EXPECT_THROW(Folder(folder / "file"), FileError);
  EXPECT_THROW(Folder(folder / "file" / "below"), FileError);
  if (::geteuid() == 0) GTEST_SKIP() << "root writes anywhere";
  ::chmod(folder.c_str(), 0500);
  EXPECT_THROW(Folder(folder / "new"), FileError);
  EXPECT_THROW(Folder{folder}, FileError);
}

}  // namespace
}  // namespace actbench::reports
