// SPDX-License-Identifier: Apache-2.0
//
// What activation functions are like, in numbers: range and extrema, slope, symmetry, the output for a standard normal
// input, where the slope vanishes, how smooth the function is. Everything comes from the references, for any activation
// and parameters alike: bounds from the definition over intervals (reference/profile.hpp, reference/curve.hpp), numbers
// and limits exactly.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actbench/kernels.hpp"
#include "reference/profile.hpp"
#include "reports/plot.hpp"
#include "reports/table.hpp"

namespace actbench::bench {

inline constexpr Type every_type[] = {Type::f32, Type::f64, Type::f16, Type::bf16};
inline constexpr std::size_t type_count = 4;

/// The distance from 1 to the next number of a type, and the largest number that the type rounds to 0.
double epsilon_of(Type);
double largest_rounded_to_zero(Type);

/// Going outwards from 0, the first number of a type from which on |f'| stays below a bound. Nothing where it never
/// does; the infinity of the other side where it does on the whole line.
using Place = std::optional<double>;

struct Saturation {
  Place hundredth;                        ///< |f'| < 0.01; a double
  std::array<Place, type_count> epsilon;  ///< |f'| < the type's epsilon
  std::array<Place, type_count> zero;     ///< f' rounds to 0
};

/// Where a function turns: a strict local minimum or maximum.
struct Turn {
  double at, value;
  bool minimum;
};

enum class Course : unsigned char { constant, rising, falling, neither };
enum class Symmetry : unsigned char { odd, even, neither };

struct Properties {
  const Activation* activation = nullptr;
  std::vector<double> parameters{};

  reference::Extreme least{}, greatest{};  ///< of f
  std::vector<Turn> turns{};
  std::vector<reference::Stretch> slopes{};  ///< the signs of f'
  Course course{};
  bool strictly = false;  ///< rising or falling without a flat stretch
  Symmetry symmetry{};
  reference::Bracket mean{}, mean_square{}, variance{}, slope_square{};  ///< E f(Z), E f(Z)², Var f(Z), E f'(Z)²
  double zero_probability = 0;                                           ///< P(f(Z) = 0)
  reference::Extreme least_slope{}, greatest_slope{}, steepest{};        ///< inf f', sup f', sup |f'|
  std::vector<reference::Break> breaks{};
  int smoothness = -1;                           ///< f is in C^k, -1: it jumps; smooth where there are no breaks
  std::vector<reference::Stretch> dead{};        ///< where f' = 0 throughout; ends may be infinite
  std::array<double, 2> limit{}, slope_limit{};  ///< of f and f' towards -∞ and +∞
  std::array<Saturation, 2> saturation{};        ///< towards -∞ and +∞

  bool jumps() const { return smoothness < 0; }
  /// Z has a mean of 0, and so has f(Z), as far as the bounds can tell.
  bool zero_centred() const { return mean.contains(0); }
  /// sup |f(x) - f(y)|/|x - y|: infinite where f jumps.
  double lipschitz() const;
};

/// parameters: as many as the activation has.
Properties properties_of(const Activation&, std::span<const double> parameters);
/// Of several activations, on all CPUs. The calling thread reports progress. Throws as parallel().
std::vector<Properties> properties_of(std::span<const Activation* const>,
                                      std::span<const std::vector<double>> parameters, unsigned threads,
                                      const std::function<void(double)>& progress);

/// The least number of layers L for which factor^L rounds to 0 in the type; nothing where it never does.
std::optional<double> vanishing_depth(double factor, Type);

/// Every activation that has kernels, in the table's order.
std::vector<const Activation*> every_activation();

/// Tables for people, and for machines a row for each number.
std::vector<reports::Table> properties_tables(std::span<const Properties>);
reports::Table properties_records(std::span<const Properties>);
/// f and f' in one small picture.
reports::Figure properties_figure(const Properties&);
/// "0.282094791773878 ± 6e-15"
std::string bounded_text(const reference::Bracket&, int digits);
/// What stands out, as a list in Markdown.
std::string properties_in_short(std::span<const Properties>);

}  // namespace actbench::bench
