// One line of the poem in all versions, one above the other.

import { el } from '../dom.js';
import { errorsOf } from '../data.js';
import { gradeOf } from '../figures.js';
import { signedMs } from '../format.js';
import { barLines, lineOnAxis } from './axis.js';

const share = (value) => `${(100 * value).toFixed(3)}%`;

/** items: one for each version; onPlay(item, word). */
export function lineLanes(items, mode, line, axis, onPlay) {
    const rows = items.map((item) => ({ item, words: lineOnAxis(item, mode, line, axis) }));
    const placed = rows.filter(({ words }) => words?.length > 0);
    if (placed.length === 0) {
        return el('p', { class: 'muted' }, axis === 'q' ? 'Bars need a score.'
            : 'No version has times for this line.');
    }
    const from = Math.min(...placed.map(({ words }) => words[0].start));
    const to = Math.max(...placed.map(({ words }) => words.at(-1).end));
    const at = (value) => share((value - from) / (to - from));

    function word(item, errors, entry) {
        const error = errors[entry.i];
        const text = `${item.words[entry.i]}, ${item.version}: ${error === null ? 'no reference'
            : signedMs(error)}`;
        return el('button', { type: 'button', class: `block estimate grade-${gradeOf(error)}`,
            'data-word': entry.i, title: text, 'aria-label': `Play ${text}`,
            onclick: (event) => onPlay(item, entry.i, event.currentTarget),
            style: { left: at(entry.start), width: share((entry.end - entry.start) / (to - from)) },
        }, el('span', {}, item.words[entry.i]));
    }

    function lane({ item, words }) {
        if (words === null) {
            return el('div', { class: 'lane' }, el('p', { class: 'muted small' }, 'not placed'));
        }
        const zero = axis === 's' ? item.modes[mode].start[words[0].i] : 0;
        const errors = errorsOf(item, mode);
        return el('div', { class: 'lane' },
            barLines(item, mode, axis, from, to, zero).map((bar) =>
                el('span', { class: 'bar-line', style: { left: at(bar.at) } }, String(bar.bar))),
            words.map((entry) => word(item, errors, entry)),
            words.filter(({ reference }) => reference !== null && reference >= from && reference <= to)
                .map(({ reference }) => el('span', { class: 'tick', style: { left: at(reference) } })));
    }

    return el('div', { class: 'versions' }, rows.map((row) => [
        el('a', { class: 'version', href: `#/item/${row.item.file}/${encodeURIComponent(mode)}` },
            row.item.version || row.item.name),
        lane(row)]),
    el('p', { class: 'muted small axis-note' }, axis === 'q'
        ? 'Words where the score has them; ticks: where the reference hears them. Numbers are bars.'
        : `0 to ${(to - from).toFixed(1)} s from the first word; ticks: reference. Numbers are bars.`));
}
