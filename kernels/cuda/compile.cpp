// SPDX-License-Identifier: Apache-2.0
//
// Compiles kernels for CUDA while the project is built, with NVRTC:
//
//   compile_cuda <module> <stem> <include folders> <kernels> <architecture>...
//
// Lists are comma separated. <kernels>: their names, or `rows` for those of an activation, which has the module's name;
// <stem>.rows then lists them (list_rows.cpp), and <stem>.cu includes kernels/cuda/device.hpp. An architecture is 90
// for machine code (sm_90) or 90-virtual for PTX. Written are <stem>.<architecture> for each, <stem>.module.cpp, which
// embeds them as <module>_module, and <stem>.resources.csv: what each kernel takes of the device. Any warning is an
// error.
//
// NVRTC and not nvcc, because it alone takes functions without annotations for device functions: a CPU's sources
// compile as they are.
#include <nvrtc.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace actbench {
namespace {

[[noreturn]] void fail(const std::string& text) {
  std::cerr << text << '\n';
  std::exit(1);
}

void check(nvrtcResult result, const std::string& subject) {
  if (result != NVRTC_SUCCESS) fail(subject + ": " + nvrtcGetErrorString(result));
}

void write(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  if (!(file << content).flush()) fail("cannot write " + path);
}

/// As much of the standard headers as what a device compiles of the project takes: declarations, and no function.
struct Header {
  const char* name;
  const char* text;
};
constexpr Header headers[] = {
    {"cstddef", "#pragma once\nnamespace std { using size_t = decltype(sizeof 0); }\n"},
    {"span", "#pragma once\nnamespace std { template <class T> struct span { T* data; decltype(sizeof 0) size; }; }\n"},
    {"string", "#pragma once\nnamespace std { class string; }\n"},
    {"string_view", "#pragma once\nnamespace std { class string_view; }\n"},
    {"stdint.h",
     "#pragma once\ntypedef unsigned short uint16_t;\ntypedef unsigned uint32_t;\ntypedef unsigned long long "
     "uint64_t;\ntypedef long long int64_t;\n"},
    {"math.h", "#pragma once\n"},
};

struct Compiled {
  std::string image, log;
  std::vector<std::string> kernels;  ///< the name of each row's in the image
};

/// expressions: C++ for each of the kernels.
Compiled compile(const std::vector<std::string>& expressions, const std::string& path,
                 const std::vector<std::string>& options, bool ptx) {
  std::ifstream file(path);
  const std::string source((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<const char*> texts, names, flags;
  for (const Header& header : headers) {
    texts.push_back(header.text);
    names.push_back(header.name);
  }
  for (const std::string& option : options) flags.push_back(option.c_str());
  nvrtcProgram program{};
  check(nvrtcCreateProgram(&program, source.c_str(), path.c_str(), static_cast<int>(texts.size()), texts.data(),
                           names.data()),
        path);
  for (const std::string& expression : expressions)
    check(nvrtcAddNameExpression(program, expression.c_str()), expression);

  const nvrtcResult result = nvrtcCompileProgram(program, static_cast<int>(flags.size()), flags.data());
  Compiled compiled;
  std::size_t size = 0;
  check(nvrtcGetProgramLogSize(program, &size), path);
  compiled.log.resize(size);
  check(nvrtcGetProgramLog(program, compiled.log.data()), path);
  compiled.log.resize(size > 0 ? size - 1 : 0);
  if (result != NVRTC_SUCCESS || compiled.log.find("warning") != std::string::npos)
    fail(compiled.log + path + ": " + nvrtcGetErrorString(result));

  check((ptx ? nvrtcGetPTXSize : nvrtcGetCUBINSize)(program, &size), path);
  compiled.image.resize(size);
  check((ptx ? nvrtcGetPTX : nvrtcGetCUBIN)(program, compiled.image.data()), path);
  for (const std::string& expression : expressions) {
    const char* lowered = nullptr;
    check(nvrtcGetLoweredName(program, expression.c_str(), &lowered), expression);
    compiled.kernels.emplace_back(lowered);
  }
  check(nvrtcDestroyProgram(&program), path);
  return compiled;
}

/// What ptxas -v said of a kernel: of itself, and added up over the functions that it calls.
struct Resources {
  unsigned long registers = 0, stack = 0, spill_stores = 0, spill_loads = 0, local = 0;
  bool found = false;

  bool in_registers() const { return stack + spill_stores + spill_loads + local == 0; }
};

Resources resources(const std::string& log, const std::string& kernel) {
  static const std::regex entry(R"(Compiling entry function '(\w+)')"), used(R"(Used (\d+) registers)"),
      local(R"((\d+) bytes lmem)"),
      memory(R"((\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads)");
  Resources r;
  bool here = false;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    std::smatch m;
    if (std::regex_search(line, m, entry)) here = m[1] == kernel;
    if (!here) continue;
    if (std::regex_search(line, m, used)) {
      r.registers = std::stoul(m[1]);
      r.found = true;
    }
    if (std::regex_search(line, m, local)) r.local += std::stoul(m[1]);
    if (std::regex_search(line, m, memory)) {
      r.stack += std::stoul(m[1]);
      r.spill_stores += std::stoul(m[2]);
      r.spill_loads += std::stoul(m[3]);
    }
  }
  return r;
}

/// ptxas weighs registers against the number of warps that have room, and now and then spills a few bytes for one more.
/// So it is asked for one compromise after the other, until no kernel of the image uses local memory; where none is so
/// kind, as it comes.
constexpr const char* compromises[] = {"--ptxas-options=--register-usage-level=5",
                                       "--ptxas-options=--register-usage-level=0",
                                       "--maxrregcount=128",
                                       "--ptxas-options=--register-usage-level=10",
                                       "-DACTBENCH_MIN_BLOCKS=3",
                                       "-DACTBENCH_MIN_BLOCKS=2",
                                       "-DACTBENCH_MIN_BLOCKS=1"};
struct Fitted {
  Compiled compiled;
  std::vector<Resources> resources;  ///< of each kernel
};
Fitted fit(const std::vector<std::string>& expressions, const std::string& path, std::vector<std::string> options) {
  options.emplace_back();
  Fitted fitted;
  for (const char* compromise : compromises) {
    options.back() = compromise;
    fitted = {compile(expressions, path, options, false), {}};
    for (const std::string& kernel : fitted.compiled.kernels) {
      fitted.resources.push_back(resources(fitted.compiled.log, kernel));
      if (!fitted.resources.back().found) fail(path + ": nothing is said about what " + kernel + " takes");
    }
    if (std::all_of(fitted.resources.begin(), fitted.resources.end(),
                    [](const Resources& r) { return r.in_registers(); }))
      break;
  }
  return fitted;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream text(list);
  for (std::string part; std::getline(text, part, ',');) parts.push_back(part);
  return parts;
}

/// A kernel as C++ and as the table of kernels, or else the reader, calls it.
struct Named {
  std::vector<std::string> expressions, names;
};
Named named(const std::string& module, const std::string& stem, const std::string& kernels) {
  Named all;
  if (kernels != "rows") {
    for (const std::string& kernel : split(kernels)) {
      all.expressions.push_back(kernel);
      all.names.push_back(kernel);
    }
    return all;
  }
  std::ifstream file(stem + ".rows");
  for (std::string identity; std::getline(file, identity);) {
    all.expressions.push_back("actbench::cuda::" + module + "_kernel<" + std::to_string(all.names.size()) + '>');
    all.names.push_back(identity);
  }
  if (all.names.empty()) fail(stem + ".rows lists no kernel");
  return all;
}

int run(const std::string& name, const std::string& stem, const std::string& folders, const std::string& which,
        const std::vector<std::string>& architectures) {
  const Named wanted = named(name, stem, which);
  // The seed of names that the compiler makes up: the same source gives the same bytes, by which builds are compared.
  std::vector<std::string> common{"--frandom-seed=" + name, "-default-device", "--std=c++20", "--fmad=false",
                                  "--ftz=false", "--prec-div=true", "--prec-sqrt=true", "--ptxas-options=-v",
                                  "--device-int128",
                                  // Of the CPUs' sources: their pragmas; a loop over no parameters; a table elsewhere.
                                  "--diag-suppress=161,186,20044"};
  for (const std::string& folder : split(folders)) common.push_back("-I" + folder);

  const std::string module = name + "_module";
  std::string embedded, images, names;
  std::string table = "kernel,architecture,registers,stack_bytes,spill_store_bytes,spill_load_bytes,local_bytes\n";
  std::vector<std::string> kernels;
  for (const std::string& architecture : architectures) {
    const std::string number = architecture.substr(0, architecture.find('-'));
    const bool ptx = number != architecture;
    std::vector<std::string> options = common;
    options.push_back((ptx ? "-arch=compute_" : "-arch=sm_") + number);
    const Fitted fitted = ptx ? Fitted{compile(wanted.expressions, stem + ".cu", options, true), {}}
                              : fit(wanted.expressions, stem + ".cu", options);
    const Compiled& compiled = fitted.compiled;
    if (!kernels.empty() && kernels != compiled.kernels) fail(stem + ": names of kernels depend on the architecture");
    kernels = compiled.kernels;
    const std::string path = stem + '.' + architecture;
    write(path, compiled.image);
    const std::string symbol = "actbench_" + module + '_' + number + (ptx ? "_ptx" : "");
    embedded += "asm(\".section .rodata\\n.balign 64\\n.type " + symbol + ", @object\\n" + symbol + ":\\n.incbin \\\"" +
                path + "\\\"\\n.byte 0\\n.size " + symbol + ", . - " + symbol +
                "\\n.previous\\n\");\nextern \"C\" const unsigned char " + symbol + "[];\n";
    images += "    {" + number + ", " + (ptx ? "true" : "false") + ", " + symbol + "},\n";
    for (std::size_t row = 0; row < fitted.resources.size(); ++row) {
      const Resources& r = fitted.resources[row];
      std::ostringstream line;
      line << wanted.names[row] << ",sm_" << number << ',' << r.registers << ',' << r.stack << ',' << r.spill_stores
           << ',' << r.spill_loads << ',' << r.local << '\n';
      table += line.str();
    }
  }
  for (const std::string& kernel : kernels) names += "    \"" + kernel + "\",\n";
  write(stem + ".resources.csv", table);
  write(stem + ".module.cpp",
        "// Generated: kernels for CUDA.\n#include "
        "\"kernels/cuda/launch.hpp\"\n" +
            embedded + "namespace actbench::cuda {\nextern const Module " + module +
            ";\nnamespace {\nconstexpr Image images[] = {\n" + images + "};\nconstexpr const char* names[] = {\n" +
            names + "};\n}  // namespace\nconst Module " + module +
            "{images, sizeof images / sizeof images[0], names};\n}  // namespace actbench::cuda\n");
  return 0;
}

}  // namespace
}  // namespace actbench

int main(int count, char** arguments) {
  if (count < 6) {
    std::cerr << "usage: compile_cuda <module> <stem> <include folders> <kernels> <architecture>...\n";
    return 2;
  }
  return actbench::run(arguments[1], arguments[2], arguments[3], arguments[4], {arguments + 5, arguments + count});
}
