// How fast each performance goes: quarter notes per minute over the score.

import { el } from '../dom.js';
import { interpolate } from '../figures.js';
import { plot } from '../plots.js';
import { barsOf, pathOf } from './axis.js';

/** Tempo around each position, measured over a bar so that single notes do not scatter it. */
function tempi(path, positions, span) {
    const [first, last] = [path.q[0], path.q.at(-1)];
    return positions.map((q) => {
        const from = Math.max(first, q - span / 2);
        const to = Math.min(last, q + span / 2);
        const seconds = interpolate(path.q, path.s, to) - interpolate(path.q, path.s, from);
        return q < first || q > last || to - from < span / 4 || seconds <= 0 ? null
            : 60 * (to - from) / seconds;
    });
}

export function tempoPlot(items, mode) {
    const paths = items.map((item) => ({ item, path: pathOf(item, mode) })).filter(({ path }) => path);
    const measures = items[0].measures;
    if (paths.length === 0 || measures.length < 2) {
        return el('p', { class: 'muted' }, 'Tempo curves need a score.');
    }
    const span = measures.at(-1)[1] - measures.at(-2)[1];
    const endQ = Math.max(...paths.map(({ path }) => path.q.at(-1)));
    const positions = [];
    for (let q = 0; q <= endQ; q += span / 4) {
        positions.push(q);
    }
    return plot({
        description: `Tempo of ${paths.length} performances over the bars of the score`,
        xLabel: 'bar', yLabel: 'quarter notes per minute', height: 280,
        xs: positions.map((q) => barsOf(measures, measures.at(-1)[1] + span, q)),
        series: paths.map(({ item, path }) => ({
            label: item.version || item.name, values: tempi(path, positions, span),
            format: (value) => value.toFixed(0),
        })),
    });
}
