#include "tests/align/ctc/bench_ctc.h"

int main(int argc, char **argv)
{
    size_t path[2] = {240000, 15000};
    size_t gradient[2] = {15000, 1500};
    const bench_option options[] = {{"--viterbi", path, 2, 10000000},
                                    {"--gradient", gradient, 2, 10000000}};
    const bench_command command = {
        "bench_ctc", "[--viterbi FRAMES LABELS] [--gradient FRAMES LABELS]", options, 2};
    const char *json = NULL;
    bench_arguments(&command, argc, argv, &json);
    bench_figures figures[2];
    figures[0] = silbe_bench_viterbi(path[0], path[1]);
    figures[1] = silbe_bench_ctc(gradient[0], gradient[1]);
    return bench_write_json(&command, json, figures, 2);
}
