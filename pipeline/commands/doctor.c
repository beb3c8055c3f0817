/* silbe doctor: what is installed here, and whether it works. */
#include <stdio.h>

#include "pipeline/commands/command.h"
#include "pipeline/commands/doctor_checks.h"

enum { JSON };

static const silbe_cli_extra EXTRAS[] = {
    [JSON] = {"--json", NULL, NULL, "for programs: one JSON object", NULL},
};

const silbe_cli_spec silbe_doctor_spec = {
    .program = "silbe doctor",
    .summary = "what is installed here, and whether it works",
    .usage = "[--json]",
    .details =
        "Tries out what silbe stands on and prints a table: good; absent, which only narrows what\n"
        "can be done; BROKEN, which is needed, or which the settings ask for, and does not work.\n"
        "The exit code is 1 if anything is broken. The voice is that of acoustic.voice, the model\n"
        "that of acoustic.weights.",
    .extras = EXTRAS,
    .n_extras = sizeof EXTRAS / sizeof EXTRAS[0],
    .dataset_optional = true,
};

int silbe_doctor_command(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_findings findings = SILBE_FINDINGS_INIT;
    silbe_doctor_program(&findings, &err);
    silbe_doctor_machine(&cli->config, &findings, &err);
    silbe_doctor_audio(&findings, &err);
    silbe_doctor_speech(&cli->config, &findings, &err);
    silbe_doctor_programs(&findings, &err);
    silbe_doctor_place(&findings, &err);
    if (cli->extras[JSON] != NULL) {
        silbe_try(&err, silbe_findings_print_json(&findings, stdout, &err));
    } else if (!silbe_failed(&err)) {
        silbe_findings_print(&findings, stdout);
    }
    bool works = silbe_findings_count(&findings, SILBE_FOUND_BROKEN) == 0;
    silbe_findings_free(&findings);
    return silbe_failed(&err) ? silbe_cli_fail(cli, &err)
           : works            ? SILBE_EXIT_OK
                              : SILBE_EXIT_FAILED;
}
