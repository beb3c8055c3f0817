/*
 * The examinations of `silbe doctor`, in the order of its table. Each is a step
 * (features/base/status.h) that appends what it found; what does not work is a finding and no
 * failure.
 */
#ifndef SILBE_DOCTOR_CHECKS_H
#define SILBE_DOCTOR_CHECKS_H

#include "pipeline/commands/doctor_findings.h"
#include "pipeline/settings/config.h"

/* Version, build, executable. */
void silbe_doctor_program(silbe_findings *findings, silbe_err *err);

/* Processor, kernels, threads, OpenBLAS, FFTW. */
void silbe_doctor_machine(const silbe_config *config, silbe_findings *findings, silbe_err *err);

/* What libsndfile reads here. */
void silbe_doctor_audio(silbe_findings *findings, silbe_err *err);

/* eSpeak NG, the voice of acoustic.voice, the acoustic model. */
void silbe_doctor_speech(const silbe_config *config, silbe_findings *findings, silbe_err *err);

/* Programs that others parts of the work call. */
void silbe_doctor_programs(silbe_findings *findings, silbe_err *err);

/* The page of reports, locale, cache, configurations of the current folder. */
void silbe_doctor_place(silbe_findings *findings, silbe_err *err);

#endif
