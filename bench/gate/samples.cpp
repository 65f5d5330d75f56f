// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/samples.hpp"

#include <fmt/format.h>

#include <sstream>

#include "bench/certificates/certificate.hpp"
#include "bench/certificates/contradictions.hpp"
#include "bench/selection/parameters.hpp"
#include "bench/support/build_info.hpp"
#include "bench/support/errors.hpp"
#include "bench/support/json.hpp"
#include "reports/files.hpp"

namespace actbench::bench {
extern const char* const built_in_samples;  // generated from samples.json
}

namespace actbench::bench::gate {
namespace {

constexpr std::uint64_t format_version = 1;

bool has_word(const std::string& words, std::string_view wanted) {
  std::istringstream text(words);
  for (std::string word; text >> word;) {
    if (word == wanted) return true;
  }
  return false;
}

std::string text_of(const Sample& s) {
  const Counts& c = s.counts;
  return fmt::format(
      "{{\"kernel\": {}, \"parameters\": {}, \"backends\": {}, \"promised_ulp\": {}, \"inputs\": {}, "
      "\"not_correctly_rounded\": {}, \"above_1_ulp\": {}, \"wrong_zeros\": {}, \"wrong_infinities\": {}, "
      "\"wrong_nans\": {}, \"zero_signs\": {}, \"max_ulp\": {}, \"digest\": \"{}\"}}",
      json::quoted(s.kernel), json::quoted(s.parameters), json::quoted(s.backends), json::size_text(s.promised_ulp),
      c.inputs, c.not_correctly_rounded, c.above_one_ulp, c.wrong_zeros, c.wrong_infinities, c.wrong_nans, c.zero_signs,
      json::size_text(c.max_ulp), json::bits_text(s.digest));
}

/// What is wrong with what a sample says; empty where nothing is. Kernels that the program does not have may be there
/// (missing()), and a promise may be another than the kernel has now, which the gate judges.
std::string wrong_in(const Sample& s) {
  const Counts& c = s.counts;
  const Recorded recorded{c.inputs, c.not_correctly_rounded, c.above_one_ulp, c.max_ulp, s.promised_ulp};
  const Kernel* const kernel = kernel_without_backend(s.kernel);
  std::string wrong =
      kernel == nullptr ? contradiction_of(recorded) : contradiction_of(recorded, *kernel, s.parameters, sample_inputs);
  if (wrong.empty()) wrong = wrong_backends(s.backends);
  for (const auto& [field, count] :
       {std::pair("wrong_zeros", c.wrong_zeros), std::pair("wrong_infinities", c.wrong_infinities),
        std::pair("wrong_nans", c.wrong_nans)}) {
    if (!wrong.empty() || count <= c.not_correctly_rounded) continue;
    wrong = fmt::format("\"{}\" is {}, more than the {} of \"not_correctly_rounded\"", field, count,
                        c.not_correctly_rounded);
  }
  if (wrong.empty() && c.zero_signs > c.inputs)
    wrong = fmt::format("\"zero_signs\" is {}, more than the {} of \"inputs\"", c.zero_signs, c.inputs);
  return wrong;
}

/// A kernel's name in a sentence. What is none may be anything.
std::string shown(const std::string& kernel) {
  return kernel_without_backend(kernel) != nullptr ? kernel : json::quoted(kernel);
}

Sample sample_from(const json::json& j) {
  Sample s;
  s.kernel = json::text(j, "kernel");
  s.parameters = json::text(j, "parameters");
  s.backends = json::text(j, "backends");
  s.promised_ulp = json::size(j, "promised_ulp");
  s.counts = {json::whole(j, "inputs"),           json::whole(j, "not_correctly_rounded"),
              json::whole(j, "above_1_ulp"),      json::whole(j, "wrong_zeros"),
              json::whole(j, "wrong_infinities"), json::whole(j, "wrong_nans"),
              json::whole(j, "zero_signs"),       json::size(j, "max_ulp")};
  s.digest = json::bits_field(j, "digest");
  if (const std::string wrong = wrong_in(s); !wrong.empty())
    throw json::FieldError(fmt::format("of {}, {}", shown(s.kernel), wrong));
  return s;
}

}  // namespace

Inputs sample_of(const Kernel& kernel) {
  return {kernel.type, parameters_of(kernel, {}), sample_inputs, sample_seed, multipliers_of(kernel)};
}

Counts counts_of(const SweepRow& row) {
  const Tally& t = row.tally;
  return {t.inputs,           t.not_correctly_rounded,
          t.above_one_ulp,    t.wrong_zeros,
          t.wrong_infinities, t.wrong_nans,
          t.zero_signs,       row.max_ulp};
}

std::string this_platform() {
#if defined(__x86_64__)
  const char* const processor = __builtin_cpu_supports("fma") != 0 ? "fma" : "no fma";
#elif defined(__aarch64__)
  constexpr const char* processor = "aarch64";
#else
  constexpr const char* processor = "another processor";
#endif
  const BuildInfo info = build_info();
  return fmt::format("{} {}, {}, {}", info.libraries.at(0).first, info.libraries.at(0).second, info.compiler,
                     processor);
}

Samples::Samples(const std::string& text, const std::string& file) {
  try {
    const json::json j = json::parse(text);
    json::check_versions(j, {{"format", format_version}, {"digest", digest_version}});
    json::expect_goldberg(j);
    platform = json::text(j, "platform");
    for (const json::json& entry : json::list(j, "samples", 100000)) {
      Sample s = sample_from(entry);
      const Key key{s.kernel, s.parameters, s.digest};
      if (!all_.emplace(key, std::move(s)).second)
        throw json::FieldError(fmt::format("{} is there twice", shown(std::get<0>(key))));
    }
  } catch (...) {
    json::refuse(file, "file of samples");
  }
}

Samples Samples::read(const std::string& file) {
  const auto text = reports::read_file(file);
  if (!text) throw UsageError(fmt::format("there is no file {}", file));
  return {*text, file};
}

const Samples& Samples::built_in() {
  static const Samples all(built_in_samples, "samples.json");
  return all;
}

std::string Samples::text() const {
  std::string text = fmt::format(
      "{{\"about\": \"What every kernel gives for a fixed sample of inputs, and how right that is; docs/gate.md says "
      "more. actbench check --update makes it.\",\n"
      "\"format\": {}, \"digest\": {}, \"ulp\": \"goldberg\", \"platform\": {},\n\"samples\": [",
      format_version, digest_version, json::quoted(platform));
  const char* separator = "\n";
  for (const auto& [key, s] : all_) {
    text += separator + text_of(s);
    separator = ",\n";
  }
  return text + "\n]}\n";
}

void Samples::add(const Kernel& kernel, Sample s) {
  s.kernel = certified_name(kernel);
  const auto [at, fresh] = all_.try_emplace({s.kernel, s.parameters, s.digest}, s);
  if (fresh) at->second.backends = name(kernel.backend);
  if (!has_word(at->second.backends, name(kernel.backend)))
    at->second.backends += fmt::format(" {}", name(kernel.backend));
}

const Sample* Samples::find(const Kernel& kernel, const std::string& parameters) const {
  const std::string kernel_name = certified_name(kernel);
  for (auto at = all_.lower_bound({kernel_name, parameters, 0}); at != all_.end(); ++at) {
    const Sample& s = at->second;
    if (s.kernel != kernel_name || s.parameters != parameters) break;
    if (kernel.tier == Tier::accurate || has_word(s.backends, name(kernel.backend))) return &s;
  }
  return nullptr;
}

std::vector<std::string> Samples::missing() const {
  std::vector<std::string> names;
  for (const auto& [key, s] : all_) {
    std::istringstream text(s.backends);
    for (std::string backend; text >> backend;) {
      const std::string wanted = s.kernel + "/" + backend;
      if (actbench::find(wanted) == nullptr) names.push_back(wanted);
    }
  }
  return names;
}

}  // namespace actbench::bench::gate
