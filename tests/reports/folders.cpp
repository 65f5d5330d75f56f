// SPDX-License-Identifier: Apache-2.0
//
// Two at once lose nothing: locks on files and folders, and folders that replace what is theirs and nothing else.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "reports/files.hpp"
#include "reports/folder.hpp"
#include "reports/lock.hpp"

namespace actbench::reports {
namespace {

namespace fs = std::filesystem;

class Folders : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/actbench-test-XXXXXX";
    folder = ::mkdtemp(name);
  }
  void TearDown() override { fs::remove_all(folder); }

  std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder)) all.insert(entry.path().filename().string());
    return all;
  }
  std::string read(const char* name) const { return read_file(folder / name).value_or("none"); }
  void make(const char* name, const char* contents) const { std::ofstream(folder / name) << contents; }
  /// Files of a writer with their names as contents.
  void write(const char* writer, const std::vector<std::string>& files, const char* more = "") const {
    Folder set(folder, writer, {"a", "b"});
    for (const std::string& name : files) set.add(name, name + more);
    set.commit();
  }

  fs::path folder;
};

std::string said(const std::function<void()>& action) {
  try {
    action();
  } catch (const FileError& e) {
    return e.what();
  }
  return "";
}

/// Another process that does something and then waits until it is killed.
class Other {
 public:
  explicit Other(const std::function<void()>& action) {
    int ends[2];
    if (::pipe(ends) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
      action();
      (void)!::write(ends[1], "x", 1);
      ::pause();
    }
    char ready;
    (void)!::read(ends[0], &ready, 1);
    ::close(ends[0]);
    ::close(ends[1]);
  }
  ~Other() { kill(); }
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  pid_t process() const { return process_; }

 private:
  pid_t process_ = 0;
};

TEST_F(Folders, OneFileHasOneWriter) {
  const fs::path file = folder / "file";
  for (const Use use : {Use::result, Use::kept}) {
    Other other([&] { new Target(file, use); });
    const std::string sentence = said([&] { Target(file, Use::kept); });
    EXPECT_NE(sentence.find("another run"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find(file.string()), std::string::npos) << sentence;
    if (fs::exists("/proc/locks")) {
      EXPECT_NE(sentence.find(std::to_string(other.process())), std::string::npos) << sentence;
    }
    EXPECT_EQ(said([&] { Target(folder / "another", Use::kept); }), "");
    fs::create_symlink("file", folder / "link");
    make("file", "");
    EXPECT_NE(said([&] { Target(folder / "link", use); }).find("another run"), std::string::npos);
    fs::remove(folder / "link");
    other.kill();
    EXPECT_EQ(said([&] { Target(file, use); }), "") << "a process that was killed locks nothing";
    EXPECT_EQ(names(), std::set<std::string>{"file"}) << "and leaves nothing";
    fs::remove(file);
  }
}

TEST_F(Folders, OneFileIsNotNamedTwice) {
  const Target first(folder / "file", Use::kept);
  EXPECT_EQ(said([&] { Target(folder / "file"); }), (folder / "file").string() + " is named for two of the files");
  EXPECT_EQ(said([&] { Target(folder / "file", Use::shared); }),
            (folder / "file").string() + " is named for two of the files");
}

TEST_F(Folders, ASharedFileTakesWhatEachAdds) {
  constexpr int processes = 4, times = 25;
  std::vector<pid_t> all;
  for (int p = 0; p < processes; ++p) {
    all.push_back(::fork());
    if (all.back() != 0) continue;
    Target target(folder / "file", Use::shared);
    for (int i = 0; i < times; ++i) target.update([](const auto& before) { return before.value_or("") + "x"; });
    ::_exit(0);
  }
  for (const pid_t process : all) {
    int status = 1;
    ::waitpid(process, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(read("file"), std::string(processes * times, 'x'));
  EXPECT_EQ(names(), std::set<std::string>{"file"});
}

TEST_F(Folders, OneFolderHasOneWriter) {
  {
    Other other([&] { new Folder(folder); });
    const std::string sentence = said([&] { Folder{folder}; });
    EXPECT_NE(sentence.find("is writing " + folder.string()), std::string::npos) << sentence;
  }
  EXPECT_EQ(said([&] { Folder{folder}; }), "");
  EXPECT_TRUE(names().empty());
}

TEST_F(Folders, OfAnEarlierRunAreReplaced) {
  write("one", {"a.md", "a.csv", "b.md"});
  write("one", {"a.md", "b-new.md"}, " again");
  EXPECT_EQ(names(), (std::set<std::string>{".actbench-files", "a.md", "b-new.md"}));
  EXPECT_EQ(read("a.md"), "a.md again");
  write("two", {"c.md"});
  EXPECT_EQ(names(), (std::set<std::string>{".actbench-files", "a.md", "b-new.md", "c.md"})) << "of another command";
  write("one", {"a.md"}, " again");
  EXPECT_EQ(names(), (std::set<std::string>{".actbench-files", "a.md", "c.md"}));
}

TEST_F(Folders, LeaveWhatIsNotTheirs) {
  make("a.md", "mine");
  make("notes.txt", "mine");
  const std::string path = (folder / "a.md").string();
  EXPECT_EQ(said([&] { write("one", {"b.md"}); }),
            path + " is no file that actbench wrote there: move it away, or name another folder");
  // Names that were not foreseen are looked at again before anything is written.
  EXPECT_NE(said([&] {
              Folder set(folder, "one");
              set.add("b.md", "b");
              set.add("notes.txt", "theirs");
              set.commit();
            }).find("notes.txt is no file that actbench wrote"),
            std::string::npos);
  EXPECT_EQ(names(), (std::set<std::string>{"a.md", "notes.txt"}));
  EXPECT_EQ(read("a.md"), "mine");
  EXPECT_EQ(read("notes.txt"), "mine");
}

TEST_F(Folders, LeaveWhatWasChangedSince) {
  write("one", {"a.md", "b.md"});
  make("a.md", "edited");
  EXPECT_NE(said([&] { write("one", {"a.md"}); }).find("a.md was changed since actbench wrote it"), std::string::npos);
  {
    Folder set(folder, "one");  // a.md is stale now, and stays
    set.add("c.md", "c");
    set.commit();
  }
  EXPECT_EQ(names(), (std::set<std::string>{".actbench-files", "a.md", "c.md"}));
  EXPECT_EQ(read("a.md"), "edited");
}

TEST_F(Folders, BelieveNoListThatNamesFilesElsewhere) {
  make("victim", "x");
  fs::create_directory(folder / "sub");
  // 0xaf63f54c86021707 is the digest of "x".
  make("sub/.actbench-files",
       "actbench-files 1\none af63f54c86021707 ../victim\none zz a\none\n\none af63f54c86021707 .hidden\n");
  make("sub/.hidden", "x");
  {
    Folder set(folder / "sub", "one");
    set.add("a.md", "a");
    set.commit();
  }
  EXPECT_EQ(read("victim"), "x");
  EXPECT_EQ(read("sub/.hidden"), "x");
}

}  // namespace
}  // namespace actbench::reports
