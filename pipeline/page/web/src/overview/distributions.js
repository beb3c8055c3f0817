// How the errors are distributed: histogram, and share of words within a tolerance.

import { el } from '../dom.js';
import { overview } from '../data.js';
import { cumulative, histogram, rangeOf } from '../figures.js';
import { plot } from '../plots.js';

const N_BINS = 50;
const TOLERANCES_MS = Array.from({ length: 101 }, (_, i) => 5 * i);

const shareText = (value) => `${(100 * value).toFixed(1)} %`;

export function distributions({ work, version }) {
    const { items, modes } = overview();
    const chosen = items.filter((row) => (work === '' || row.work === work) &&
        (version === '' || row.version === version));
    const all = modes.map(({ name }) => ({ name, errors: chosen.flatMap((row) => row.errors[name] ?? []) }))
        .filter(({ errors }) => errors.length > 0);
    if (all.length === 0) {
        return el('p', { class: 'muted' }, 'There is no reference to compare with.');
    }
    const range = rangeOf(all.flatMap(({ errors }) => errors));
    const bins = Array.from({ length: N_BINS + 1 }, (_, i) => range * (2 * i / N_BINS - 1));
    const percents = (_, values) => values.map((value) => `${Math.round(1000 * value) / 10} %`);
    return el('div', { class: 'pair' },
        el('figure', {}, el('figcaption', {}, 'Signed error: left is early, right is late'), plot({
            description: `Histogram of signed errors from -${range} to ${range} ms, of ${
                all.map(({ name }) => name).join(', ')}`,
            xLabel: 'ms', yLabel: 'words', xs: bins,
            series: all.map(({ name, errors }) => {
                const shares = histogram(errors, range, N_BINS);
                return { label: name, values: [...shares, shares[N_BINS - 1]], step: true,
                    format: shareText };
            }),
            yAxis: { values: percents },
        })),
        el('figure', {}, el('figcaption', {}, 'Words within a tolerance'), plot({
            description: `Share of words within a tolerance of 0 to 500 ms: ${all.map(({ name, errors }) =>
                `${name} ${shareText(cumulative(errors, [100])[0])} within 100 ms`).join(', ')}`,
            xLabel: 'tolerance, ms', yLabel: 'words', xs: TOLERANCES_MS,
            series: all.map(({ name, errors }) => ({
                label: name, values: cumulative(errors, TOLERANCES_MS), format: shareText })),
            scales: { y: { range: [0, 1.02] } },
            yAxis: { values: percents },
        })));
}
