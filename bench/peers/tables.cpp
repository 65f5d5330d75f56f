// SPDX-License-Identifier: Apache-2.0
//
// A survey for people and machines. From the top: the sentence; a row a function; a row a kernel.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/numbers/ulp.hpp"
#include "bench/peers/peers.hpp"
#include "bench/performance/performance.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "reports/text.hpp"

namespace actbench::bench::peers {
namespace {

using reports::Audience;
using reports::Cell;
using reports::Column;
using reports::Display;
using reports::Emphasis;

std::string function_of(const Kernel& kernel) {
  std::string text = kernel.activation->name;
  if (kernel.direction != Direction::forward) text += fmt::format(" {}", actbench::name(kernel.direction));
  if (kernel.type != Type::f32) text += fmt::format(" {}", actbench::name(kernel.type));
  return text;
}

// ---- The sentence

struct Judged {
  const Standing* standing;
  const Peer* peer;
};

/// "1.31 (1.28 … 1.34) times as long as onednn", or as fast.
std::string factor(const Peer& peer) {
  const timing::Interval& over_ours = peer.over_ours;
  const bool ahead = over_ours.median >= 1;
  const double median = ahead ? over_ours.median : 1 / over_ours.median;
  const double low = ahead ? over_ours.low : 1 / over_ours.high, high = ahead ? over_ours.high : 1 / over_ours.low;
  return fmt::format("{:.2f} ({:.2f} … {:.2f}) times as {} as {}", median, low, high, ahead ? "fast" : "long",
                     peer.name);
}

/// "ahead in 5 (tanh 1.12 (1.10 … 1.15) times as fast as eigen_avx512, …)": the clearest first.
std::string part(std::vector<Judged> all, Place wanted) {
  std::erase_if(all, [&](const Judged& j) { return place(*j.peer) != wanted; });
  if (all.empty()) return fmt::format("{} in none", name(wanted));
  std::stable_sort(all.begin(), all.end(), [](const Judged& a, const Judged& b) {
    return std::abs(std::log(a.peer->over_ours.median)) > std::abs(std::log(b.peer->over_ours.median));
  });
  constexpr std::size_t most = 4;
  std::string text = fmt::format("{} in {}", name(wanted), all.size());
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i) {
    const auto& [standing, peer] = all[i];
    text += fmt::format("{}{} {}", i == 0 ? " (" : ", ", function_of(*standing->ours), factor(*peer));
  }
  return text + (all.size() > most ? fmt::format(" and {} more)", all.size() - most) : ")");
}

/// In how many ours is ahead, behind and level.
std::string parts(const std::vector<Judged>& all) {
  return fmt::format("{}, {}, and {}", part(all, Place::ahead), part(all, Place::behind), part(all, Place::level));
}

// ---- The rows

const Kernel& ours(const Standing& standing) { return *standing.ours; }

Column number(std::string column, std::string heading, int part = 0) {
  return {.name = std::move(column),
          .heading = std::move(heading),
          .display = Display::significant,
          .digits = 3,
          .right = true,
          .part = part};
}

Cell ulp_cell(double ulp) { return Cell(ulp).as(ulp_text(ulp)); }

Cell interval_text(const timing::Interval& i) { return Cell(fmt::format("{:.2f} – {:.2f}", i.low, i.high)); }

Cell verdict(const Peer* peer) {
  if (peer == nullptr) return Cell("no peer").with(Emphasis::faint);
  const Place where = place(*peer);
  return Cell(name(where))
      .with(where == Place::ahead    ? Emphasis::good
            : where == Place::behind ? Emphasis::bad
                                     : Emphasis::plain);
}

/// A column of one of a standing's peers; nothing where there is no such peer.
using Choose = std::function<const Peer*(const Standing&)>;
reports::Cell of_peer(const Peer* peer, const std::function<Cell(const Peer&)>& cell) {
  return peer == nullptr ? Cell() : cell(*peer);
}

std::vector<Field<Standing>> peer_columns(const Choose& choose, const std::string& prefix, const std::string& heading,
                                          int part) {
  const auto field = [&](Column column, std::function<Cell(const Peer&)> cell) {
    return Field<Standing>{std::move(column), [choose, cell](const Standing& s) { return of_peer(choose(s), cell); }};
  };
  Column who{.name = prefix, .heading = heading},
      interval{
          .name = prefix + "_interval", .heading = "interval, " + heading, .right = true, .audience = Audience::people};
  Column low{.name = prefix + "_over_ours_low", .audience = Audience::machines};
  Column high{.name = prefix + "_over_ours_high", .audience = Audience::machines};
  who.part = interval.part = part;
  return {field(who, [](const Peer& p) { return Cell(p.name); }),
          field(number(prefix + "_ns", "ns, " + heading, part), [](const Peer& p) { return Cell(p.ns.median); }),
          field(number(prefix + "_ulp", "ULP, " + heading, part), [](const Peer& p) { return ulp_cell(p.max_ulp); }),
          field(number(prefix + "_over_ours", "÷ ours, " + heading, part),
                [](const Peer& p) { return Cell(p.over_ours.median); }),
          field(interval, [](const Peer& p) { return interval_text(p.over_ours); }),
          field(low, [](const Peer& p) { return Cell(p.over_ours.low); }),
          field(high, [](const Peer& p) { return Cell(p.over_ours.high); })};
}

std::uint64_t fewest_inputs(const Survey& survey) {
  std::uint64_t fewest = UINT64_MAX;
  for (const Standing& standing : survey.standings) fewest = std::min(fewest, standing.inputs);
  return survey.standings.empty() ? 0 : fewest;
}

std::vector<std::string> notes_of(const Survey& survey, const SurveyOptions& options, double within_ulp) {
  const double confidence = survey.standings.empty() ? 0 : survey.standings[0].ns.confidence;
  std::vector<std::string> notes{fmt::format(
      "Ours and all peers are timed in turns in one run, at {} (rows: of {} numbers), on one thread. \"÷ ours\" is the "
      "peer's time over that of our kernel, the median over the rounds with its {:.0f} % interval; ahead or behind is "
      "what lies beyond 1 with the whole interval. The peer is the quickest whose largest error, of {} inputs or more, "
      "is at most {:g} ULP; the second part has the quickest of all.",
      size_text(options.size), options.row, 100 * confidence, reports::compact_count(fewest_inputs(survey)),
      within_ulp)};
  std::string libraries;
  for (const Survey::Library& library : survey.libraries)
    libraries += fmt::format("{}{}: {}", libraries.empty() ? "" : "; ", library.name, library.about);
  if (!libraries.empty()) notes.push_back(fmt::format("The peers: {}.", libraries));
  if (!survey.without.empty())
    notes.push_back(fmt::format("No peer has the function of {}.", fmt::join(survey.without, ", ")));
  if (!survey.skipped.empty())
    notes.push_back(fmt::format("There was no time for {}.", fmt::join(survey.skipped, ", ")));
  for (const std::string& note : survey.notes) notes.push_back(note + ".");
  return notes;
}

struct Row {
  const Standing* standing;
  const Peer* peer;  ///< null: ours
};
const Kernel& kernel_of_row(const Row& row) { return *row.standing->ours; }

}  // namespace

std::string in_one_sentence(const Survey& survey, double within_ulp) {
  std::vector<Judged> right, others;
  for (const Standing& standing : survey.standings) {
    const Peer* const peer = quickest_within(standing, within_ulp);
    (peer != nullptr ? right : others).push_back({&standing, peer != nullptr ? peer : &standing.peers.front()});
  }
  std::string text;
  if (!right.empty()) {
    text = fmt::format("Against the quickest of {} that is within {:g} ULP, in {}, ours is {}",
                       reports::counted(survey.libraries.size(), "peer"), within_ulp,
                       reports::counted(right.size(), "function"), parts(right));
  }
  if (!others.empty()) {
    text += fmt::format("{} {} no peer is within {:g} ULP; against the quickest with larger errors ours is {}",
                        right.empty() ? "In" : "; in", reports::counted(others.size(), "function"), within_ulp,
                        parts(others));
  }
  return text + ".";
}

reports::Table standings_table(const Survey& survey, const SurveyOptions& options, double within_ulp) {
  reports::Table table{.name = "peers", .title = "Ours and the quickest peer"};
  table.facts = {
      {.name = "size", .cell = Cell(options.size).as(size_text(options.size))},
      {.name = "within_ulp", .heading = "within", .cell = Cell(within_ulp).as(fmt::format("{:g} ULP", within_ulp))},
      {.name = "seed", .cell = options.seed, .audience = Audience::machines}};
  const Choose within = [within_ulp](const Standing& s) { return quickest_within(s, within_ulp); };
  const Choose any = [](const Standing& s) { return &s.peers.front(); };
  std::vector<Field<Standing>> fields{
      {{.name = "standing", .heading = "ours is", .leads = true},
       [within](const Standing& s) { return verdict(within(s)); }},
      {number("ns", "ns, ours"), [](const Standing& s) { return Cell(s.ns.median); }},
      {number("max_ulp", "ULP, ours"), [](const Standing& s) { return ulp_cell(s.max_ulp); }}};
  for (auto&& field : peer_columns(within, "peer", "peer", 0)) fields.push_back(std::move(field));
  for (auto&& field : peer_columns(any, "quickest", "quickest", 1)) fields.push_back(std::move(field));
  fill<Standing>(table, fields, survey.standings, ours);
  table.notes = notes_of(survey, options, within_ulp);
  return table;
}

reports::Table every_peer(const Survey& survey, const SurveyOptions& options, double within_ulp) {
  reports::Table table{.name = "peers", .title = "Every peer"};
  table.facts = {{.name = "size", .cell = options.size}, {.name = "seed", .cell = options.seed}};
  std::map<std::string, std::string> about;
  for (const Survey::Library& library : survey.libraries) about[library.name] = library.about;
  std::vector<Row> rows;
  for (const Standing& standing : survey.standings) {
    rows.push_back({&standing, nullptr});
    for (const Peer& peer : standing.peers) rows.push_back({&standing, &peer});
  }
  const auto ns = [](const Row& r) -> const timing::Interval& { return r.peer ? r.peer->ns : r.standing->ns; };
  const timing::Interval one{1, 1, 1, 1};
  const auto over = [one](const Row& r) { return r.peer ? r.peer->over_ours : one; };
  const std::vector<Field<Row>> fields{
      {{.name = "peer"}, [](const Row& r) { return r.peer ? Cell(r.peer->name) : Cell(); }},
      {{.name = "library"},
       [about](const Row& r) {
         const auto found = about.find(r.peer ? r.peer->name : "");
         return found == about.end() ? Cell() : Cell(found->second);
       }},
      {{.name = "inputs"}, [](const Row& r) { return Cell(r.standing->inputs); }},
      {{.name = "max_ulp"}, [](const Row& r) { return Cell(r.peer ? r.peer->max_ulp : r.standing->max_ulp); }},
      {{.name = "within"},
       [within_ulp](const Row& r) { return Cell((r.peer ? r.peer->max_ulp : r.standing->max_ulp) <= within_ulp); }},
      {{.name = "ns_per_element"}, [ns](const Row& r) { return Cell(ns(r).median); }},
      {{.name = "ns_low"}, [ns](const Row& r) { return Cell(ns(r).low); }},
      {{.name = "ns_high"}, [ns](const Row& r) { return Cell(ns(r).high); }},
      {{.name = "confidence"}, [ns](const Row& r) { return Cell(ns(r).confidence); }},
      {{.name = "over_ours"}, [over](const Row& r) { return Cell(over(r).median); }},
      {{.name = "over_ours_low"}, [over](const Row& r) { return Cell(over(r).low); }},
      {{.name = "over_ours_high"}, [over](const Row& r) { return Cell(over(r).high); }},
      {{.name = "standing"}, [](const Row& r) { return r.peer ? Cell(name(place(*r.peer))) : Cell(); }}};
  fill<Row>(table, fields, rows, kernel_of_row);
  return table;
}

}  // namespace actbench::bench::peers
