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
    const size_t size = strcmp(info.type, "f64") == 0 ? 8 : strcmp(info.type, "f32") == 0 ? 4 : 2;
    CHECK(info.element_size == size);
    const int gated = strcmp(info.shape, "gated") == 0;
    CHECK(gated || strcmp(info.shape, "elementwise") == 0 || strcmp(info.shape, "rows") == 0);
    CHECK(info.takes_dy == (strcmp(info.direction, "forward") != 0 && strcmp(info.direction, "derivative") != 0));
    CHECK(info.takes_a == (gated && strcmp(info.direction, "gradient_a") != 0));
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
  /* An identity; what the message says is unknown; something that it lists instead. */
  const char* const absent[][3] = {
      {"", "no activation \"\"", "gelu"},
      {"gelu", "gelu has no direction \"\"", "forward"},
      {"gleu/forward/f32/accurate/scalar", "no activation \"gleu\"", "gelu"},
      {"gelu/forwards/f32/accurate/scalar", "gelu has no direction \"forwards\"", "forward"},
      {"gelu/forward/float/accurate/scalar", "gelu/forward has no type \"float\"", "f32"},
      {"gelu/forward/f32/exact/scalar", "gelu/forward/f32 has no tier \"exact\"", "naive, fast, accurate"},
      {"gelu/forward/f32/accurate/sse", "accurate has no backend \"sse\"", "scalar, avx2"},
      {"gelu/forward/f32/accurate/scalar/", "more parts", "five"},
      {"gleu/forward/f32/accurate/best", "no activation \"gleu\"", "gelu"},
      {"gelu/alpha_gradient/f32/accurate/best", "gelu has no direction", "forward"},
      {"best", "no activation \"best\"", "gelu"},
      {"/best", "no activation \"\"", "gelu"}};
  for (size_t i = 0; i < sizeof absent / sizeof absent[0]; ++i) {
    const actbench_kernel* kernel = actbench_kernel_at(0);
    CHECK(actbench_find(absent[i][0], &kernel) == ACTBENCH_NOT_FOUND);
    CHECK(kernel == NULL);
    for (size_t part = 0; part < 3; ++part) CHECK(message_has(absent[i][part]));
    CHECK(message_has("activation/direction/type/tier/backend"));
  }
  const actbench_kernel* kernel = NULL;
  CHECK(actbench_find(NULL, &kernel) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_find("gelu/forward/f32/accurate/scalar", NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("null"));
}

static void applies_rows(void) {
  const actbench_kernel* const softmax = must_find("softmax/forward/f32/accurate/scalar");
  const float x[6] = {3.0f, 3.0f, -INFINITY, 1.0f, 1.0f, 1.0f};
  float y[7] = {9.0f, 9.0f, 9.0f, 9.0f, 9.0f, 9.0f, 9.0f};
  CHECK(actbench_apply_rows(softmax, x, NULL, y, 3, 2) == ACTBENCH_OK);
  CHECK(y[0] == 0.5f && y[1] == 0.5f && y[2] == 0.0f && y[3] == 1.0f && y[4] == 0.5f && y[5] == 0.5f && y[6] == 9.0f);
  CHECK(actbench_apply_rows(softmax, x, NULL, y, 1, 3) == ACTBENCH_OK);
  CHECK(y[0] == 0.5f && y[1] == 0.5f && y[2] == 0.0f);

  const actbench_kernel* const gradient = must_find("softmax/backward/f32/accurate/best");
  const float dy[2] = {1.0f, 0.0f};
  float dx[2];
  CHECK(actbench_apply_rows(gradient, y, dy, dx, 1, 2) == ACTBENCH_OK);
  CHECK(dx[0] == 0.25f && dx[1] == -0.25f);

  /* Each function says which one takes the kernel. */
  CHECK(actbench_apply(softmax, x, y, 6, NULL) == ACTBENCH_BAD_ARGUMENT && message_has("actbench_apply_rows"));
  CHECK(actbench_apply(gradient, x, y, 6, NULL) == ACTBENCH_BAD_ARGUMENT && message_has("actbench_apply_rows"));
  CHECK(actbench_apply_gradient(gradient, x, x, y, 6, NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("actbench_apply_rows") && message_has("whole rows"));
  CHECK(actbench_apply_channels(softmax, x, NULL, y, 6, NULL, 1, 1) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("actbench_apply_rows"));
  CHECK(actbench_apply_rows(must_find("relu/forward/f32/accurate/scalar"), x, NULL, y, 1, 6) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("element by element"));
  CHECK(actbench_apply_rows(NULL, x, NULL, y, 1, 6) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_apply_rows(softmax, x, NULL, y, 1, 0) == ACTBENCH_BAD_ARGUMENT && message_has("length"));
  CHECK(actbench_apply_rows(softmax, x, dy, y, 1, 2) == ACTBENCH_BAD_ARGUMENT && message_has("dy"));
  CHECK(actbench_apply_rows(gradient, x, NULL, y, 1, 2) == ACTBENCH_BAD_ARGUMENT && message_has("dy"));
  CHECK(actbench_apply_rows(softmax, x, NULL, y, (size_t)-1, 2) == ACTBENCH_BAD_ARGUMENT && message_has("memory"));
  CHECK(actbench_apply_rows(softmax, NULL, NULL, NULL, 0, 5) == ACTBENCH_OK);
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
  const actbench_kernel* celu = must_find("celu/forward/f32/accurate/scalar");
  const double tiny = 1e-60, huge = 1e300, wide[] = {2, 1};
  CHECK(actbench_apply(celu, &x, &y, 1, &tiny) == ACTBENCH_BAD_ARGUMENT && message_has("other than 0") &&
        message_has("f32 rounds 1e-60 to 0; f64 holds it"));
  CHECK(actbench_apply(celu, &x, &y, 1, &huge) == ACTBENCH_BAD_ARGUMENT &&
        message_has("f32 rounds 1e+300 to infinity; f64 holds it"));
  CHECK(actbench_apply_channels(celu, &x, NULL, &y, 1, &tiny, 1, 1) == ACTBENCH_BAD_ARGUMENT &&
        message_has("f32 rounds 1e-60 to 0") && message_has("channel 0"));
  CHECK(actbench_apply(must_find("hardtanh/forward/f32/accurate/scalar"), &x, &y, 1, wide) == ACTBENCH_BAD_ARGUMENT &&
        message_has("upper of hardtanh must be at least lower, and 1 is below 2"));

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
    const float* const dy = info.takes_dy ? &x : NULL;
    CHECK((strcmp(info.shape, "rows") == 0 ? actbench_apply_rows(kernel, &x, dy, &y, 1, 1)
           : strcmp(info.shape, "gated") == 0
               ? actbench_apply_gated(kernel, info.takes_a ? &x : NULL, &x, dy, &y, 1, NULL)
           : info.takes_dy ? actbench_apply_gradient(kernel, &x, dy, &y, 1, NULL)
                           : actbench_apply(kernel, &x, &y, 1, NULL)) == ACTBENCH_NOT_RUNNABLE);
    CHECK(message_has(info.identity) && message_has(info.unrunnable_reason));
    CHECK(y == 9.0f);
  }
}

/* A gated unit through its own call and no other, with the inputs that its direction takes and no others. */
static void takes_two_inputs(const actbench_kernel* kernel, const actbench_kernel_info* info) {
  const double a[1] = {2}, b[1] = {0.5}, dy[1] = {3};
  double out[1] = {0};
  const double* const a_taken = info->takes_a ? a : NULL;
  const double* const dy_taken = info->takes_dy ? dy : NULL;
  CHECK(actbench_apply(kernel, b, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has(info->identity) && message_has("actbench_apply_gated"));
  CHECK(actbench_apply_gradient(kernel, b, dy, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("actbench_apply_gated"));
  CHECK(actbench_apply_gated(kernel, info->takes_a ? NULL : a, b, dy_taken, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has(info->identity) && message_has(" a"));
  CHECK(actbench_apply_gated(kernel, a_taken, b, info->takes_dy ? NULL : dy, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has(info->identity) && message_has("dy"));
  CHECK(actbench_apply_gated(kernel, a_taken, b, dy_taken, out, 1, NULL) == ACTBENCH_OK);
  if (strcmp(info->activation, "reglu") != 0 || info->element_size != sizeof out[0]) return;
  CHECK(out[0] == (strcmp(info->direction, "forward") == 0      ? 1.0
                   : strcmp(info->direction, "gradient_a") == 0 ? 1.5
                                                                : 6.0));
}

/* Every kernel through the call that its direction asks for, and none through the other. */
static void takes_gradients(void) {
  double one[1] = {0}, dy[1], out[1];
  for (size_t i = 0; i < actbench_kernel_count(); ++i) {
    const actbench_kernel* const kernel = actbench_kernel_at(i);
    actbench_kernel_info info;
    CHECK(actbench_describe(kernel, &info) == ACTBENCH_OK);
    if (info.unrunnable_reason != NULL) continue;
    memset(dy, 0, sizeof dy);
    memset(out, 0, sizeof out);
    if (strcmp(info.shape, "gated") == 0) {
      takes_two_inputs(kernel, &info);
    } else if (strcmp(info.shape, "rows") == 0) {
      CHECK(actbench_apply(kernel, one, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
      CHECK(message_has(info.identity) && message_has("actbench_apply_rows"));
      CHECK(actbench_apply_gradient(kernel, one, dy, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
      CHECK(message_has(info.identity) && message_has("actbench_apply_rows"));
      CHECK(actbench_apply_rows(kernel, one, info.takes_dy ? dy : NULL, out, 1, 1) == ACTBENCH_OK);
    } else if (info.takes_dy) {
      CHECK(actbench_apply(kernel, one, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
      CHECK(message_has(info.identity) && message_has("actbench_apply_gradient"));
      CHECK(actbench_apply_gradient(kernel, one, NULL, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
      CHECK(message_has("dy"));
      CHECK(actbench_apply_gradient(kernel, one, dy, out, 1, NULL) == ACTBENCH_OK);
    } else {
      CHECK(actbench_apply_gradient(kernel, one, dy, out, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
      CHECK(message_has(info.identity) && message_has("no dy"));
      CHECK(actbench_apply(kernel, one, out, 1, NULL) == ACTBENCH_OK);
    }
  }
  const actbench_kernel* backward = NULL;
  if (actbench_find("relu/backward/f32/accurate/best", &backward) == ACTBENCH_OK) {
    const float x[3] = {-1.0f, 2.0f, INFINITY}, gradient[3] = {5.0f, 5.0f, -3.0f};
    float dx[3];
    CHECK(actbench_apply_gradient(backward, x, gradient, dx, 3, NULL) == ACTBENCH_OK);
    CHECK(dx[0] == 0.0f && dx[1] == 5.0f && dx[2] == -3.0f);
    CHECK(actbench_apply_gradient(NULL, x, gradient, dx, 3, NULL) == ACTBENCH_BAD_ARGUMENT);
  }
}

static void takes_a_parameter_for_each_channel(void) {
  const actbench_kernel* const prelu = must_find("prelu/forward/f32/accurate/best");
  const double slopes[2] = {0.5, 0.25};
  const float x[6] = {-4.0f, -4.0f, -4.0f, 4.0f, -8.0f, -8.0f};
  float y[7] = {9.0f, 9.0f, 9.0f, 9.0f, 9.0f, 9.0f, 9.0f};
  CHECK(actbench_apply_channels(prelu, x, NULL, y, 6, slopes, 2, 1) == ACTBENCH_OK);
  CHECK(y[0] == -2.0f && y[1] == -1.0f && y[2] == -2.0f && y[3] == 4.0f && y[4] == -4.0f && y[5] == -2.0f);
  CHECK(actbench_apply_channels(prelu, x, NULL, y, 6, slopes, 2, 3) == ACTBENCH_OK);
  CHECK(y[0] == -2.0f && y[1] == -2.0f && y[2] == -2.0f && y[3] == 4.0f && y[4] == -2.0f && y[5] == -2.0f);
  CHECK(y[6] == 9.0f);
  CHECK(actbench_apply_channels(prelu, NULL, NULL, NULL, 0, slopes, 2, 1) == ACTBENCH_OK);

  y[0] = 9.0f;
  CHECK(actbench_apply_channels(NULL, x, NULL, y, 6, slopes, 2, 1) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_apply_channels(prelu, x, x, y, 6, slopes, 2, 1) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("no dy"));
  CHECK(actbench_apply_channels(prelu, x, NULL, y, 6, NULL, 2, 1) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_apply_channels(prelu, x, NULL, y, 6, slopes, 0, 1) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_apply_channels(prelu, x, NULL, y, 6, slopes, 2, 0) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("stride"));
  CHECK(actbench_apply_channels(must_find("gelu/forward/f32/accurate/best"), x, NULL, y, 6, slopes, 2, 1) ==
        ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("gelu has 0 parameters"));
  const double bad[2] = {0.5, NAN};
  CHECK(actbench_apply_channels(prelu, x, NULL, y, 6, bad, 2, 1) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("alpha") && message_has("channel 1"));
  CHECK(y[0] == 9.0f);
}

static void sums_over_channels(void) {
  const float terms[6] = {1.0f, 10.0f, 0x1p60f, 20.0f, -0x1p60f, 30.0f};
  double sums[2];
  CHECK(actbench_sum_channels("f32", terms, 6, 2, 1, sums) == ACTBENCH_OK);
  CHECK(sums[0] == 1.0 && sums[1] == 60.0);
  CHECK(actbench_sum_channels("f32", terms, 6, 2, 2, sums) == ACTBENCH_OK);
  CHECK(sums[0] == 41.0 - 0x1p60 && sums[1] == 20.0 + 0x1p60);
  const uint16_t halves[3] = {0x3c00, 0x0001, 0xbc00};
  CHECK(actbench_sum_channels("f16", halves, 3, 1, 1, sums) == ACTBENCH_OK);
  CHECK(sums[0] == 0x1p-24);
  CHECK(actbench_sum_channels("bf16", halves, 3, 3, 1, (double[3]){0}) == ACTBENCH_OK);
  CHECK(actbench_sum_channels("float", terms, 6, 2, 1, sums) == ACTBENCH_BAD_ARGUMENT);
  CHECK(message_has("\"float\"") && message_has("f32, f64, f16, bf16"));
  CHECK(actbench_sum_channels("f32", NULL, 6, 2, 1, sums) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_sum_channels("f32", terms, 6, 0, 1, sums) == ACTBENCH_BAD_ARGUMENT);
  CHECK(actbench_sum_channels("f32", terms, 6, 2, 1, NULL) == ACTBENCH_BAD_ARGUMENT);
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
  applies_rows();
  takes_parameters();
  takes_gradients();
  takes_a_parameter_for_each_channel();
  sums_over_channels();
  refuses_what_cannot_run();
  describes_with_errors();
  if (failures > 0) fprintf(stderr, "%d checks failed\n", failures);
  return failures > 0;
}
