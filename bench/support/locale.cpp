// SPDX-License-Identifier: Apache-2.0
#include "bench/support/locale.hpp"

namespace actbench::bench {
namespace {

locale_t plain() {
  static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return locale;
}

}  // namespace

PlainLocale::PlainLocale() : before_(uselocale(plain())) {}
PlainLocale::~PlainLocale() { uselocale(before_); }

}  // namespace actbench::bench
