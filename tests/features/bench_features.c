/*
 * What each stage of the feature library costs, and how far it is from what the machine could do.
 *
 *     bench_features [RECORDING]     (without one: 60 s of generated sound)
 *
 * For each stage: seconds, how many times faster than the sound, GFLOP/s counted from the
 * arithmetic that the definition needs (5/2 F log2 F for a real transform) and the bytes of samples
 * and results that must move. Two yardsticks are measured first: independent multiplications and
 * additions in registers, as this compiler builds them (FFTW chooses wider vectors at run time and
 * may be above), and a copy of 256 MiB.
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, getrusage */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "features/features.h"
#include "features/filterbank.h"

static const double PI = 3.14159265358979323846;
static const double RATE_HZ = 22050.0;

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(silbe_status status, const silbe_err *err)
{
    if (status != SILBE_OK) {
        fprintf(stderr, "bench_features: %s\n", err->message);
        exit(1);
    }
}

/* Float operations per second of independent multiplications and additions in registers. */
static double peak_flops(void)
{
    enum { N = 32, ROUNDS = 20000000 };
    float a[N];
    for (size_t i = 0; i < N; i++) {
        a[i] = (float)i;
    }
    double start = now_s();
    for (size_t r = 0; r < ROUNDS; r++) {
        for (size_t i = 0; i < N; i++) {
            a[i] = a[i] * 0.999999F + 1e-3F;
        }
    }
    double seconds = now_s() - start;
    volatile float sink = 0.0F; /* the result is wanted, so the loop happens */
    for (size_t i = 0; i < N; i++) {
        sink = sink + a[i];
    }
    return 2.0 * N * ROUNDS / seconds;
}

static double peak_bytes(void)
{
    size_t n = (size_t)256 << 20;
    char *from = malloc(n), *to = malloc(n);
    if (from == NULL || to == NULL) {
        fprintf(stderr, "bench_features: out of memory\n");
        exit(1);
    }
    memset(from, 1, n);
    memset(to, 2, n);
    double start = now_s();
    memcpy(to, from, n);
    double seconds = now_s() - start;
    double result = 2.0 * (double)n / seconds + 0.0 * to[n / 2];
    free(from);
    free(to);
    return result;
}

typedef struct {
    double audio_s, flops, bytes;
} yardstick;

static void report(const char *name, double seconds, double flop, double bytes, const yardstick *y)
{
    printf("%-34s %8.4f s  %7.0f x real time", name, seconds, y->audio_s / seconds);
    if (flop > 0.0) {
        printf("  %5.2f GFLOP/s (%4.1f %% of the loop)", flop / seconds * 1e-9,
               100.0 * flop / seconds / y->flops);
    }
    printf("  %5.2f GB/s (%4.1f %% of the copy)\n", bytes / seconds * 1e-9,
           100.0 * bytes / seconds / y->bytes);
}

static silbe_status ignore_frame(void *context, size_t frame, const float *power, size_t n_bins,
                                 silbe_err *err)
{
    (void)frame;
    (void)n_bins;
    (void)err;
    *(float *)context += power[0];
    return SILBE_OK;
}

static void bench_stft(const char *name, const silbe_stft_plan *plan, const silbe_audio *audio,
                       const yardstick *y)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_stft *stft = NULL;
    float sum = 0.0F;
    must(silbe_stft_new(plan, ignore_frame, &sum, &stft, &err), &err);
    double start = now_s();
    must(silbe_stft_push(stft, audio->samples, audio->n_samples, &err), &err);
    must(silbe_stft_finish(stft, &err), &err);
    double seconds = now_s() - start;
    double f = (double)silbe_stft_plan_options(plan)->fft_samples;
    double frames = (double)silbe_stft_plan_frames(plan, audio->n_samples);
    double flop = frames * (2.5 * f * log2(f) + f + 1.5 * f);
    report(name, seconds, flop, frames * 4.0 * f + 4.0 * (double)audio->n_samples, y);
    silbe_stft_free(stft);
}

static void bench_bands(const silbe_audio *audio, const yardstick *y)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_chroma_options options = silbe_chroma_options_default();
    silbe_stft_plan *plan = NULL;
    silbe_filterbank bank = SILBE_FILTERBANK_INIT;
    must(silbe_chroma_plan_new(&options, RATE_HZ, 0.01, &plan, &err), &err);
    must(silbe_filterbank_pitch(&bank, plan, options.low_pitch, options.high_pitch, 0.0, &err),
         &err);
    size_t n_weights = 0;
    for (size_t b = 0; b < bank.n_bands; b++) {
        n_weights += bank.end[b] - bank.begin[b];
    }
    float *power = calloc(bank.n_bins, sizeof *power);
    float bands[256];
    size_t frames = silbe_stft_plan_frames(plan, audio->n_samples);
    if (power == NULL) {
        exit(1);
    }
    double start = now_s();
    for (size_t t = 0; t < frames; t++) {
        power[t % bank.n_bins] += 1.0F;
        silbe_filterbank_apply(&bank, power, bands);
    }
    report("pitch bands (60 of 4096)", now_s() - start, 2.0 * (double)(n_weights * frames),
           8.0 * (double)(n_weights * frames), y);
    free(power);
    silbe_filterbank_free(&bank);

    silbe_matrix energy, chroma;
    must(silbe_pitch_energy(plan, options.low_pitch, options.high_pitch, 0.0, audio->samples,
                            audio->n_samples, &energy, &err),
         &err);
    double values = (double)(energy.n_rows * energy.n_cols);
    start = now_s();
    must(silbe_chroma_from_energy(&options, &energy, &chroma, &err), &err);
    report("chroma of energies (log1p, fold)", now_s() - start, 0.0, 4.0 * values * 1.2, y);

    silbe_onset_options onset = silbe_onset_options_default();
    onset.low_pitch = options.low_pitch;
    onset.high_pitch = options.high_pitch;
    silbe_matrix classes;
    start = now_s();
    must(silbe_onset_difference(&onset, 0.01, &energy, &err), &err);
    report("onset difference", now_s() - start, 0.0, 4.0 * values * 6.0, y);
    must(silbe_onset_fold(&onset, &energy, &classes, &err), &err);
    start = now_s();
    must(silbe_onset_normalise(&onset, 0.01, &classes, &err), &err);
    must(silbe_onset_decay(&onset, 0.01, &classes, &err), &err);
    report("onset norm and decay", now_s() - start, 0.0, 4.0 * values * 0.2 * 22.0, y);
    silbe_matrix_free(&energy);
    silbe_matrix_free(&chroma);
    silbe_matrix_free(&classes);
    silbe_stft_plan_free(plan);
}

static void bench_transforms(const silbe_audio *audio, const yardstick *y)
{
    static const struct {
        const char *name;
        size_t window;
        double hop_s;
    } CASES[] = {{"STFT 4096, hop 10 ms (chroma)", 4096, 0.01},
                 {"STFT 2048, hop 10 ms (onset)", 2048, 0.01},
                 {"STFT 8192, hop 100 ms (tuning)", 8192, 0.1}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        silbe_err err = SILBE_ERR_INIT;
        silbe_stft_plan *plan = NULL;
        silbe_stft_options options = {
            .rate_hz = RATE_HZ, .hop_s = CASES[i].hop_s, .window_samples = CASES[i].window};
        must(silbe_stft_plan_new(&options, &plan, &err), &err);
        bench_stft(CASES[i].name, plan, audio, y);
        silbe_stft_plan_free(plan);
    }
}

static void generate(silbe_audio *audio)
{
    audio->n_samples = (size_t)(60.0 * RATE_HZ);
    audio->rate_hz = RATE_HZ;
    audio->samples = malloc(audio->n_samples * sizeof(float));
    if (audio->samples == NULL) {
        exit(1);
    }
    for (size_t i = 0; i < audio->n_samples; i++) {
        double t = (double)i / RATE_HZ;
        double pitch = 48.0 + fmod(floor(4.0 * t) * 7.0, 24.0);
        double hz = 440.0 * exp2((pitch - 69.0) / 12.0);
        double age = fmod(t, 0.25);
        audio->samples[i] = (float)(0.3 * exp(-8.0 * age) *
                                    (sin(2.0 * PI * hz * t) + 0.5 * sin(4.0 * PI * hz * t)));
    }
}

static void bench_file(const char *path)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_features_options options = silbe_features_options_default();
    silbe_features_plan *plan = NULL;
    silbe_features features;
    double start = now_s();
    must(silbe_features_plan_new(&options, &plan, &err), &err);
    printf("%-34s %8.4f s\n", "plans", now_s() - start);
    start = now_s();
    must(silbe_features_run(plan, path, &features, &err), &err);
    double seconds = now_s() - start;
    double out = 4.0 * (double)(features.chroma.n_rows * (12 + 12 + features.pitch_onset.n_cols) +
                                features.logmel.n_rows * features.logmel.n_cols);
    printf("%-34s %8.4f s  %7.0f x real time\n", "silbe_features_run", seconds,
           features.duration_s / seconds);
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    printf("peak memory %.1f MiB, outputs %.1f MiB, tuning %+.2f cents (confidence %.3f, %zu "
           "peaks)\n",
           (double)usage.ru_maxrss / 1024.0, out / 1048576.0, features.tuning.cents,
           features.tuning.confidence, features.tuning.n_peaks);
    silbe_features_free(&features);
    silbe_features_plan_free(plan);
}

static silbe_audio bench_load(const char *path, yardstick *y)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_audio audio = SILBE_AUDIO_INIT;
    if (path == NULL) {
        generate(&audio);
        y->audio_s = 60.0;
        return audio;
    }
    silbe_audio_options options = silbe_audio_options_default();
    y->audio_s = 1.0;
    double start = now_s();
    must(silbe_audio_read(path, &options, &audio, &err), &err);
    double seconds = now_s() - start;
    y->audio_s = audio.facts.duration_s;
    printf("%s: %s, %g Hz, %d channel(s), %.1f s\n", path, audio.facts.format,
           audio.facts.file_rate_hz, audio.facts.n_channels, y->audio_s);
    report("decode, mix, resample", seconds, 0.0, 4.0 * (double)audio.n_samples, y);
    return audio;
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : NULL;
    yardstick y = {0};
    if (path != NULL) {
        bench_file(path); /* first, so that the peak of memory is its own */
    }
    y.flops = peak_flops();
    y.bytes = peak_bytes();
    printf("yardsticks: %.1f GFLOP/s in registers, %.1f GB/s copied\n", y.flops * 1e-9,
           y.bytes * 1e-9);
    silbe_audio audio = bench_load(path, &y);
    bench_transforms(&audio, &y);
    bench_bands(&audio, &y);

    silbe_err err = SILBE_ERR_INIT;
    silbe_logmel_options mel = silbe_logmel_options_default();
    silbe_stft_plan *plan = NULL;
    silbe_matrix logmel;
    must(silbe_logmel_plan_new(&mel, RATE_HZ, &plan, &err), &err);
    double start = now_s();
    must(silbe_logmel_run(&mel, plan, audio.samples, audio.n_samples, &logmel, &err), &err);
    report("log-mel, all of it", now_s() - start, 0.0,
           4.0 * (double)(logmel.n_rows * logmel.n_cols), &y);
    silbe_matrix_free(&logmel);
    silbe_stft_plan_free(plan);
    silbe_audio_free(&audio);
    return 0;
}
