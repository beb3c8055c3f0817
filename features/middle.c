#include "features/middle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <fftw3.h>

#include "features/base/memory.h"

static const double PI = 3.14159265358979323846;
/* Sum of the squared window over frames a quarter of it apart. */
static const float OVERLAP = 1.5F;

enum { OVERLAPS = 4, MIN_WINDOW = 16, MAX_WINDOW = 1 << 16 };

struct silbe_middle_plan {
    size_t n_window;
    float floor;
    float *window;       /* n_window */
    fftwf_plan forward;  /* executed on the arrays of each stream, as is the next */
    fftwf_plan backward; /* without scale */
};

struct silbe_middle {
    const silbe_middle_plan *plan;
    float *mid; /* the last n_window samples, the newest last */
    float *side;
    float *sum;   /* overlap-add of the frames so far, from the oldest sample on */
    float *frame; /* n_window */
    fftwf_complex *mid_spectrum;
    fftwf_complex *side_spectrum;
    size_t n_new; /* samples since the last frame, < hop */
    size_t n_frames;
    size_t n_pushed;
    size_t n_out;
};

silbe_middle_options silbe_middle_options_default(void)
{
    return (silbe_middle_options){.window_s = 0.093, .floor = 0.2};
}

static size_t hop_of(const silbe_middle_plan *plan)
{
    return plan->n_window / OVERLAPS;
}

static void make_plans(silbe_middle_plan *plan, silbe_err *err)
{
    int n = (int)plan->n_window;
    float *samples = silbe_need(fftwf_alloc_real(plan->n_window), "an STFT", err);
    fftwf_complex *spectrum =
        silbe_need(fftwf_alloc_complex(plan->n_window / 2 + 1), "an STFT", err);
    if (!silbe_failed(err)) {
        plan->forward = silbe_need(
            fftwf_plan_dft_r2c_1d(n, samples, spectrum, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT),
            "an STFT", err);
        plan->backward =
            silbe_need(fftwf_plan_dft_c2r_1d(n, spectrum, samples, FFTW_ESTIMATE), "an STFT", err);
    }
    fftwf_free(samples);
    fftwf_free(spectrum);
}

silbe_status silbe_middle_plan_new(const silbe_middle_options *options, double rate_hz,
                                   silbe_middle_plan **out, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    *out = NULL;
    double n_asked = options->window_s * rate_hz;
    if (!(n_asked >= MIN_WINDOW && n_asked <= MAX_WINDOW) ||
        !(options->floor >= 0.0 && options->floor <= 1.0)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "middle: window_s should be %d .. %d samples at %g Hz and floor 0 .. 1, "
                          "got %g s and %g",
                          MIN_WINDOW, MAX_WINDOW, rate_hz, options->window_s, options->floor);
    }
    silbe_middle_plan *plan = silbe_alloc(1, sizeof *plan, "plan of a middle", err);
    if (plan == NULL) {
        return err->status;
    }
    plan->n_window = (size_t)exp2(round(log2(n_asked)));
    plan->floor = (float)options->floor;
    plan->window = silbe_need(fftwf_alloc_real(plan->n_window), "an STFT", err);
    for (size_t n = 0; n < plan->n_window && plan->window != NULL; n++) {
        plan->window[n] = (float)(0.5 - 0.5 * cos(2.0 * PI * (double)n / (double)plan->n_window));
    }
    make_plans(plan, err);
    if (silbe_failed(err)) {
        silbe_middle_plan_free(plan);
    } else {
        *out = plan;
    }
    return err->status;
}

void silbe_middle_plan_free(silbe_middle_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    if (plan->forward != NULL) {
        fftwf_destroy_plan(plan->forward);
    }
    if (plan->backward != NULL) {
        fftwf_destroy_plan(plan->backward);
    }
    fftwf_free(plan->window);
    free(plan);
}

size_t silbe_middle_delay(const silbe_middle_plan *plan)
{
    return plan->n_window;
}

silbe_status silbe_middle_new(const silbe_middle_plan *plan, silbe_middle **out, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n = plan->n_window;
    *out = NULL;
    silbe_middle *m = silbe_alloc(1, sizeof *m, "middle", err);
    if (m == NULL) {
        return err->status;
    }
    m->plan = plan;
    float **const arrays[] = {&m->mid, &m->side, &m->sum, &m->frame};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = silbe_need(fftwf_alloc_real(n), "an STFT", err);
        if (*arrays[i] != NULL) {
            memset(*arrays[i], 0, n * sizeof(float));
        }
    }
    m->mid_spectrum = silbe_need(fftwf_alloc_complex(n / 2 + 1), "an STFT", err);
    m->side_spectrum = silbe_need(fftwf_alloc_complex(n / 2 + 1), "an STFT", err);
    if (silbe_failed(err)) {
        silbe_middle_free(m);
    } else {
        *out = m;
    }
    return err->status;
}

void silbe_middle_free(silbe_middle *middle)
{
    if (middle != NULL) {
        fftwf_free(middle->mid);
        fftwf_free(middle->side);
        fftwf_free(middle->sum);
        fftwf_free(middle->frame);
        fftwf_free(middle->mid_spectrum);
        fftwf_free(middle->side_spectrum);
        free(middle);
    }
}

static void transform(const silbe_middle *m, const float *samples, fftwf_complex *spectrum)
{
    const float *restrict window = m->plan->window;
    float *restrict frame = m->frame;
    for (size_t n = 0; n < m->plan->n_window; n++) {
        frame[n] = window[n] * samples[n];
    }
    fftwf_execute_dft_r2c(m->plan->forward, m->frame, spectrum);
}

/* M to g M. With L = M + S and R = M - S, |L - R| = 2 |S|. */
static void apply_gain(const silbe_middle *m)
{
    size_t n_bins = m->plan->n_window / 2 + 1;
    float lowest = m->plan->floor;
    float *restrict mid = (float *)m->mid_spectrum;
    const float *restrict side = (const float *)m->side_spectrum;
    for (size_t k = 0; k < n_bins; k++) {
        float a = mid[2 * k], b = mid[2 * k + 1], c = side[2 * k], d = side[2 * k + 1];
        float left = sqrtf((a + c) * (a + c) + (b + d) * (b + d));
        float right = sqrtf((a - c) * (a - c) + (b - d) * (b - d));
        float apart = 2.0F * sqrtf(c * c + d * d);
        float gain = 1.0F - apart / (left + right + 1e-30F);
        gain = gain > lowest ? gain : lowest;
        mid[2 * k] = gain * gain * a;
        mid[2 * k + 1] = gain * gain * b;
    }
}

/* A frame over the last window of samples; its first hop of them is then complete. */
static size_t run_frame(silbe_middle *m, float *out)
{
    size_t n_window = m->plan->n_window, hop = hop_of(m->plan);
    float scale = 1.0F / (OVERLAP * (float)n_window);
    transform(m, m->mid, m->mid_spectrum);
    transform(m, m->side, m->side_spectrum);
    apply_gain(m);
    fftwf_execute_dft_c2r(m->plan->backward, m->mid_spectrum, m->frame);
    const float *restrict window = m->plan->window;
    float *restrict sum = m->sum;
    for (size_t n = 0; n < n_window; n++) {
        sum[n] += scale * window[n] * m->frame[n];
    }
    size_t n_complete = 0;
    m->n_frames++;
    if (m->n_frames >= OVERLAPS) { /* those before lie before the recording */
        size_t n_left = m->n_pushed - m->n_out;
        n_complete = hop < n_left ? hop : n_left;
        memcpy(out, m->sum, n_complete * sizeof *out);
        m->n_out += n_complete;
    }
    memmove(m->sum, m->sum + hop, (n_window - hop) * sizeof *m->sum);
    memset(m->sum + n_window - hop, 0, hop * sizeof *m->sum);
    return n_complete;
}

/* At most a hop of samples, NULL: of zeros. */
static void shift(float *buffer, size_t n_window, const float *samples, size_t n)
{
    memmove(buffer, buffer + n, (n_window - n) * sizeof *buffer);
    if (samples != NULL) {
        memcpy(buffer + n_window - n, samples, n * sizeof *buffer);
    } else {
        memset(buffer + n_window - n, 0, n * sizeof *buffer);
    }
}

size_t silbe_middle_push(silbe_middle *m, const float *mid, const float *side, size_t n_samples,
                         float *out)
{
    size_t n_window = m->plan->n_window, hop = hop_of(m->plan), n_out = 0;
    while (n_samples > 0) {
        size_t n = hop - m->n_new < n_samples ? hop - m->n_new : n_samples;
        shift(m->mid, n_window, mid, n);
        shift(m->side, n_window, side, n);
        m->n_new += n;
        m->n_pushed += n;
        mid += n;
        side += n;
        n_samples -= n;
        if (m->n_new == hop) {
            m->n_new = 0;
            n_out += run_frame(m, out + n_out);
        }
    }
    return n_out;
}

size_t silbe_middle_finish(silbe_middle *m, float *out)
{
    size_t n_window = m->plan->n_window, hop = hop_of(m->plan), n_out = 0;
    while (m->n_out < m->n_pushed) {
        shift(m->mid, n_window, NULL, hop - m->n_new);
        shift(m->side, n_window, NULL, hop - m->n_new);
        m->n_new = 0;
        n_out += run_frame(m, out + n_out);
    }
    return n_out;
}
