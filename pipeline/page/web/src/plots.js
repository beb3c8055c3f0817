// uPlot in the page's colours, as wide as its place.

import uPlot from 'uplot';
import { el } from './dom.js';

export const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const seriesColour = (i) => colour(`--series-${i % 6}`);

const axis = (label, extra) => ({
    label,
    labelSize: 20,
    labelGap: 0,
    labelFont: '12px system-ui, sans-serif',
    font: '12px system-ui, sans-serif',
    stroke: colour('--muted'),
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { stroke: colour('--grid'), width: 1 },
    ...extra,
});

/**
 * A line plot with a description for screen readers. xs ascending; series: [{label, values, step}].
 */
export function plot({ description, xLabel, yLabel, xs, series, height = 240, xAxis = {}, yAxis = {},
    scales = {}, legend = true }) {
    const place = el('div', { class: 'plot', role: 'img', 'aria-label': description });
    let chart = null;
    const draw = () => {
        const width = Math.floor(place.clientWidth);
        if (width === 0) {
            return;
        }
        if (chart !== null) {
            chart.setSize({ width, height });
            return;
        }
        chart = new uPlot({
            width,
            height,
            cursor: { y: false, points: { size: 6 } },
            legend: { show: legend, live: true },
            scales: { x: { time: false }, ...scales },
            axes: [axis(xLabel, { size: 32, ...xAxis }), axis(yLabel, { size: 54, ...yAxis })],
            series: [
                { label: xLabel },
                ...series.map(({ label, step, format }, i) => ({
                    label,
                    stroke: seriesColour(i),
                    width: 2,
                    points: { show: false },
                    spanGaps: true,
                    value: (_, value) => (value === null || value === undefined
                        ? '–' : (format ?? String)(value)),
                    ...(step ? { paths: uPlot.paths.stepped({ align: 1 }),
                        fill: `${seriesColour(i)}22` } : {}),
                })),
            ],
        }, [xs, ...series.map(({ values }) => values)], place);
    };
    new ResizeObserver(draw).observe(place);
    return place;
}
