/*
 * Frames and seconds. The one place where the two meet.
 *
 * Frame t is centred on t * hop_s seconds: frame 0 on the first sample of the recording. Intervals
 * of frames are half-open, [begin, end).
 */
#ifndef SILBE_TIME_H
#define SILBE_TIME_H

#include <stddef.h>

/* Seconds on which frame (fractional allowed) is centred. */
static inline double silbe_time_of_frame(double frame, double hop_s)
{
    return frame * hop_s;
}

/* Fractional frame at time_s. */
static inline double silbe_frame_of_time(double time_s, double hop_s)
{
    return time_s / hop_s;
}

/* Number of frames of a recording of n_samples: one on every multiple of hop inside it. */
static inline size_t silbe_frame_count(size_t n_samples, size_t hop_samples)
{
    return n_samples == 0 ? 0 : (n_samples - 1) / hop_samples + 1;
}

#endif
