// SPDX-License-Identifier: Apache-2.0
#include "bench/commands/program.hpp"

int main(int argc, char** argv) { return actbench::bench::run_program({argv + (argc > 0), argv + argc}); }
