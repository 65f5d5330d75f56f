// SPDX-License-Identifier: Apache-2.0
//
// Says what plug-ins there are: peers_list absent.txt PLUGIN…
//
// A row each: the name, what the plug-in says of itself, and how many of its kernels run here, or why none does. A
// process of its own loads each, so that one that crashes is a row like the others. absent.txt has lines of a name, a
// tabulator and a reason, for those that were not built.
#include <actbench/plugin.h>
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

namespace {

struct Row {
  std::string name, about, kernels;
};

/// "46 of f32 f64", or why none runs.
std::string kernels_of(const actbench_plugin& plugin) {
  if (plugin.start != nullptr) {
    if (const char* const reason = plugin.start()) return std::string("none: ") + reason;
  }
  std::size_t here = 0;
  std::vector<std::string> types;
  for (std::size_t i = 0; i < plugin.kernel_count; ++i) {
    const actbench_plugin_kernel& kernel = plugin.kernels[i];
    if (kernel.absent != nullptr) continue;
    ++here;
    const std::string type = kernel.type == nullptr ? "f32" : kernel.type;
    if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
  }
  std::string text = std::to_string(here) + (here == 1 ? " kernel" : " kernels");
  for (const std::string& type : types) text += " " + type;
  if (here < plugin.kernel_count) text += ", " + std::to_string(plugin.kernel_count - here) + " absent";
  return text;
}

/// In a process of its own: writes the row's texts, with a zero byte after each.
[[noreturn]] void describe(const char* path, int to) {
  Row row;
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  const auto describe = library == nullptr
                            ? nullptr
                            : reinterpret_cast<const actbench_plugin* (*)()>(dlsym(library, "actbench_plugin_v1"));
  if (library == nullptr) {
    row.kernels = std::string("none: it cannot be loaded: ") + dlerror();
  } else if (describe == nullptr) {
    row.kernels = "none: it has no function actbench_plugin_v1";
  } else if (const actbench_plugin& plugin = *describe(); plugin.version != ACTBENCH_PLUGIN_VERSION) {
    row.kernels = "none: it has version " + std::to_string(plugin.version) + " of the interface; build it again";
  } else {
    row.about = plugin.about == nullptr ? "" : plugin.about;
    row.kernels = kernels_of(plugin);
  }
  std::string text = row.about;
  text.push_back('\0');
  text += row.kernels;
  text.push_back('\0');
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t written = write(to, text.data() + done, text.size() - done);
    if (written <= 0) break;
    done += static_cast<std::size_t>(written);
  }
  _exit(0);
}

Row row_of(const char* path) {
  const char* const slash = std::strrchr(path, '/');
  std::string name = slash == nullptr ? path : slash + 1;
  name = name.substr(0, name.find('.'));
  int ends[2];
  if (pipe(ends) != 0) return {name, "", "none: there is no pipe to its process"};
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    describe(path, ends[1]);
  }
  close(ends[1]);
  std::string text;
  char part[4096];
  for (ssize_t got; (got = read(ends[0], part, sizeof part)) > 0;) text.append(part, static_cast<std::size_t>(got));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return {name, "", std::string("none: loading it ends with: ") + strsignal(WTERMSIG(status))};
  const std::size_t end = text.find('\0');
  if (end == std::string::npos) return {name, "", "none: loading it ends the process"};
  return {name, text.substr(0, end), text.c_str() + end + 1};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: peers_list absent.txt PLUGIN...\n");
    return 2;
  }
  std::vector<Row> rows{{"peer", "version", "kernels"}};
  for (int i = 2; i < argc; ++i) rows.push_back(row_of(argv[i]));
  std::ifstream absent(argv[1]);
  for (std::string line; std::getline(absent, line);) {
    const std::size_t tabulator = line.find('\t');
    if (tabulator != std::string::npos)
      rows.push_back({line.substr(0, tabulator), "", "none: " + line.substr(tabulator + 1)});
  }
  std::size_t names = 0, abouts = 0;
  for (const Row& row : rows) {
    names = std::max(names, row.name.size());
    abouts = std::max(abouts, row.about.size());
  }
  for (const Row& row : rows)
    std::printf("%-*s  %-*s  %s\n", static_cast<int>(names), row.name.c_str(), static_cast<int>(abouts),
                row.about.c_str(), row.kernels.c_str());
  return 0;
}
