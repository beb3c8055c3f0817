#include "pipeline/train/run/training.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/format.h"
#include "features/base/memory.h"
#include "pipeline/train/data/singing_source.h"
#include "pipeline/train/run/session.h"
#include "pipeline/train/run/speech_data.h"

enum { MAX_HELD_OUT = 64 };

/* Sets with licence and length, for the weights file. */
static void list_sets(const silbe_corpus *corpus, char *text, size_t size)
{
    size_t n = 0;
    text[0] = '\0';
    for (size_t s = 0; silbe_speech_set_at(s) != NULL; s++) {
        const silbe_speech_set *set = silbe_speech_set_at(s);
        double seconds = 0.0;
        for (size_t i = 0; i < corpus->n_utterances; i++) {
            const silbe_speech_item *item = corpus->utterances[i].item;
            seconds += item->set == set ? item->seconds : 0.0;
        }
        if (seconds > 0.0 && n < size) {
            n += (size_t)snprintf(text + n, size - n, "%s%s (%s, licence %s, %.1f minutes)",
                                  n > 0 ? "; " : "", set->name, set->language, set->licence,
                                  seconds / 60.0);
        }
    }
}

/* Of a list of paths the file names, and what played with them. */
static void list_fonts(const char *paths, char *text, size_t size)
{
    size_t n = 0;
    text[0] = '\0';
    for (const char *at = paths; *(at += strspn(at, " ")) != '\0' && n < size;) {
        size_t length = strcspn(at, " "), begin = length;
        while (begin > 0 && at[begin - 1] != '/') {
            begin--;
        }
        n += (size_t)snprintf(text + n, size - n, "%s%.*s",
                              n > 0 ? ", " : "by FluidSynth with the sound fonts ",
                              (int)(length - begin), at + begin);
        at += length;
    }
    if (n == 0) {
        (void)snprintf(text, size, "by a synthetic piano");
    }
}

static char *make_comment(const silbe_config *c, const silbe_speech_data *data, silbe_err *err)
{
    char sets[1024], fonts[512];
    list_fonts(c->train.sound_fonts, fonts, sizeof fonts);
    list_sets(&data->corpus, sets, sizeof sets);
    return silbe_format(
        err,
        "Acoustic model for singing, made by silbe-train %s from recordings of voices turned into "
        "something near accompanied singing.\nVoices: %s.\nAccompaniment: %zu pieces%s, played "
        "%s.\nTraining: %d steps of %d pieces, loss %s, peak rate %g, seed %d%s.\n",
        silbe_version(), sets, data->bank.n_pieces,
        c->train.scores[0] != '\0' ? ", made up and from scores in the public domain" : ", made up",
        fonts, c->train.steps, c->train.batch,
        c->train.loss == SILBE_TRAIN_CTC       ? "ctc"
        : c->train.loss == SILBE_TRAIN_SOFTDTW ? "softdtw"
                                               : "frames",
        c->train.peak_rate, c->train.seed,
        c->train.initial[0] != '\0' ? ", from weights that were there" : "");
}

/* All that goes into the batches. */
static char *describe(const silbe_config *c, const silbe_speech_data *data, silbe_err *err)
{
    size_t n_frames = 0;
    uint64_t names = 0, sound = 0;
    for (size_t i = 0; i < data->corpus.n_utterances; i++) {
        const silbe_utterance *u = &data->corpus.utterances[i];
        names = 31 * names + silbe_crc64(u->item->file, strlen(u->item->file));
    }
    for (size_t i = 0; i < data->bank.n_pieces; i++) {
        const silbe_matrix *m = &data->bank.pieces[i].logmel;
        n_frames += m->n_rows;
        sound = 31 * sound + silbe_crc64(m->data, m->n_rows * m->n_cols * sizeof *m->data);
    }
    return silbe_format(
        err,
        "%zu recordings %016llx\nheld out %.17g\nalignment %016llx\naccompaniment %zu "
        "pieces %zu frames %016llx",
        data->corpus.n_utterances, (unsigned long long)names, c->train.held_out,
        (unsigned long long)silbe_alignments_digest(&data->alignments), data->bank.n_pieces,
        n_frames, (unsigned long long)sound);
}

/* What training needs beside the data. */
typedef struct {
    silbe_session session;
    silbe_model initial;
    silbe_singing_source *source;
    silbe_singing_source *held_out;
    silbe_train_batch held_out_batch;
} training;

static void make_sources(training *t, const silbe_config *c, const silbe_speech_data *data,
                         silbe_err *err)
{
    silbe_singing_source_options o = {.singing = silbe_singing_options_default(),
                                      .join = silbe_join_options_default(),
                                      .logmel = t->session.logmel,
                                      .n_batch = (size_t)c->train.batch,
                                      .stride = t->session.shape.input_stride,
                                      .seed = (uint64_t)c->train.seed};
    silbe_try(err, silbe_singing_source_new(&o, &data->corpus, &data->training, &data->bank,
                                            &t->source, err));
    if (data->n_held_out > 0) {
        silbe_random random = {o.seed};
        o.n_batch = data->n_held_out < MAX_HELD_OUT ? data->n_held_out : MAX_HELD_OUT;
        o.seed += 1;
        silbe_try(err, silbe_singing_source_new(&o, &data->corpus, &data->held_out, &data->bank,
                                                &t->held_out, err));
        silbe_try(err, silbe_singing_source_next(t->held_out, 0, &random, &t->held_out_batch, err));
    }
}

static void read_initial(training *t, const silbe_config *c, silbe_err *err)
{
    silbe_try(err, silbe_session_shape(c, &t->session.shape, err));
    if (c->train.initial[0] != '\0') {
        silbe_try(err, silbe_weights_read(c->train.initial, &t->initial, err));
        silbe_try(err, silbe_session_check_initial(c->train.initial, &t->initial, &t->session.shape,
                                                   &t->session.logmel, err));
        t->session.initial = &t->initial;
    }
}

static void train(training *t, silbe_cli *cli, const silbe_speech_data *data, const char *out,
                  bool *is_complete, silbe_err *err)
{
    const silbe_config *c = &cli->config;
    char *comment = make_comment(c, data, err);
    char *description = describe(c, data, err);
    make_sources(t, c, data, err);
    t->session.config = c;
    t->session.log = &cli->log;
    t->session.name = "training";
    t->session.rate_hz = SILBE_TRAIN_RATE_HZ;
    t->session.out = out;
    t->session.description = description;
    t->session.comment = comment;
    t->session.source = silbe_singing_source_next;
    t->session.source_context = t->source;
    t->session.held_out = &t->held_out_batch;
    t->session.n_steps = (size_t)c->train.steps;
    t->session.n_batch = (size_t)c->train.batch;
    t->session.peak_rate = c->train.peak_rate;
    silbe_try(err, silbe_session_run(&t->session, NULL, is_complete, err));
    free(comment);
    free(description);
}

silbe_status silbe_speech_training_run(silbe_cli *cli, bool *is_complete, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    const silbe_config *c = &cli->config;
    silbe_speech_data data = SILBE_SPEECH_DATA_INIT;
    training t = {.source = NULL};
    *is_complete = false;
    /* What can be wrong with the settings is found before hours of work. */
    silbe_try(err, silbe_speech_logmel(c, &t.session.logmel, err));
    char *out = c->train.out[0] != '\0'
                    ? silbe_copy_text(c->train.out, err)
                    : silbe_format(err, "%s/train/singing.weights", c->work.folder);
    read_initial(&t, c, err);
    silbe_try(err, silbe_speech_data_new(cli, &data, is_complete, err));
    if (*is_complete) {
        train(&t, cli, &data, out, is_complete, err);
    }
    silbe_singing_source_free(t.source);
    silbe_singing_source_free(t.held_out);
    silbe_model_free(&t.initial);
    free(out);
    silbe_speech_data_free(&data);
    return err->status;
}
