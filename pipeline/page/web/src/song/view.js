// One song in all versions: a line on a common axis, tempo curves, the same word in another voice.

import { choice, el, select } from '../dom.js';
import { loadItem, overview, rowsOfWork, titleOfWork } from '../data.js';
import { Player } from '../player.js';
import { lineLanes } from './lanes.js';
import { tempoPlot } from './tempo.js';

const AFTER_S = 0.4; // a word is easier to know with a bit of the next

async function load(work) {
    const rows = rowsOfWork(work);
    if (rows.length === 0) {
        throw new Error(`there is no song "${work}"`);
    }
    const items = await Promise.all(rows.map((row) => loadItem(row.file)));
    items.forEach((item, i) => {
        item.file = rows[i].file;
    });
    return items;
}

function playWord(player, item, i, mode, button) {
    document.querySelectorAll('.versions .sung').forEach((node) => node.classList.remove('sung'));
    button.classList.add('sung');
    const { start, end } = item.modes[mode];
    if (item.audio.src) {
        player.playOther(item.audio.src, start[i], end[i] + AFTER_S);
    }
}

export async function songView(work) {
    const items = await load(work);
    const modes = overview().modes.map(({ name }) => [name, name]);
    const lines = items[0].lines;
    const state = { mode: modes[0][0], line: 0, axis: 's' };
    const player = new Player(null);
    const lanes = el('div');
    const tempo = el('div');
    const lineSelect = select('Line', lines.map(([text], i) => [String(i), `${i + 1}. ${text}`]), '0',
        (value) => update({ line: Number(value) }));

    function update(change) {
        const isOtherMode = change.mode !== undefined;
        Object.assign(state, change);
        lanes.replaceChildren(lines.length === 0
            ? el('p', { class: 'muted' }, 'This song has no results.')
            : lineLanes(items, state.mode, state.line, state.axis, (item, i, button) =>
                playWord(player, item, i, state.mode, button)));
        if (isOtherMode || tempo.childElementCount === 0) {
            tempo.replaceChildren(tempoPlot(items, state.mode));
        }
    }

    function step(direction) {
        const line = Math.max(0, Math.min(lines.length - 1, state.line + direction));
        lineSelect.querySelector('select').value = String(line);
        update({ line });
    }
    const stepButton = (text, direction, label) => el('button', { type: 'button', 'aria-label': label,
        onclick: () => step(direction) }, text);

    update({});
    return {
        title: titleOfWork(work),
        node: el('main', {},
            el('header', { class: 'page item-head' },
                el('nav', { 'aria-label': 'Place' }, el('a', { href: '#/' }, overview().dataset), ' › ',
                    el('span', { 'aria-current': 'page' }, work)),
                el('h1', {}, titleOfWork(work))),
            el('section', {}, el('div', { class: 'section-head' }, el('h2', {}, 'A line in all versions'),
                el('div', { class: 'controls' },
                    modes.length > 1 && select('Mode', modes, state.mode, (mode) => update({ mode })),
                    stepButton('‹', -1, 'line before'), lineSelect, stepButton('›', 1, 'next line'),
                    choice('Axis', [['s', 'seconds'], ['q', 'bars']], 's',
                        (axis) => update({ axis })))),
            lanes, el('p', { class: 'muted small' }, 'A word plays where it stands, a name opens the recording.')),
            el('section', {}, el('h2', {}, 'Tempo'), tempo)),
        leave: () => player.destroy(),
    };
}
