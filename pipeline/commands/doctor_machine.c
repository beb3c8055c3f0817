/* The program, the processor and the libraries that compute. */
#define _POSIX_C_SOURCE 200809L
#include <cblas.h>
#include <errno.h>
#include <fftw3.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "align/base/cpu.h"
#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/commands/doctor_checks.h"
#include "pipeline/host/install_path.h"
#include "pipeline/host/run_info.h"

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "gcc " __VERSION__
#else
#define COMPILER "another compiler"
#endif

void silbe_doctor_program(silbe_findings *findings, silbe_err *err)
{
    static const char GROUP[] = "silbe";
    silbe_findings_add(findings, GROUP, "version", SILBE_FOUND_GOOD,
                       silbe_format(err, "%s", silbe_version()), err);
    silbe_findings_add(findings, GROUP, "build", SILBE_FOUND_GOOD,
                       silbe_format(err, "%s, %s", SILBE_BUILD_TYPE, COMPILER), err);
    char *program = silbe_program_path(err), *share = silbe_share_path("configs", err);
    silbe_findings_add(
        findings, GROUP, "executable", program != NULL ? SILBE_FOUND_GOOD : SILBE_FOUND_ABSENT,
        silbe_copy_text(program != NULL ? program : "this system does not say where", err), err);
    silbe_findings_add(findings, GROUP, "installed", SILBE_FOUND_GOOD,
                       share != NULL ? silbe_format(err, "yes, configurations in %s", share)
                                     : silbe_copy_text("no, this is a build folder", err),
                       err);
    free(program);
    free(share);
}

/* "model name : Some Processor" of Linux on x86; elsewhere a line of that name is missing. */
static char *processor_name(silbe_err *err)
{
    static const char KEY[] = "model name";
    FILE *stream = fopen("/proc/cpuinfo", "r");
    char *line = NULL, *name = NULL;
    size_t size = 0;
    while (stream != NULL && name == NULL && getline(&line, &size, stream) > 0) {
        char *colon = strchr(line, ':');
        if (strncmp(line, KEY, sizeof KEY - 1) == 0 && colon != NULL) {
            colon += 1 + strspn(colon + 1, " ");
            name = silbe_format(err, "%.*s", (int)strcspn(colon, "\n"), colon);
        }
    }
    if (stream != NULL) {
        (void)fclose(stream);
    }
    free(line);
    return name != NULL ? name : silbe_format(err, "of a name that the system does not say");
}

static void add_processor(const silbe_config *config, silbe_findings *findings, silbe_err *err)
{
    static const char GROUP[] = "processor";
    char *name = processor_name(err);
    int asked = config->run.threads;
    silbe_findings_add(findings, GROUP, "name", SILBE_FOUND_GOOD, name, err);
    /* Each engine has a kernel for each of the instruction sets. */
    silbe_findings_add(findings, GROUP, "kernels", SILBE_FOUND_GOOD,
                       silbe_format(err, "%s for DTW, soft-DTW, CTC and Viterbi",
                                    silbe_kernel_best() == SILBE_KERNEL_PORTABLE
                                        ? "plain C"
                                        : silbe_kernel_name(silbe_kernel_best())),
                       err);
    silbe_findings_add(findings, GROUP, "threads", SILBE_FOUND_GOOD,
                       silbe_format(err, "%d of %d processors (run.threads, OMP_NUM_THREADS)",
                                    asked > 0 ? asked : omp_get_max_threads(), omp_get_num_procs()),
                       err);
}

/* [1 2; 3 4] * [1; 1] = [3; 7]: whether the library computes at all on this processor. */
static bool openblas_multiplies(void)
{
    const float matrix[4] = {1, 2, 3, 4}, vector[2] = {1, 1};
    float product[2] = {0, 0};
    cblas_sgemv(CblasRowMajor, CblasNoTrans, 2, 2, 1, matrix, 2, vector, 1, 0, product, 1);
    return product[0] == 3 && product[1] == 7;
}

/* The transform of an impulse is 1 everywhere. */
static bool fftw_transforms(void)
{
    enum { N = 8 };
    float in[N] = {0}, out[N + 2]; /* N / 2 + 1 complex numbers */
    fftwf_plan plan = fftwf_plan_dft_r2c_1d(N, in, (fftwf_complex *)out, FFTW_ESTIMATE);
    bool is_right = plan != NULL;
    if (plan != NULL) {
        in[0] = 1;
        fftwf_execute(plan);
        for (size_t k = 0; k < N + 2; k++) {
            is_right = is_right && out[k] == (k % 2 == 0 ? 1 : 0);
        }
        fftwf_destroy_plan(plan);
    }
    return is_right;
}

static void add_computing(silbe_findings *findings, const char *name, bool computes, char *text,
                          silbe_err *err)
{
    silbe_findings_add(findings, "libraries", name,
                       computes ? SILBE_FOUND_GOOD : SILBE_FOUND_BROKEN, text, err);
}

void silbe_doctor_machine(const silbe_config *config, silbe_findings *findings, silbe_err *err)
{
    add_processor(config, findings, err);
    bool multiplies = openblas_multiplies(), transforms = fftw_transforms();
    add_computing(findings, "OpenBLAS", multiplies,
                  silbe_format(err, "%s; kernels of %s%s", openblas_get_config(),
                               openblas_get_corename(),
                               multiplies ? "" : "; it gives a wrong product: install it again"),
                  err);
    add_computing(findings, "FFTW", transforms,
                  silbe_format(err, "%s%s", fftwf_version,
                               transforms ? "" : "; it gives a wrong transform: install it again"),
                  err);
}
