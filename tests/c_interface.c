/* SPDX-License-Identifier: Apache-2.0
 *
 * The C interface as C11 sees it. Exits with 0 where every check holds; names the others.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "actbench/actbench.h"

static int failures = 0;

static void check(int holds, const char* what, int line) {
  if (holds) return;
  ++failures;
  fprintf(stderr, "line %d: %s does not hold; last message: \"%s\"\n", line, what, actbench_error_message());
}
#define CHECK(condition) check((condition), #condition, __LINE__)

static int message_has(const char* text) { return strstr(actbench_error_message(), text) != NULL; }

static const actbench_kernel* must_find(const char* identity) {
  const actbench_kernel* kernel = NULL;
  CHECK(actbench_find(identity, &kernel) == ACTBENCH_OK);
  CHECK(kernel != NULL);
  return kernel;
}

static void finds_by_identity(void) {
  const size_t count = actbench_kernel_count();
  CHECK(count > 0);
  for (size_t i = 0; i < count; ++i) {
    const actbench_kernel* const kernel = actbench_kernel_at(i);
    CHECK(kernel != NULL);
    actbench_kernel_info info;
    CHECK(actbench_describe(kernel, &info) == ACTBENCH_OK);
    const actbench_kernel* found = NULL;
    CHECK(actbench_find(info.identity, &found) == ACTBENCH_OK);
    CHECK(found == kernel);
    char identity[200];
    snprintf(identity, sizeof identity, "%s/%s/%s/%s/%s", info.activation, info.direction, info.type, info.tier,
             info.backend);
    CHECK(strcmp(identity, info.identity) == 0);
    CHECK(info.formula[0] != '\0');
    CHECK(info.element_size == 2 || info.element_size == 4 || info.element_size == 8);
    CHECK(info.promised_ulp > 0);
    CHECK(info.parameter_count <= 4);
    for (size_t p = 0; p < info.parameter_count; ++p) CHECK(info.parameter_names[p][0] != '\0');
  }
  CHECK(actbench_kernel_at(count) == NULL);
  CHECK(actbench_kernel_at(SIZE_MAX) == NULL);
}

static void finds_the_best_backend(void) {
  actbench_kernel_info info;
  CHECK(actbench_describe(must_find("gelu/forward/f32/accurate/best"), &info) == ACTBENCH_OK);
  CHECK(info.unrunnable_reason == NULL);
  CHECK(strcmp(info.activation, "gelu") == 0 && strcmp(info.tier, "accurate") == 0);
  const char* const wider[] = {"gelu/forward/f32/accurate/avx512", "gelu/forward/f32/accurate/avx2"};
  for (int i = 0; i < 2 && strcmp(info.identity, wider[i]) != 0; ++i) {
    actbench_kernel_info other;
    CHECK(actbench_describe(must_find(wider[i]), &other) == ACTBENCH_OK);
    CHECK(other.unrunnable_reason != NULL);
  }
}

static void explains_what_it_does_not_find(void) {
  const char* const absent[] = {"",
                                "gelu",
                                "gleu/forward/f32/accurate/scalar",
                                "gelu/forwards/f32/accurate/scalar",
                                "gelu/forward/float/accurate/scalar",
                                "gelu/forward/f32/exact/scalar",
                                "gelu/forward/f32/accurate/sse",
                                "gelu/forward/f32/accurate/scalar/",
                                "gleu/forward/f32/accurate/best",
                                "best",
                                "/best"};
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; ++i) {
    const actbench_kernel* kernel = actbench_kernel_at(0);
    CHECK(actbench_find(absent[i], &kernel) == ACTBENCH_NOT_FOUND);
    CHECK(kernel == NULL);
    CHECK(message_has(absent[i]));
    CHECK(message_has("activation/direction/type/tier/backend"));
  }
  const actbench_kernel* kernel = NULL;
  CHECK(actbench_find(NULL, &kernel) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_find("gelu/forward/f32/accurate/scalar", NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("null"));
}

static void applies(void) {
  const actbench_kernel* const relu = must_find("relu/forward/f32/accurate/scalar");
  const float x[4] = {-1.0f, 0.5f, 2.0f, -INFINITY};
  float y[5] = {9.0f, 9.0f, 9.0f, 9.0f, 9.0f};
  CHECK(actbench_apply(relu, x, y, 4, NULL) == ACTBENCH_OK);
  CHECK(y[0] == 0.0f && y[1] == 0.5f && y[2] == 2.0f && y[3] == 0.0f && y[4] == 9.0f);

  float z[3] = {0.0f, INFINITY, -30.0f};
  CHECK(actbench_apply(must_find("sigmoid/forward/f32/accurate/best"), z, z, 3, NULL) == ACTBENCH_OK);
  CHECK(z[0] == 0.5f && z[1] == 1.0f && z[2] == 0x1.a56e0cp-44f);

  CHECK(actbench_apply(relu, NULL, NULL, 0, NULL) == ACTBENCH_OK);
  CHECK(actbench_apply(relu, NULL, y, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("null"));
  CHECK(actbench_apply(relu, x, NULL, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_apply(NULL, x, y, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(y[0] == 0.0f);
}

static void takes_parameters(void) {
  const actbench_kernel* const leaky = must_find("leaky_relu/forward/f32/accurate/scalar");
  const float x = -2.0f;
  float y = 9.0f;
  CHECK(actbench_apply(leaky, &x, &y, 1, NULL) == ACTBENCH_OK);
  CHECK(y == -2.0f * 0.01f);
  const double half = 0.5;
  CHECK(actbench_apply(leaky, &x, &y, 1, &half) == ACTBENCH_OK);
  CHECK(y == -1.0f);
  /* Rounded to the kernel's type before use. */
  const double tenth = 0.1;
  CHECK(actbench_apply(leaky, &x, &y, 1, &tenth) == ACTBENCH_OK);
  CHECK(y == -2.0f * 0.1f);

  y = 9.0f;
  const double bad[] = {INFINITY, -INFINITY, NAN, 1e300};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
    CHECK(actbench_apply(leaky, &x, &y, 1, &bad[i]) == ACTBENCH_BAD_ARGUMENT);
    CHECK(message_has("alpha") && message_has("leaky_relu"));
  }
  const double zeros[] = {0.0, -0.0, 1e-60};
  for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; ++i) {
    CHECK(actbench_apply(must_find("celu/forward/f32/accurate/scalar"), &x, &y, 1, &zeros[i]) == ACTBENCH_BAD_ARGUMENT);
    CHECK(message_has("alpha") && message_has("celu"));
  }
  const double sigma[2] = {0.0, -1.0};
  CHECK(actbench_apply(must_find("gelu_normal/forward/f32/accurate/scalar"), &x, &y, 1, sigma) ==
        ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("sigma"));
  CHECK(y == 9.0f);
}

static void refuses_what_cannot_run(void) {
  const float x = 1.0f;
  for (size_t i = 0; i < actbench_kernel_count(); ++i) {
    const actbench_kernel* const kernel = actbench_kernel_at(i);
    actbench_kernel_info info;
    CHECK(actbench_describe(kernel, &info) == ACTBENCH_OK);
    if (info.unrunnable_reason == NULL || info.element_size != sizeof x) continue;
    float y = 9.0f;
    CHECK(actbench_apply(kernel, &x, &y, 1, NULL) == ACTBENCH_NOT_RUNNABLE);
    CHECK(message_has(info.identity) && message_has(info.unrunnable_reason));
    CHECK(y == 9.0f);
  }
}

static void describes_with_errors(void) {
  actbench_kernel_info info;
  CHECK(actbench_describe(NULL, &info) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_describe(actbench_kernel_at(0), NULL) == ACTBENCH_BAD_ARGUMENT);
  int major = -1, minor = -1, patch = -1;
  CHECK(sscanf(actbench_version(), "%d.%d.%d", &major, &minor, &patch) == 3);
  CHECK(major >= 0 && minor >= 0 && patch >= 0);
}

int main(void) {
  CHECK(strcmp(actbench_error_message(), "") == 0);
  finds_by_identity();
  finds_the_best_backend();
  explains_what_it_does_not_find();
  applies();
  takes_parameters();
  refuses_what_cannot_run();
  describes_with_errors();
  if (failures > 0) fprintf(stderr, "%d checks failed\n", failures);
  return failures > 0;
}
