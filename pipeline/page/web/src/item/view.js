// One recording: it plays, the lyrics show the word being sung, the timeline its onset.

import { el, select } from '../dom.js';
import { loadItem, overview } from '../data.js';
import { Player } from '../player.js';
import { itemActions } from './actions.js';
import { Clicks } from './clicks.js';
import { keyHelp, listenToKeys } from './keys.js';
import { legend, lyricsPanel } from './lyrics.js';
import { lostWords } from './lost.js';
import { timeline } from './timeline.js';
import { WordTimes } from './times.js';
import { toolbar } from './toolbar.js';
import { wordPanel } from './word_panel.js';

const address = (file, mode) => `#/item/${file}/${encodeURIComponent(mode)}`;

function header(item, file, mode) {
    const { items, modes } = overview();
    const at = items.findIndex((row) => row.file === file);
    const neighbour = (row, text) => row && el('a', { href: address(row.file, mode), class: 'button',
        title: [row.title ?? row.work, row.version].join(' ') }, text);
    return el('header', { class: 'page item-head' },
        el('nav', { 'aria-label': 'Place' }, el('a', { href: '#/' }, overview().dataset), ' › ',
            el('a', { href: `#/song/${encodeURIComponent(item.work)}` }, item.work), ' › ',
            el('span', { 'aria-current': 'page' }, item.version || item.name)),
        el('div', { class: 'head-row' },
            el('h1', {}, item.title ?? item.work, item.version && el('small', {}, item.version)),
            el('div', { class: 'controls' },
                modes.length > 1 && select('Mode', modes.map(({ name }) => [name, name]), mode,
                    (value) => {
                        location.hash = address(file, value);
                    }),
                el('a', { href: `#/song/${encodeURIComponent(item.work)}`, class: 'button' },
                    'Compare versions'),
                neighbour(items[at - 1], '‹ previous'), neighbour(items[at + 1], 'next ›'))));
}

function problems(item, mode, player) {
    const { modes } = overview();
    const failed = (modes.find(({ name }) => name === mode)?.report?.failed ?? [])
        .find((row) => row.work === item.work && row.version === item.version);
    const texts = [item.audio.problem, failed && `${failed.stage}: ${failed.reason}`,
        !failed && item.modes[mode]?.problem, item.reference.problem].filter(Boolean);
    const sound = el('p', { class: 'problem', hidden: true },
        'The browser cannot play this recording: its file is missing or of a format it does not know.');
    player.audio.addEventListener('error', () => {
        sound.hidden = !player.hasSound;
    });
    return [texts.map((text) => el('p', { class: 'problem' }, text)), sound];
}

/** Puts the parts together and lets each know what happens in the others. */
function build(item, mode, player) {
    const times = new WordTimes(item, mode);
    const page = { state: { word: -1, isHalf: false, isLooping: false, clicks: '', hasPhones: times.phones.length > 0 } };
    const { state } = page;
    page.pick = (i, { seek = true, focus = false } = {}) => {
        state.word = i;
        page.lyrics.setChosen(i, focus);
        page.timeline.setChosen(i);
        page.panel.show(i);
        page.actions.updateLoop();
        if (seek && times.start(i) !== null) {
            player.seek(times.start(i));
            page.timeline.reveal(times.start(i));
        }
    };
    page.lost = lostWords(item, times, (i) => {
        page.pick(i, { seek: false, focus: true });
        if (times.start(i) ?? times.lost.get(i) !== null) {
            page.actions.seek(times.start(i) ?? times.lost.get(i));
        }
    });
    page.show = () => page.toolbar.show({ player, ...state });
    page.actions = itemActions(item, times, player, page);
    page.clicks = new Clicks(player);
    page.lyrics = lyricsPanel(item, times, (i) => page.pick(i));
    page.panel = wordPanel(item, times, page.actions);
    page.timeline = timeline(item, times, player, { onSeek: (time) => player.seek(time), onPick: page.pick });
    page.toolbar = toolbar(item, page.actions, { hasPhones: state.hasPhones,
        hasReference: times.reference.some((time) => time !== null) });
    player.onTick((time) => {
        page.lyrics.setSung(times.at(time), player.isPlaying);
        page.timeline.moveHead(time);
        page.toolbar.showTime(time);
        page.show();
    });
    times.onChange(() => {
        page.lyrics.paint();
        page.timeline.draw();
        page.lost.paint();
        page.panel.show(state.word);
        page.actions.setClicks(state.clicks);
    });
    page.panel.show(-1);
    page.show();
    return { page, times };
}

export async function itemView(file, wantedMode) {
    const item = await loadItem(file);
    const names = overview().modes.map(({ name }) => name);
    const mode = names.includes(wantedMode) ? wantedMode : names[0];
    const player = new Player(item.audio.src);
    const { page, times } = build(item, mode, player);
    let stopListening = null;
    return {
        title: [item.title ?? item.work, item.version].filter(Boolean).join(', '),
        node: el('main', { class: 'item' }, header(item, file, mode), problems(item, mode, player),
            page.toolbar.node, page.timeline.node, legend(times.reference.some((time) => time !== null)),
            el('div', { class: 'columns' }, page.lyrics.node, page.panel.node),
            page.lost.node, keyHelp()),
        enter: () => {
            stopListening = listenToKeys(page.actions);
            page.timeline.enter();
        },
        leave: () => {
            stopListening?.();
            page.clicks.destroy();
            page.timeline.destroy();
            player.destroy();
        },
    };
}
