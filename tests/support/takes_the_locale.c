/* SPDX-License-Identifier: Apache-2.0
 *
 * A shared library that, as it is loaded, gives the process the locale that its user has, as toolkits for windows do.
 */
#include <locale.h>

__attribute__((constructor)) static void take_the_locale(void) { setlocale(LC_ALL, ""); }
