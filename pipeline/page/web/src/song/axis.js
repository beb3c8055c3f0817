// Two common axes for the same line in several performances: seconds since its first word, and the
// score's bars.

import { interpolate, lastAtMost } from '../figures.js';

/** Position in quarter notes as bars: 5.5 is the middle of bar 5. */
export function barsOf(measures, endQ, q) {
    const onsets = measures.map(([, onset]) => onset);
    const i = Math.max(0, lastAtMost(onsets, q + 1e-6));
    const length = (onsets[i + 1] ?? endQ) - onsets[i];
    return measures[i][0] + (length > 0 ? (q - onsets[i]) / length : 0);
}

/** Path of an item in a mode, from its score positions and times; null if it has none. */
export function pathOf(item, mode) {
    const own = item.modes[mode]?.path;
    if (own && own[0].length > 1) {
        return { q: own[0], s: own[1] };
    }
    // Without a path its words tell, where they have positions.
    const words = item.words.map((_, i) => [item.onset_q[i], item.modes[mode]?.start[i]])
        .filter(([q, s]) => (q ?? null) !== null && (s ?? null) !== null);
    const rising = words.filter(([q, s], i) => i === 0 || (q > words[i - 1][0] && s > words[i - 1][1]));
    return rising.length > 1 ? { q: rising.map(([q]) => q), s: rising.map(([, s]) => s) } : null;
}

/** The words of a line in one performance: [{i, start, end, reference}] on the axis; null: none. */
export function lineOnAxis(item, mode, line, axis) {
    const [, , first, n] = item.lines[line] ?? [null, null, 0, 0];
    const result = item.modes[mode];
    const indices = Array.from({ length: n }, (_, k) => first + k)
        .filter((i) => (result?.start[i] ?? null) !== null);
    if (indices.length === 0) {
        return null;
    }
    const reference = (i) => item.reference.start[i] ?? null;
    if (axis === 's') {
        const zero = result.start[indices[0]];
        return indices.map((i) => ({ i, start: result.start[i] - zero, end: result.end[i] - zero,
            reference: reference(i) === null ? null : reference(i) - zero }));
    }
    const path = pathOf(item, mode);
    return indices.filter((i) => (item.onset_q[i] ?? null) !== null).map((i) => ({
        i, start: item.onset_q[i], end: item.end_q[i],
        reference: reference(i) === null || path === null ? null
            : interpolate(path.s, path.q, reference(i)),
    }));
}

/** Where the bar lines of a line lie: [{bar, at}] on the axis. In seconds they differ by version. */
export function barLines(item, mode, axis, from, to, zero) {
    const path = pathOf(item, mode);
    return item.measures.map(([bar, q]) => ({
        bar, at: axis === 'q' ? q : path === null ? NaN : interpolate(path.q, path.s, q) - zero,
    })).filter(({ at }) => at >= from - 1e-6 && at <= to + 1e-6);
}
