// The word times of one recording in one mode, with what a person has set by hand. A view is told
// of every change.

import { overview } from '../data.js';
import { lastAtMost } from '../figures.js';

const MIN_GAP_S = 0.01; // between two onsets
const SAME_S = 0.001;
const NEW_WORD_S = 0.3; // shown length of a word that has a start by hand alone

export class WordTimes {
    constructor(item, mode) {
        this.item = item;
        this.key = `silbe:${overview().dataset}:${item.name}`;
        this.estimate = item.modes[mode]?.start ?? [];
        this.ends = item.modes[mode]?.end ?? [];
        this.confidence = item.modes[mode]?.confidence ?? [];
        /** Where each word's first sound is heard, and [word, symbol, start, end, confidence]. */
        this.firstSounds = item.modes[mode]?.sounding ?? [];
        this.phones = item.modes[mode]?.phones ?? [];
        /** Words that the mode did not find -> where they would be at best, or null. */
        this.lost = new Map((item.modes[mode]?.unmatched ?? []).map(([i, start]) => [i, start]));
        this.reference = item.reference.start;
        this.referenceEnds = item.reference.end;
        /** Word -> onset set by hand, those that were saved and read back included. */
        this.hand = new Map(item.reference.corrected.map((i) => [i, item.reference.start[i]]));
        this.nSaved = this.hand.size;
        this.listeners = new Set();
        this.restore();
        this.update();
    }

    onChange(listener) {
        this.listeners.add(listener);
    }

    /** Onset as it now stands, or null. */
    start(i) {
        return this.hand.get(i) ?? this.estimate[i] ?? null;
    }

    /** Where its first consonant is heard, or null; not of words that were moved by hand. */
    sounding(i) {
        return this.isHand(i) ? null : this.firstSounds[i] ?? null;
    }

    end(i) {
        const start = this.start(i);
        const own = Math.max(this.ends[i] ?? start + NEW_WORD_S, start);
        const next = this.next(i, 1);
        return next === null ? own : Math.min(own, this.start(next));
    }

    /** The nearest word with a time on that side (+1, -1), or null. */
    next(i, step) {
        for (let k = i + step; k >= 0 && k < this.item.words.length; k += step) {
            if (this.start(k) !== null) {
                return k;
            }
        }
        return null;
    }

    /** Estimate (or what was set by hand) minus reference in ms, or null. */
    error(i) {
        const reference = this.reference[i] ?? null;
        return reference === null || this.start(i) === null ? null
            : 1000 * (this.start(i) - reference);
    }

    isHand(i) {
        return this.hand.has(i);
    }

    /** Sets a word's onset, between its neighbours. */
    set(i, time) {
        const before = this.next(i, -1);
        const after = this.next(i, 1);
        const low = before === null ? 0 : this.start(before) + MIN_GAP_S;
        const high = after === null ? this.item.duration_s : this.start(after) - MIN_GAP_S;
        if (low > high && this.start(i) === null) {
            return; // there is no room between its neighbours
        }
        const bounded = Math.max(low, Math.min(high, time));
        this.hand.set(i, Math.round(1e4 * (low <= high ? bounded : this.start(i))) / 1e4);
        this.changed();
    }

    /** Takes the time as it stands for right. */
    confirm(i) {
        if (this.start(i) !== null && !this.isHand(i)) {
            this.hand.set(i, this.start(i));
            this.changed();
        }
    }

    confirmAll() {
        for (let i = 0; i < this.item.words.length; i++) {
            if (this.start(i) !== null) {
                this.hand.set(i, this.start(i));
            }
        }
        this.changed();
    }

    reset(i) {
        if (this.hand.delete(i)) {
            this.changed();
        }
    }

    changed() {
        this.update();
        this.store();
        this.listeners.forEach((listener) => listener());
    }

    update() {
        this.timed = this.item.words.map((_, i) => i).filter((i) => this.start(i) !== null);
        this.onsets = this.timed.map((i) => this.start(i));
    }

    /** The word that is sung at a time: the last that has begun, unless a pause followed; or -1. */
    at(time) {
        const k = lastAtMost(this.onsets, time + 1e-4);
        return k < 0 || time > this.end(this.timed[k]) + 0.3 ? -1 : this.timed[k];
    }

    /** Words that may be wrong: far from the reference, or, without one, of little confidence. */
    isBad(i) {
        const error = this.error(i);
        return this.start(i) === null ? false
            : error !== null ? Math.abs(error) > 100
                : !this.isHand(i) && (this.confidence[i] ?? 1) < 0.5;
    }

    // What was set and not yet saved outlives a reload.

    store() {
        try {
            localStorage.setItem(this.key, JSON.stringify([...this.hand]));
        } catch { /* private windows have no storage */ }
    }

    restore() {
        try {
            for (const [i, time] of JSON.parse(localStorage.getItem(this.key) ?? '[]')) {
                const known = this.hand.get(i);
                if (i < this.item.words.length && Number.isFinite(time) &&
                    (known === undefined || Math.abs(known - time) > SAME_S)) {
                    this.hand.set(i, time);
                }
            }
        } catch { /* as above, or not ours */ }
    }
}
