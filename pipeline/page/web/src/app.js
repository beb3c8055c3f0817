// Which view is shown, by the part of the address behind '#':
//   nothing                the recording, if there is only one, else the overview
//   #/                     overview
//   #/item/item-0001/score one recording in one mode
//   #/song/WORK            one song in all versions

import { el } from './dom.js';
import { overview } from './data.js';
import { overviewView } from './overview/view.js';
import { itemView } from './item/view.js';
import { songView } from './song/view.js';

let leave = null; // ends the view that is shown
let turn = 0;

async function viewOf(parts) {
    const { items } = overview();
    if (location.hash === '' && items.length === 1) {
        return itemView(items[0].file);
    }
    if (parts[0] === 'item') {
        return itemView(parts[1], parts[2]);
    }
    if (parts[0] === 'song') {
        return songView(parts[1], parts[2]);
    }
    return overviewView();
}

async function show() {
    const own = ++turn;
    const place = document.getElementById('app');
    const parts = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
    let view;
    try {
        view = overview() === null
            ? { node: el('main', {}, el('p', { class: 'problem' },
                'data/overview.js is missing beside this page. `make report` writes it.')) }
            : await viewOf(parts);
    } catch (error) {
        view = { node: el('main', {}, el('p', { class: 'problem' }, `This cannot be shown: ${error.message}`),
            el('p', {}, el('a', { href: '#/' }, 'Overview'))) };
    }
    if (own !== turn) { // another view was asked for in the meantime
        view.leave?.();
        return;
    }
    leave?.();
    leave = view.leave ?? null;
    place.replaceChildren(view.node);
    document.title = view.title ? `${view.title} – Silbe` : 'Silbe';
    view.enter?.();
    window.scrollTo(0, 0);
}

window.addEventListener('hashchange', show);
// Plots and waveforms are painted in the colours of the moment.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
show();
