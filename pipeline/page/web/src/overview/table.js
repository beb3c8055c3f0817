// Figures as the reports give them, sortable by every column.

import { el } from '../dom.js';
import { overview, titleOfWork } from '../data.js';
import { count, fixed, ms, percent } from '../format.js';

export const GROUPS = [['item', 'recordings'], ['song', 'songs'], ['version', 'versions'],
    ['mode', 'modes']];

const within = (tolerance) => ({
    label: `≤ ${tolerance} s`, title: `Words within ${tolerance} s, in %`,
    value: (row) => row.within?.[tolerance], format: percent,
});

const FIGURES = [
    { label: 'words', title: 'Words with a reference', value: (row) => row.words, format: count },
    { label: 'no time', title: 'Of these not found in the recording: they count as errors',
        value: (row) => row.missing, format: count },
    { label: 'mean', title: 'Mean absolute error in ms', value: (row) => row.mean_abs_s, format: ms },
    { label: 'median', title: 'Median absolute error in ms', value: (row) => row.median_abs_s,
        format: ms },
    { label: 'bias', title: 'Median signed error in ms: + is late', value: (row) => row.bias_s,
        format: ms },
    ...['0.05', '0.1', '0.3', '1.0'].map(within),
    { label: 'perceptual', title: 'Perceptual score, 0 to 1', value: (row) => row.perceptual,
        format: (value) => fixed(value, 2) },
    { label: 'derailed', title: 'Words off by more than a second, in %',
        value: (row) => row.derailed, format: percent },
];

const NAMES = {
    song: { label: 'song', value: (row) => titleOfWork(row.work), isText: true,
        href: (row) => `#/song/${encodeURIComponent(row.work)}` },
    version: { label: 'version', value: (row) => row.version, isText: true },
    mode: { label: 'mode', value: (row) => row.mode, isText: true },
};
NAMES.recording = { ...NAMES.song, href: (row) => row.href };

const COLUMNS = {
    item: [NAMES.recording, NAMES.version, NAMES.mode],
    song: [NAMES.song, NAMES.mode],
    version: [NAMES.version, NAMES.mode],
    mode: [NAMES.mode],
};

function rowsOf(group) {
    const files = new Map(overview().items.map((row) => [`${row.work}\n${row.version}`, row.file]));
    return overview().modes.flatMap(({ name, report }) => {
        const rows = {
            item: report?.items, song: report?.per_song?.songs, version: report?.per_version,
            mode: report ? [report.pooled] : [],
        }[group] ?? [];
        return rows.map((row) => {
            const file = files.get(`${row.work}\n${row.version}`);
            return { ...row, mode: name, href: file && `#/item/${file}/${encodeURIComponent(name)}` };
        });
    });
}

const byText = new Intl.Collator('de', { numeric: true });

/** Missing figures come last in both directions. */
function compare(column, direction) {
    return (a, b) => {
        const [left, right] = [column.value(a) ?? null, column.value(b) ?? null];
        if (left === null || right === null) {
            return (left === null) - (right === null);
        }
        const order = column.isText
            ? byText.compare(String(left), String(right)) : left - right;
        return direction * order;
    };
}

function cell(column, row, isFirst) {
    const text = (column.format ?? String)(column.value(row) ?? (column.isText ? '' : null));
    const href = column.href?.(row);
    return el(isFirst ? 'th' : 'td', isFirst ? { scope: 'row' } : { class: column.isText ? null : 'number' },
        href ? el('a', { href }, text) : text);
}

export function figuresTable(group) {
    const columns = [...COLUMNS[group], ...FIGURES];
    const rows = rowsOf(group);
    if (rows.length === 0) {
        return el('p', { class: 'muted' }, 'No mode was evaluated: `make evaluate` does it.');
    }
    const body = el('tbody');
    const heads = columns.map((column) => el('th', { scope: 'col', class: column.isText ? null : 'number',
        title: column.title }, el('button', { type: 'button', onclick: () => sortBy(column) },
        column.label)));
    const nodes = new Map(rows.map((row) =>
        [row, el('tr', {}, columns.map((column, i) => cell(column, row, i === 0)))]));
    const fill = () => body.replaceChildren(...rows.map((row) => nodes.get(row)));
    let direction = 0;
    let sorted = null;
    function sortBy(column) {
        direction = sorted === column ? -direction : 1;
        sorted = column;
        rows.sort(compare(column, direction));
        heads.forEach((head, i) => {
            head.removeAttribute('aria-sort');
            if (columns[i] === column) {
                head.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
            }
        });
        fill();
    }
    fill();
    return el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Figures' },
        el('table', { class: 'figures' }, el('thead', {}, el('tr', {}, heads)), body),
        el('p', { class: 'muted small' }, 'Errors in ms, estimate minus reference; shares in %.'));
}
