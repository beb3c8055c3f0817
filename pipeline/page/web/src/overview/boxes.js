// A small box for each song and version, all on one scale.

import { el, svg } from '../dom.js';
import { overview, titleOfWork, versions, works } from '../data.js';
import { boxOf, gradeOf, rangeOf } from '../figures.js';
import { signedMs } from '../format.js';

const WIDTH = 120;
const HEIGHT = 26;

function drawing(box, range) {
    const x = (value) => Math.max(1, Math.min(WIDTH - 1, (value + range) / (2 * range) * WIDTH));
    const middle = HEIGHT / 2;
    const width = Math.max(2, x(box.q3) - x(box.q1));
    return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'box', 'aria-hidden': 'true' },
        svg('line', { x1: x(0), x2: x(0), y1: 0, y2: HEIGHT, class: 'zero' }),
        svg('line', { x1: x(box.low), x2: x(box.high), y1: middle, y2: middle, class: 'whisker' }),
        svg('rect', { x: x(box.q1), width, y: 6, height: HEIGHT - 12, rx: 2, class: 'middle' }),
        svg('line', { x1: x(box.median), x2: x(box.median), y1: 4, y2: HEIGHT - 4, class: 'median' }));
}

function cell(row, mode, range, failed) {
    if (row === undefined) {
        return el('td', { class: 'empty' });
    }
    const href = `#/item/${row.file}/${encodeURIComponent(mode)}`;
    if (failed.has(row.name)) {
        return el('td', {}, el('a', { href, class: 'failed-cell' }, 'failed'));
    }
    const box = boxOf(row.errors[mode] ?? []);
    if (box === null) {
        return el('td', {}, el('a', { href, class: 'muted' }, 'no reference'));
    }
    const worst = Math.max(Math.abs(box.low), Math.abs(box.high));
    const text = `median ${signedMs(box.median)}, half of the words between ${signedMs(box.q1)} and ${
        signedMs(box.q3)}, ${box.n} words`;
    return el('td', {}, el('a', { href, class: `box-link grade-${gradeOf(worst)}`, title: text,
        'aria-label': `${row.title ?? row.work} ${row.version}: ${text}` }, drawing(box, range)));
}

export function boxGrid(mode) {
    const { items, modes } = overview();
    const report = modes.find(({ name }) => name === mode).report;
    const failed = new Set((report?.failed ?? []).map((failure) =>
        items.find((row) => row.work === failure.work && row.version === failure.version)?.name));
    const range = rangeOf(items.flatMap((row) => row.errors[mode] ?? []));
    const byName = new Map(items.map((row) => [`${row.work}\n${row.version}`, row]));
    return el('div', { class: 'scroll', tabindex: 0, role: 'region',
        'aria-label': 'Errors of each song and version' },
    el('table', { class: 'grid' },
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'song'),
            versions().map((version) => el('th', { scope: 'col' }, version || 'recording')))),
        el('tbody', {}, works().map((work) => el('tr', {},
            el('th', { scope: 'row' }, el('a', { href: `#/song/${encodeURIComponent(work)}` },
                titleOfWork(work)),
            el('span', { class: 'muted small' }, work)),
            versions().map((version) => cell(byName.get(`${work}\n${version}`), mode, range, failed)))))),
    el('p', { class: 'muted small' }, `Signed errors from −${range} to +${range} ms: box, half of the `
        + 'words; whiskers, nine tenths; a box opens its recording, a title compares its versions.'));
}
