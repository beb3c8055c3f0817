#include "pipeline/stages/stages.h"

int silbe_stage_of_chain(silbe_cli *cli, const silbe_dataset *dataset, const char *program,
                         silbe_stage_run_fn *run, int worst)
{
    if (worst > SILBE_EXIT_FAILED) {
        return worst;
    }
    const char *own = cli->run.program;
    silbe_log_info(&cli->log, "--- %s", program);
    silbe_run_info_restart(&cli->run, program);
    cli->log.program = program;
    int code = run(cli, dataset);
    cli->log.program = own;
    cli->run.program = own;
    return code > worst ? code : worst;
}

/* Whether a mode of `wanted`, which may be all of them, needs the stage. */
static bool is_needed(silbe_stage_id stage, int wanted)
{
    bool needed = false;
    for (int m = 0; m < SILBE_MODE_ALL; m++) {
        needed = needed || ((wanted == SILBE_MODE_ALL || wanted == m) &&
                            silbe_chain_needs((silbe_stage_id)(SILBE_STAGE_MODES + m), stage));
    }
    return needed;
}

int silbe_chain_run(silbe_cli *cli, const silbe_dataset *dataset)
{
    return silbe_chain_run_with(cli, dataset, NULL);
}

int silbe_chain_run_with(silbe_cli *cli, const silbe_dataset *dataset, silbe_stage_run_fn *adapt)
{
    static const struct {
        const char *program;
        silbe_stage_run_fn *run;
    } STAGES[SILBE_STAGE_MODES] = {
        [SILBE_STAGE_FEATURES] = {"silbe-features", silbe_features_stage_run},
        [SILBE_STAGE_LABELS] = {"silbe-labels", silbe_labels_stage_run},
        [SILBE_STAGE_POSTERIORS] = {"silbe-posteriors", silbe_posteriors_stage_run},
    };
    int wanted = silbe_chain_mode(&cli->config, dataset), worst = SILBE_EXIT_OK;
    for (int s = 0; s < SILBE_STAGE_MODES; s++) {
        if (s == SILBE_STAGE_POSTERIORS && adapt != NULL) {
            worst = silbe_stage_of_chain(cli, dataset, "silbe adapt", adapt, worst);
        }
        if (is_needed((silbe_stage_id)s, wanted)) {
            worst = silbe_stage_of_chain(cli, dataset, STAGES[s].program, STAGES[s].run, worst);
        }
    }
    worst = silbe_stage_of_chain(cli, dataset, "silbe-align", silbe_align_stage_run, worst);
    return silbe_stage_of_chain(cli, dataset, "silbe-evaluate", silbe_evaluate_stage_run, worst);
}
