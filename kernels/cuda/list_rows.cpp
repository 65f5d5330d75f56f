// SPDX-License-Identifier: Apache-2.0
//
// Lists the kernels for CUDA while the project is built:
//
//   list_cuda_rows <folder>
//
// Written is <folder>/<activation>.rows for each activation, an identity a line, in the order of its table. A device's
// kernels have the rows of the same source for a CPU, of which this program has one set. A file that would stay the
// same is left alone, so that one more activation compiles no other again.
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "kernels/table.hpp"

namespace actbench {
namespace {

bool write_if_changed(const std::string& path, const std::string& content) {
  std::ostringstream present;
  present << std::ifstream(path, std::ios::binary).rdbuf();
  if (present.str() == content) return true;
  std::ofstream file(path, std::ios::binary);
  return static_cast<bool>((file << content).flush());
}

int run(const std::string& folder) {
  for (std::size_t i = 0; i < all_tables_count; ++i) {
    const KernelTable& table = *all_tables[i];
    std::string rows;
    for (std::size_t row = 0; row < table.count; ++row) {
      Kernel kernel = table.kernels[row];
      kernel.backend = Backend::cuda;
      rows += identity(kernel) + '\n';
    }
    const std::string path = folder + '/' + table.kernels[0].activation->name + ".rows";
    if (!write_if_changed(path, rows)) {
      std::cerr << "cannot write " << path << '\n';
      return 1;
    }
  }
  return 0;
}

}  // namespace
}  // namespace actbench

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: list_cuda_rows <folder>\n";
    return 2;
  }
  return actbench::run(arguments[1]);
}
