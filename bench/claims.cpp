#include "bench/options.hpp"
#include <CLI/CLI.hpp>
namespace actbench::bench {
Command add_claims(CLI::App& program) { return {program.add_subcommand("claims", ""), [] { return 0; }}; }
}
