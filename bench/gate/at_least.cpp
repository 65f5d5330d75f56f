// SPDX-License-Identifier: Apache-2.0
#include "bench/gate/at_least.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "bench/compare/compare.hpp"
#include "bench/numbers/ulp.hpp"
#include "bench/peers/peers.hpp"
#include "bench/plugin/plugins.hpp"
#include "bench/selection/kernel_columns.hpp"
#include "bench/support/errors.hpp"
#include "reports/text.hpp"

namespace actbench::bench::gate {
namespace {

using reports::Cell;
using reports::Display;
using reports::Emphasis;

/// Peers of one kernel, judged by their errors.
struct Judged {
  std::vector<AgainstPeer> within;
  std::string without;  ///< the sentence where there are none
};

Judged judged(const Kernel& ours, const AtLeastOptions& options) {
  Judged all;
  const std::vector<const Kernel*> peers = peers::kernels_like(ours);
  if (peers.empty()) {
    all.without = fmt::format("No peer has the function of {}", identity(ours));
    return all;
  }
  CompareOptions how;
  how.inputs = options.inputs;
  how.threads = options.threads;
  const SweepRow* best = nullptr;
  const std::vector<SweepRow> rows = errors_of(peers, {}, how);
  for (const SweepRow& row : rows) {
    const Kernel& kernel = *row.subject.kernel;
    if (best == nullptr || row.max_ulp < best->max_ulp) best = &row;
    if (row.max_ulp <= options.within_ulp) all.within.push_back({&ours, name(kernel.backend), row.max_ulp, {}});
  }
  if (all.within.empty()) {
    all.without = fmt::format("{} was compared with no peer: none is within {:g} ULP; the nearest, {}, is off by {}",
                              identity(ours), options.within_ulp, name(best->subject.kernel->backend),
                              std::isinf(best->max_ulp) ? "an infinite error" : ulp_text(best->max_ulp) + " ULP");
  }
  return all;
}

std::string peer_identity(const AgainstPeer& row) {
  const std::string ours = identity(*row.ours);
  for (const Kernel* peer : peers::kernels_like(*row.ours)) {
    if (row.peer == name(peer->backend)) return identity(*peer);
  }
  throw MissingError(fmt::format("the peer {} lost its kernel beside {}", row.peer, ours));
}

int badness(Verdict v) { return v == Verdict::slower ? 2 : v == Verdict::inconclusive ? 1 : 0; }

/// Our speed as a share of the peer's, of ln(our time / its time).
double share_of(double log_ratio) { return std::exp(-log_ratio); }

std::size_t how_many(const AtLeast& result, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(result.rows.begin(), result.rows.end(),
                                                [&](const AgainstPeer& r) { return r.speed.verdict == verdict; }));
}

/// The pairs of one peer, whose plug-in a launch loads beside our library.
struct Group {
  const plugin::Plugin* peer;
  std::vector<std::size_t> rows;
};

std::vector<Group> groups_of(const std::vector<AgainstPeer>& rows) {
  std::vector<Group> groups;
  for (const plugin::Plugin& p : plugin::loaded()) {
    Group group{&p, {}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].peer == p.name) group.rows.push_back(i);
    }
    if (!group.rows.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

/// Has something done with the plug-in of a peer as the base. Throws MissingError where it crashes.
void with_peer(const Place& place, const plugin::Plugin& peer, const std::function<void(const Place&)>& work) {
  Place here = place;
  here.paths[0] = peer.path;
  here.called[0] = "peer " + peer.name;
  try {
    work(here);
  } catch (const Fault& fault) {
    if (fault.side == Side::head) throw;
    throw MissingError(fmt::format("{}; leave it out, for it is no measure", fault.what()));
  }
}

std::vector<Planned> plan_of(const Group& group, const std::vector<AgainstPeer>& rows) {
  std::vector<Planned> plan;
  for (const std::size_t i : group.rows) plan.push_back(rows[i].speed.planned);
  return plan;
}

/// Leaves out the pairs whose peer takes more than twice what the share allows, but for the quickest of each kernel. A
/// launch says so that counts for nothing else, so that what is judged later was not chosen by its own values.
void leave_out_the_slow(AtLeast& result, const Place& place, std::uint64_t seed) {
  std::vector<double> ahead(result.rows.size(), 0);  // ln of how far below the allowed time ours is
  for (const Group& group : groups_of(result.rows)) {
    with_peer(place, *group.peer, [&](const Place& here) {
      for (const Measured& m : measure(here, plan_of(group, result.rows), ~seed, 1)) {
        const std::size_t row = group.rows[m.index];
        ahead[row] = result.rows[row].speed.planned.allowed - m.log_ratio;
      }
    });
  }
  std::map<const Kernel*, double> least;
  for (std::size_t i = 0; i < ahead.size(); ++i) {
    const auto [place_of, fresh] = least.try_emplace(result.rows[i].ours, ahead[i]);
    if (!fresh) place_of->second = std::min(place_of->second, ahead[i]);
  }
  std::vector<AgainstPeer> kept;
  for (std::size_t i = 0; i < ahead.size(); ++i) {
    if (ahead[i] <= std::log(2.0) || ahead[i] == least[result.rows[i].ours])
      kept.push_back(std::move(result.rows[i]));
    else
      ++result.far_slower;
  }
  result.rows = std::move(kept);
}

}  // namespace

AtLeast compare_with_peers(const Place& place, std::span<const Kernel* const> ours, const AtLeastOptions& options,
                           const std::function<void(std::vector<Planned>&)>& extra) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
  AtLeast result{.share = options.share, .within_ulp = options.within_ulp};
  for (const Kernel* kernel : ours) {
    Judged all = judged(*kernel, options);
    if (!all.without.empty()) result.without.push_back(std::move(all.without));
    for (AgainstPeer& row : all.within) result.rows.push_back(std::move(row));
  }
  std::vector<Planned> plan;
  for (const AgainstPeer& row : result.rows)
    plan.push_back({identity(*row.ours), peer_identity(row), 0, -std::log(options.share)});
  extra(plan);
  for (std::size_t i = 0; i < plan.size(); ++i) result.rows[i].speed.planned = plan[i];
  const double before = elapsed();
  leave_out_the_slow(result, place, options.speed.seed);
  const std::vector<Group> groups = groups_of(result.rows);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    SpeedOptions speed = options.speed;
    speed.seed += g;
    speed.family = result.rows.size();
    speed.budget_s = (options.speed.budget_s - (elapsed() - before)) / static_cast<double>(groups.size() - g);
    speed.progress = [&](double fraction, const std::string&) {
      if (options.speed.progress)
        options.speed.progress((static_cast<double>(g) + fraction) / static_cast<double>(groups.size()),
                               groups[g].peer->name);
    };
    with_peer(place, *groups[g].peer, [&](const Place& here) {
      SpeedResult measured = compare_speed(here, plan_of(groups[g], result.rows), speed);
      for (std::size_t k = 0; k < groups[g].rows.size(); ++k)
        result.rows[groups[g].rows[k]].speed = std::move(measured.comparisons[k]);
      result.launches = std::max(result.launches, measured.launches);
      result.least_launches = measured.least_launches;
    });
  }
  result.seconds = elapsed();
  return result;
}

const char* kept(Verdict verdict) {
  return verdict == Verdict::slower ? "BEHIND" : verdict == Verdict::inconclusive ? "INCONCLUSIVE" : "KEPT";
}

reports::Table at_least_table(const AtLeast& result, double tolerance, std::size_t most) {
  reports::Table table{.name = "peers", .title = "Speed, ours against peers"};
  table.facts = {{.name = "at_least",
                  .heading = "at least",
                  .cell = Cell(result.share).as(fmt::format("{:g} of the peer's speed", result.share))},
                 {.name = "within_ulp",
                  .heading = "peers within",
                  .cell = Cell(result.within_ulp).as(fmt::format("{:g} ULP", result.within_ulp))}};
  table.columns = kernel_columns();
  const reports::Column others[] = {
      {.name = "peer"},
      {.name = "verdict"},
      {.name = "share", .heading = "speed ÷ peer's", .display = Display::decimals, .digits = 3, .right = true},
      {.name = "share_low", .heading = "from", .display = Display::decimals, .digits = 3, .right = true},
      {.name = "share_high", .heading = "to", .display = Display::decimals, .digits = 3, .right = true},
      {.name = "ours_ns", .heading = "ours", .unit = "ns", .display = Display::significant, .digits = 4, .right = true},
      {.name = "peer_ns", .heading = "peer", .unit = "ns", .display = Display::significant, .digits = 4, .right = true},
      {.name = "peer_ulp", .heading = "peer's ULP", .right = true},
      {.name = "launches", .right = true}};
  table.columns.insert(table.columns.end(), std::begin(others), std::end(others));
  std::vector<const AgainstPeer*> order;
  for (const AgainstPeer& row : result.rows) order.push_back(&row);
  std::stable_sort(order.begin(), order.end(), [](const AgainstPeer* a, const AgainstPeer* b) {
    return std::pair(badness(a->speed.verdict), a->speed.median) >
           std::pair(badness(b->speed.verdict), b->speed.median);
  });
  for (const AgainstPeer* row : order) {
    if (table.rows.size() >= most) break;
    const Comparison& c = row->speed;
    std::vector<Cell> cells = kernel_cells(*row->ours);
    const Emphasis emphasis = c.verdict == Verdict::slower         ? Emphasis::bad
                              : c.verdict == Verdict::inconclusive ? Emphasis::faint
                                                                   : Emphasis::plain;
    for (Cell cell : {Cell(row->peer), Cell(kept(c.verdict)).with(emphasis), Cell(share_of(c.median)),
                      Cell(share_of(c.limits.high)), Cell(share_of(c.limits.low)), Cell(c.head_ns), Cell(c.base_ns),
                      Cell(row->max_ulp).as(ulp_text(row->max_ulp)), Cell(static_cast<std::uint64_t>(c.values.size()))})
      cells.push_back(std::move(cell));
    table.rows.push_back(std::move(cells));
  }
  if (order.size() > table.rows.size())
    table.notes.push_back(
        fmt::format("{} more, none of them worse.", reports::counted(order.size() - table.rows.size(), "row")));
  table.notes.push_back(fmt::format(
      "{} compared in {}: {} kept, {} behind, {} inconclusive.",
      reports::counted(order.size(), "pair of a kernel and a peer was", "pairs of a kernel and a peer were"),
      reports::duration(result.seconds), how_many(result, Verdict::same) + how_many(result, Verdict::faster),
      how_many(result, Verdict::slower), how_many(result, Verdict::inconclusive)));
  table.notes.push_back(fmt::format(
      "A kernel is behind if its speed is proven to be below {:g} of the peer's, by more than {:g} %, a third of the "
      "tolerance; it keeps that share if its speed is proven not to be below it by {:g} %. \"From\" and \"to\" hold the "
      "median with 99 % probability. Peers whose error is found to be larger than {:g} ULP, infinite "
      "ones among them, do not count.",
      result.share, 100 * tolerance / 3, 200 * tolerance / 3, result.within_ulp));
  if (result.far_slower > 0) {
    table.notes.push_back(
        fmt::format("{} left out: in a first launch, which counts for nothing else, the peer took more than twice the "
                    "time that the share allows. The quickest peer of each kernel is never left out.",
                    reports::counted(result.far_slower, "pair was", "pairs were")));
  }
  for (const std::string& sentence : result.without) table.notes.push_back(sentence + ".");
  return table;
}

std::string why_nothing_said(const AtLeast& result) {
  if (result.rows.empty())
    return fmt::format(
        "--at-least compared nothing: {}",
        result.without.empty() ? "there is no kernel that promises errors within the bound" : result.without[0]);
  if (how_many(result, Verdict::inconclusive) < result.rows.size()) return {};
  if (result.launches >= result.least_launches)
    return fmt::format(
        "--at-least could judge no pair of a kernel and a peer in {} launches: give a larger --budget or --tolerance, or "
        "choose fewer kernels",
        result.launches);
  return fmt::format(
      "--at-least could judge no pair of a kernel and a peer: the budget was enough for {} of the {} launches that a "
      "verdict takes at least; give a larger --budget, or choose fewer kernels",
      result.launches, result.least_launches);
}

}  // namespace actbench::bench::gate
