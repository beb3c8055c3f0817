/* silbe-align, the stage alone, and silbe align, which does everything. */
#include <string.h>

#include "pipeline/adapt/adapt_stage.h"
#include "pipeline/commands/command.h"
#include "pipeline/commands/song_page.h"
#include "pipeline/commands/with_dataset.h"
#include "pipeline/ctc_matrix/command.h"
#include "pipeline/song/align_songs.h"
#include "pipeline/stages/stages.h"

static const char STAGE_DETAILS[] =
    "Writes for each item, below WORK/<dataset>/<mode>/ (align.mode: score, lyrics, joint):\n"
    "  words/<item>.csv, .json, .TextGrid, ...   word times (output.formats)\n"
    "  path/<item>.npy   score positions in quarter notes, seconds, confidence (not in lyrics)\n"
    "  phone_onsets.json   how long before its note the first sound of a word is heard, by sound "
    "(joint)\n"
    "\n"
    "With --posteriors it aligns the output of a CTC model of your own with a text instead:\n"
    "  silbe-align --posteriors x.npy --vocab vocab.json --text lyrics.txt --hop-ms 20\n"
    "  silbe-align --posteriors FOLDER --vocab vocab.json --hop-ms 20 [--out FOLDER]\n"
    "x.npy: frames x symbols, float32 or float64 (numpy.save): log-probabilities, probabilities "
    "or\n"
    "logits. A FOLDER holds NAME.npy and NAME.txt, perhaps NAME.anchors.csv. A word starts at the\n"
    "centre of the first frame of its first symbol; CTC models mark symbols by late, short spikes, "
    "so\n"
    "starts tend to be late and ends early (posteriors.offset_ms). Words that the recording does "
    "not\n"
    "seem to hold (posteriors.unmatched_logp) are reported and left out; the JSON file marks them.";

/* Places of the options of a user's own CTC output. */
enum { POSTERIORS, VOCAB, TEXT, OUT, HOP_MS, ANCHORS };

static const silbe_cli_extra STAGE_EXTRAS[] = {
    [POSTERIORS] = {"--posteriors", NULL, "FILE|FOLDER", "output of a CTC model, see above", NULL},
    [VOCAB] = {"--vocab", NULL, "FILE",
               "its tokens: JSON {\"token\": number} or [\"token\"], or NAME.txt", NULL},
    [TEXT] = {"--text", NULL, "FILE", "the lyrics, UTF-8, a line for each verse", NULL},
    [OUT] = {"--out", "-o", "FOLDER|PREFIX", "where word times go instead of WORK/posteriors/",
             NULL},
    [HOP_MS] = {"--hop-ms", NULL, "MS", "distance of two frames (posteriors.hop_ms)", NULL},
    [ANCHORS] = {"--anchors", NULL, "FILE",
                 "known times, start;end;word;line (posteriors.anchor_tolerance_ms)", NULL},
};

const silbe_cli_spec silbe_align_stage_spec = {
    .program = "silbe-align",
    .summary = "features and labels to the time of every word",
    .usage = "DATASET|FOLDER [OPTION...]\n"
             "--posteriors FILE|FOLDER --vocab FILE [--text FILE] [OPTION...]",
    .details = STAGE_DETAILS,
    .settings = "align acoustic lyrics joint output",
    .extras = STAGE_EXTRAS,
    .n_extras = sizeof STAGE_EXTRAS / sizeof STAGE_EXTRAS[0],
    .operands = SILBE_CLI_DATASET,
    .dataset_optional = true,
};

int silbe_align_stage_command(silbe_cli *cli)
{
    const silbe_ctc_matrix_arguments arguments = {.posteriors = cli->extras[POSTERIORS],
                                                  .vocab = cli->extras[VOCAB],
                                                  .text = cli->extras[TEXT],
                                                  .out = cli->extras[OUT],
                                                  .hop_ms = cli->extras[HOP_MS],
                                                  .anchors = cli->extras[ANCHORS]};
    bool has_matrix = false;
    for (size_t i = 0; i < silbe_align_stage_spec.n_extras; i++) {
        has_matrix = has_matrix || cli->extras[i] != NULL;
    }
    return has_matrix ? silbe_ctc_matrix_command(cli, &arguments)
                      : silbe_with_dataset(cli, silbe_align_stage_run);
}

/* Places of the options of songs. */
enum {
    SONG_OUT,
    SONG_FORMAT,
    SONG_MODE,
    SONG_LANGUAGE,
    SONG_CORRECTIONS,
    SONG_PAGE,
    SONG_ADAPT,
    SONG_OVERWRITE
};

static const silbe_cli_extra SONG_EXTRAS[] = {
    [SONG_OUT] = {"--out", "-o", "FOLDER",
                  "where word times of songs go (beside the song); -: stdout", NULL},
    [SONG_FORMAT] = {"--format", "-f", "LIST", "formats, as csv,lrc (output.formats)",
                     "output.formats"},
    [SONG_MODE] = {"--mode", "-m", "MODE",
                   "score, lyrics, joint or auto; of a dataset also all "
                   "(align.mode)",
                   "align.mode"},
    [SONG_LANGUAGE] = {"--language", "-l", "VOICE",
                       "language of the text, a voice of eSpeak NG (acoustic.voice); "
                       "auto: it is recognised",
                       "acoustic.voice"},
    [SONG_CORRECTIONS] = {"--corrections", NULL, "FOLDER",
                          "words set by hand, as the page saves them (dataset.corrections)",
                          "dataset.corrections"},
    [SONG_PAGE] = {"--page", NULL, NULL, "also a page to listen to the songs and correct them",
                   NULL},
    [SONG_ADAPT] = {"--adapt", NULL, NULL,
                    "the acoustic model learns from these recordings first: slower, better", NULL},
    [SONG_OVERWRITE] = {"--overwrite", NULL, NULL,
                        "also files that silbe did not write, or that were changed since", NULL},
};

const silbe_cli_spec silbe_align_spec = {
    .program = "silbe align",
    .summary = "songs, or a dataset, to the time of every word",
    .usage = "SONG TEXT|SCORE... [OPTION...]\nDATASET|FOLDER [OPTION...]",
    .details =
        "Songs: recordings (wav, flac, ogg, mp3, ...), texts (.txt, UTF-8, written as they are\n"
        "sung; - reads standard input) and scores (.musicxml, .xml, .mxl), in any order. With\n"
        "several recordings, texts and scores go by their names; where none is named, the one\n"
        "beside the recording is taken. A text alone is aligned by its sounds (mode lyrics), a\n"
        "score alone by its notes (score), both together by both (joint). Writes SONG.words.csv,\n"
        ".json, .lrc, .TextGrid and so on.\n"
        "A dataset, or a folder of songs with texts beside them: all stages, into "
        "WORK/<dataset>/,\n"
        "and a report where there are times to compare with.\n"
        "With --adapt the acoustic model first learns how these recordings sound, from their "
        "texts\n"
        "alone, all of one command together. A recording that this does not help is aligned by "
        "the\n"
        "model as it was, with a line that says why.",
    .examples = "  silbe align song.mp3 lyrics.txt\n"
                "  silbe align song.flac score.musicxml lyrics.txt -o times --page\n"
                "  silbe align swd --mode all\n"
                "  silbe align swd --mode lyrics --adapt",
    .settings = "align acoustic lyrics joint output",
    .extras = SONG_EXTRAS,
    .n_extras = sizeof SONG_EXTRAS / sizeof SONG_EXTRAS[0],
    .operands = SILBE_CLI_FILES_OR_DATASET,
    .dataset_optional = true,
};

/* Word times, and what the page is made of where one is wanted. */
static int align_and_show(silbe_cli *cli, const silbe_songs *songs)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_song_page page = SILBE_SONG_PAGE_INIT;
    silbe_align_songs_options options = {.folder = cli->extras[SONG_OUT],
                                         .adapt = cli->extras[SONG_ADAPT] != NULL,
                                         .overwrite = cli->extras[SONG_OVERWRITE] != NULL};
    if (cli->extras[SONG_PAGE] != NULL) {
        const char *out = options.folder;
        out = out != NULL && strcmp(out, "-") == 0 ? NULL : out;
        silbe_try(&err,
                  silbe_song_page_begin(&cli->config, songs, out, options.overwrite, &page, &err));
        options.page = &page.config;
    }
    int exit_code =
        silbe_failed(&err) ? silbe_cli_fail(cli, &err) : silbe_align_songs(cli, songs, &options);
    if (options.page != NULL && exit_code <= SILBE_EXIT_FAILED) {
        silbe_try(&err, silbe_song_page_write(cli, songs, &page, &err));
        exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : exit_code;
    }
    silbe_song_page_end(&page);
    return exit_code;
}

static int align_files(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    silbe_songs songs = SILBE_SONGS_INIT;
    const char *out = cli->extras[SONG_OUT];
    unsigned *formats = &cli->config.output.formats;
    if (out != NULL && strcmp(out, "-") == 0 && cli->extras[SONG_FORMAT] == NULL &&
        (*formats & SILBE_OUTPUT_CSV) != 0) {
        *formats = SILBE_OUTPUT_CSV;
    }
    silbe_try(&err, silbe_songs_sort(cli->operands, cli->n_operands, &songs, &err));
    int exit_code = silbe_failed(&err) ? silbe_cli_fail(cli, &err) : align_and_show(cli, &songs);
    silbe_songs_free(&songs);
    return exit_code;
}

int silbe_align_command(silbe_cli *cli)
{
    silbe_err err = SILBE_ERR_INIT;
    if (cli->n_operands > 0) {
        return align_files(cli);
    }
    if (cli->extras[SONG_OUT] != NULL) {
        (void)silbe_fail(&err, SILBE_ERR_ARGUMENT,
                         "--out is for songs; where results of a dataset go says --work");
        return silbe_cli_fail(cli, &err);
    }
    if (!cli->has_dataset) {
        (void)silbe_fail(&err, SILBE_ERR_ARGUMENT,
                         "nothing to align: name a recording and its text, a folder of them, or a "
                         "dataset (silbe align --help)");
        return silbe_cli_fail(cli, &err);
    }
    return silbe_with_dataset(cli, cli->extras[SONG_ADAPT] != NULL ? silbe_adapted_chain_run
                                                                   : silbe_chain_run);
}
