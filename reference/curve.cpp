// SPDX-License-Identifier: Apache-2.0
//
// The proofs. Jets over intervals (jet.hpp) enclose a curve: over an open cell with middle m, for t = x - m,
//
//   h(x) ∈ c₀(m) + c₁(m)t + … + cₙ₋₁(m)tⁿ⁻¹ + Cₙ tⁿ,
//
// where c is at the middle and C over the whole cell, and likewise for h' and h''. The intersection of this for n = 8,
// of the mean value form and of C itself encloses the value, the slope and the bend over the cell.
//
// The line is cut into cells:
// - A cell whose slope has one sign is a monotone piece.
// - Where the bend has one sign, the slope has at most one zero. Newton's iteration finds it, and two points a few
//   units in the last place apart, where the slope has opposite signs, prove it.
// - Any other cell is halved, down to 2^-20 (of max(1, |x|)). A cell of that size remains open, with its value
//   enclosed. Such cells are next to zeros of the slope of higher order, as that of a gap between functions with the
//   same Taylor series.
// So the line consists of monotone pieces and small open ones, in order, with nothing left out. There is an extremum
// where the slope's sign differs before and after. There is a zero on a monotone piece where the signs of its ends
// differ, and just one. The largest size is at an end of a piece, or within an open one.
//
// Towards infinity, cells grow: [16, 256], [256, 65536], … up to the largest double. A cell beyond 16 needs no closer
// look if its size is at most 2^-100 of what was met elsewhere, or if it changes by no more than that. That ends the
// tails of all pairs that approach each other exponentially: the jets have the asymptotes of both apart from the rests
// (forms.hpp), so that they cancel exactly. Beyond the largest double the bound of the last cell still holds: rests
// there are |x|·e^-|x| or less, which falls.
//
// At kinks and steps, comparisons within a cell are undecided, and jets hold no derivatives. Halving ends at cells of
// some units in the last place around them, whose value is enclosed. Where the kink is a double of few digits, as 0 or
// 3, cells end there, and no such cell is needed. The ends of pieces are then seen as limits, from within the piece.
#include "reference/curve.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include "reference/curve_model.hpp"

namespace actbench::reference {
namespace {

/// The k-th derivative at the point.
Interval derivative_at(const Curve& curve, double x, int k) {
  Interval v = model_of(curve, point(x)).jet.c[static_cast<std::size_t>(k)];
  for (int i = 2; i <= k; ++i) v = v * Interval(i);
  return v;
}

/// A curve over the open cell (low, high).
class Cell {
 public:
  Cell(const Curve& curve, double low, double high)
      : over_(model_of(curve, Interval(Bound(low), Bound(high)))), middle_(low + (high - low) / 2) {
    // Beside a kink, an end belongs to the other side, so that the middle must lie within.
    centred_ = !over_.forked && middle_ > low && middle_ < high;
    if (!centred_) return;
    at_middle_ = model_of(curve, point(middle_)).jet;
    offset_ = Interval(Bound(low), Bound(high)) - point(middle_);
  }
  bool forked() const { return over_.forked; }
  double middle() const { return middle_; }

  /// The k-th derivative, k <= 2; of a forked cell only the value.
  Interval bound(int k) const {
    const auto at = static_cast<std::size_t>(k);
    if (over_.forked) return over_.jet.c[0];
    Interval best = over_.jet.c[at] * factor(k, k);
    if (!centred_) return best;
    for (const int n : {k + 1, Jet::order}) {
      // Horner's scheme over the powers of the offset that the k-th derivative leaves.
      Interval sum = over_.jet.c[static_cast<std::size_t>(n)] * factor(n, k);
      for (int j = n - 1; j >= k; --j) {
        sum = sum * offset_ + at_middle_.c[static_cast<std::size_t>(j)] * factor(j, k);
      }
      best = intersection(best, sum);
    }
    if (best.low > best.high) throw std::logic_error("enclosures of one function do not meet");
    return best;
  }

 private:
  /// n!/(n - k)!
  static Interval factor(int n, int k) { return Interval(k == 0 ? 1 : k == 1 ? n : n * (n - 1)); }

  CurveModel over_;
  Jet at_middle_;
  Interval offset_;
  double middle_;
  bool centred_ = false;
};

enum class Way : signed char { falling = -1, constant = 0, rising = 1, open = 2 };

struct Piece {
  double low, high;
  Way way;
  Interval value{};  ///< of open and of constant ones
  bool simple = false, negligible = false;
};

double scale_of(double x) { return std::max(1.0, std::abs(x)); }

class Search {
 public:
  Search(const Curve& curve, double from, double to, std::size_t most_cells)
      : curve_(curve), from_(from), to_(to), most_cells_(most_cells) {
    const Interval whole{Bound(from), Bound(to)};
    kinked_ = model_of(curve, whole).forked;
  }

  Analysis run() {
    cut();
    merge();
    collect();
    return std::move(found_);
  }

 private:
  void cut() {
    std::vector<double> ends{from_, to_};
    if (kinked_) ends.push_back(0);
    for (double size : {1.0, 2.0, 4.0, 16.0, 256.0, 0x1p16, 0x1p32, 0x1p64, 0x1p128, 0x1p256, 0x1p512}) {
      ends.push_back(size);
      ends.push_back(-size);
    }
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
    std::erase_if(ends, [&](double end) { return end < from_ || end > to_; });
    for (int i = 1; i < 64; ++i) meet(inner(i / 64.0));
    if (met_ == 0 && curve_.kind != Curve::Kind::single) {
      throw Undecided("the two functions are the same, as far as 50 digits can tell");
    }
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      std::vector<std::pair<double, double>> stack{{ends[i], ends[i + 1]}};
      while (!stack.empty()) {
        const auto [low, high] = stack.back();
        stack.pop_back();
        if (++cells_ > most_cells_) throw Undecided("the curve changes its slope in too many places for a proof");
        if (settle(low, high)) continue;
        if (low < 0 && high > 0 && !kinked_) {  // symmetric functions have an extremum at 0, which is no place to cut
          const double inner = std::min(-low, high) / 2;
          stack.emplace_back(inner, high);
          stack.emplace_back(-inner, inner);
          stack.emplace_back(low, -inner);
          continue;
        }
        const double middle = split_of(low, high);
        stack.emplace_back(middle, high);
        stack.emplace_back(low, middle);
      }
    }
  }

  /// A point of the range's middle part.
  double inner(double t) const {
    const double low = std::max(from_, -8.0), high = std::min(to_, 8.0);
    return low < high ? low + t * (high - low) : from_ + t * (to_ - from_);
  }

  void meet(double x) {
    const Bound size = least_size(model_of(curve_, point(x)).jet.c[0]);
    if (size > met_) met_ = size;
  }

  static double split_of(double low, double high) {
    if (low < 0 && high > 0) return 0;
    const double a = std::abs(low), b = std::abs(high), small = std::min(a, b), big = std::max(a, b);
    if (small >= 4 && big / small >= 8)
      return std::copysign(std::exp2(std::round(std::log2(small) / 2 + std::log2(big) / 2)), low);
    return low + (high - low) / 2;
  }

  void add(Piece piece) { pieces_.push_back(std::move(piece)); }

  /// Adds the cell's pieces. False where the cell has to be halved.
  bool settle(double low, double high) {
    const Cell cell(curve_, low, high);
    const Interval value = cell.bound(0);
    const double near = std::min(std::abs(low), std::abs(high));
    const Bound small = ldexp(met_, -100);
    if (near >= 16 && low * high > 0 && (size_bound(value) <= small || value.high - value.low <= small)) {
      add({low, high, Way::open, value, false, true});
      return true;
    }
    if (!cell.forked()) {
      const Interval slope = cell.bound(1);
      if (slope.low == 0 && slope.high == 0) return add({low, high, Way::constant, value}), true;
      if (slope.low >= 0) return add({low, high, Way::rising}), true;
      if (slope.high <= 0) return add({low, high, Way::falling}), true;
      // The slope of a curve that is constant as far as 50 digits can tell has no sign.
      const Bound size = size_bound(value);
      if (!isinf(size) && value.high - value.low <= ldexp(size, -140)) {
        return add({low, high, Way::constant, value}), true;
      }
      const int bend = cell.bound(2).sign();
      if (bend != 0 && isolate(low, high, bend)) return true;
    }
    const double width = high - low, scale = scale_of(cell.middle());
    if (width <= (cell.forked() ? 0x1p-50 : 0x1p-20) * scale || split_of(low, high) == low ||
        split_of(low, high) == high) {
      add({low, high, Way::open, value});
      return true;
    }
    return false;
  }

  /// Where the bend has one sign: finds and brackets the zero of the slope. False where it is not well within the cell.
  bool isolate(double low, double high, int bend) {
    double p = low + (high - low) / 2;
    for (int i = 0; i < 50; ++i) {
      const Jet jet = model_of(curve_, point(p)).jet;
      const double slope = static_cast<double>(jet.c[1].low), twice = 2 * static_cast<double>(jet.c[2].low);
      const double next = p - slope / twice;
      if (!(next > low && next < high)) return false;
      const bool done = std::abs(next - p) <= 4e-16 * std::abs(p);
      p = next;
      if (done) break;
    }
    const double step = std::max(std::abs(p) * 0x1p-51, 0x1p-80), a = p - step, b = p + step;
    if (!(a > low && b < high)) return false;
    if (derivative_at(curve_, a, 1).sign() != -bend || derivative_at(curve_, b, 1).sign() != bend) return false;
    const Way before = bend > 0 ? Way::falling : Way::rising, after = bend > 0 ? Way::rising : Way::falling;
    add({low, a, before});
    add({a, b, Way::open, Cell(curve_, a, b).bound(0), true});
    add({b, high, after});
    return true;
  }

  /// Joins neighbouring pieces of the same kind, but no monotone ones of curves with kinks: a step may lie between.
  void merge() {
    found_.pieces = pieces_.size();
    std::vector<Piece> merged;
    for (Piece& piece : pieces_) {
      const bool joins = !merged.empty() && merged.back().way == piece.way &&
                         merged.back().negligible == piece.negligible && !merged.back().simple && !piece.simple &&
                         (piece.way == Way::open || !kinked_);
      if (!joins) {
        merged.push_back(std::move(piece));
        continue;
      }
      merged.back().high = piece.high;
      if (piece.way == Way::open || piece.way == Way::constant) {
        merged.back().value = hull(merged.back().value, piece.value);
      }
    }
    pieces_ = std::move(merged);
  }

  /// h at the end of a monotone piece: its limit there from within.
  Interval limit(const Piece& piece, bool left) const {
    const double end = left ? piece.low : piece.high;
    if (!kinked_) return model_of(curve_, point(end)).jet.c[0];
    const double step = std::min(std::max(std::abs(end) * 0x1p-51, 0x1p-90), (piece.high - piece.low) / 2);
    return left ? Cell(curve_, end, end + step).bound(0) : Cell(curve_, end - step, end).bound(0);
  }

  /// The one zero on a monotone piece with these signs at its ends.
  Bracket zero_within(double low, double high, int sign_low) const {
    // The last double with the one sign, then the first with the other. Between them are doubles without a sign: an
    // exact zero, and places where 50 digits cannot tell.
    const auto boundary = [&](double a, double b, auto&& belongs_to_a) {
      while (true) {
        const double middle = split_of(a, b);
        if (!(middle > a && middle < b)) return Bracket{a, b};
        (belongs_to_a(sign_at(middle)) ? a : b) = middle;
      }
    };
    if (low < 0 && high > 0 && is_zero_at(0)) return {0, 0};
    const Bracket first = boundary(low, high, [&](int sign) { return sign == sign_low; });
    if (is_zero_at(first.high)) return {first.high, first.high};
    const Bracket second = boundary(first.low, high, [&](int sign) { return sign != -sign_low; });
    return {first.low, second.high};
  }
  int sign_at(double x) const { return model_of(curve_, point(x)).jet.c[0].sign(); }
  bool is_zero_at(double x) const {
    const Interval v = model_of(curve_, point(x)).jet.c[0];
    return v.low == 0 && v.high == 0;
  }

  void candidate(double low, double high, const Interval& value) {
    candidates_.push_back({{low, high}, value});
    const Bound least = least_size(value), most = size_bound(value);
    if (least > least_) least_ = least;
    if (most > most_) most_ = most;
  }

  void see_sign(double at, int sign, bool within, double low) {
    if (sign == 0) return;
    if (last_sign_ != 0 && sign != last_sign_) {
      const Bracket place = within ? zero_within(low, at, last_sign_) : Bracket{last_sign_at_, at};
      found_.sign_changes.push_back({place, sign});
    }
    last_sign_ = sign;
    last_sign_at_ = at;
  }

  void collect() {
    found_.looked_from = from_;
    found_.looked_to = to_;
    const Piece* last = nullptr;  // monotone
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      const Piece& piece = pieces_[i];
      if (piece.negligible) {
        found_.beyond = std::max(found_.beyond, bracket_of({Bound(0), size_bound(piece.value)}).high);
        (piece.high <= 0 ? found_.looked_from : found_.looked_to) =
            piece.high <= 0 ? piece.high : std::min(found_.looked_to, piece.low);
      }
      if (kinked_ && i > 0) candidate(piece.low, piece.low, model_of(curve_, point(piece.low)).jet.c[0]);
      if (piece.way == Way::open) {
        candidate(piece.low, piece.high, piece.value);
        continue;
      }
      const Interval left = limit(piece, true), right = limit(piece, false);
      if (piece.way == Way::constant) {
        candidate(piece.low, piece.high, hull(piece.value, left));
      } else {
        candidate(piece.low, piece.low, left);
        candidate(piece.high, piece.high, right);
      }
      // A piece that is zero at one end has the sign of the other end all over.
      const int sign_left = left.sign() != 0 ? left.sign() : right.sign();
      see_sign(piece.low, sign_left, false, 0);
      see_sign(piece.high, right.sign() != 0 ? right.sign() : sign_left, true, piece.low);
      if (piece.way == Way::constant) continue;
      if (last != nullptr && last->way != piece.way) add_extremum(*last, piece);
      last = &piece;
    }
    found_.largest = bracket_of({least_, most_});
    for (const auto& [at, value] : candidates_) {
      if (size_bound(value) < least_) continue;
      // The ends of neighbouring pieces are one place.
      if (!found_.peaks.empty() && at.low <= found_.peaks.back().at.high + 0x1p-48 * scale_of(at.low)) {
        Peak& peak = found_.peaks.back();
        peak.at.high = std::max(peak.at.high, at.high);
        const Bracket more = bracket_of(value);
        peak.value = {std::min(peak.value.low, more.low), std::max(peak.value.high, more.high)};
        continue;
      }
      found_.peaks.push_back({at, bracket_of(value)});
    }
    for (const Peak& peak : found_.peaks) {
      if (peak.at.low <= from_ || peak.at.high >= to_) found_.at_end = true;
    }
  }

  void add_extremum(const Piece& before, const Piece& after) {
    Extremum extremum{{before.high, after.low}, {}, before.way == Way::rising, true};
    std::optional<Interval> value;
    const auto take = [&](const Interval& v) { value = value ? hull(*value, v) : v; };
    for (const Piece* piece = &before + 1; piece != &after; ++piece) {
      extremum.simple = piece->simple && piece == &before + 1;
      take(piece->way == Way::open ? piece->value : limit(*piece, true));
    }
    if (&before + 1 == &after) {
      take(limit(before, false));
      if (kinked_) take(limit(after, true));
    }
    extremum.value = bracket_of(*value);
    found_.extrema.push_back(extremum);
  }

  const Curve& curve_;
  double from_, to_;
  std::size_t most_cells_, cells_ = 0;
  bool kinked_ = false;
  Bound met_{0};  ///< a size that |h| reaches
  std::vector<Piece> pieces_;
  std::vector<std::pair<Bracket, Interval>> candidates_;  ///< for the largest size
  Bound least_{0}, most_{0};
  int last_sign_ = 0;
  double last_sign_at_ = 0;
  Analysis found_;
};

}  // namespace

Analysis analyse(const Curve& curve, double from, double to, std::size_t most_cells) {
  if (!(from < to) || std::isinf(from) || std::isinf(to))
    throw std::invalid_argument("analyse: a finite range is needed");
  return Search(curve, from, to, most_cells).run();
}

int verdict(const Analysis& analysis, const Bracket& claimed) {
  if (claimed.low <= analysis.largest.low && analysis.largest.high <= claimed.high) return 1;
  if (claimed.high < analysis.largest.low || claimed.low > analysis.largest.high) return -1;
  return 0;
}

Bracket value_at(const Curve& curve, double x) { return coefficient_at(curve, x, 0); }

Bracket coefficient_at(const Curve& curve, double x, int k) {
  return bracket_of(model_of(curve, point(x)).jet.c.at(static_cast<std::size_t>(k)));
}

std::string ratio_at(const Term& f, const Term& g, double x, int digits) {
  const Jet above = model_of(single(f), point(x)).jet, below = model_of(single(g), point(x)).jet;
  const Interval v = above.c[0] / below.c[0];
  std::string text(static_cast<std::size_t>(digits) + 32, '\0');
  const Bound middle = (v.low + v.high) / 2;
  text.resize(
      static_cast<std::size_t>(mpfr_snprintf(text.data(), text.size(), "%.*RNe", digits - 1, middle.backend().data())));
  return text;
}

Bracket root_two_over_pi_bracket() { return bracket_of(root_two_over_pi<Jet>().c[0]); }

Bracket cubic_coefficient(const Term& f) {
  const Jet zero = Jet::variable(point(0)), scale = root_two_over_pi<Jet>();
  const Anchored<Jet> sum = enclose(*f.function, f.parameters, point(0)).sum;
  const auto form = [&](int c) { return (zero * tanh(scale * (zero + Jet(c) * zero * zero * zero)) / Jet(2)).c[4]; };
  const Interval at_zero = form(0), at_one = form(1);
  return bracket_of(((sum.anchor + sum.rest).c[4] - at_zero) / (at_one - at_zero));
}

Bracket relative_beside_zero(const Term& f, const Term& g, double low, double high) {
  const Curve apart = difference(f, g), below = single(g);
  const Cell above_cell(apart, low, high), below_cell(below, low, high);
  if (above_cell.forked() || below_cell.forked()) throw Undecided("no derivative beside zero");
  return bracket_of(above_cell.bound(1) / below_cell.bound(1));
}

}  // namespace actbench::reference
