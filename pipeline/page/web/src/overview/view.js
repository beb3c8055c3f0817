// All modes, versions and songs side by side.

import { choice, el, select } from '../dom.js';
import { overview, titleOfWork, versions, works } from '../data.js';
import { plural } from '../format.js';
import { boxGrid } from './boxes.js';
import { facts, failures, notes } from './facts.js';
import { distributions } from './distributions.js';
import { figuresTable, GROUPS } from './table.js';

function header() {
    const { dataset, items, modes } = overview();
    return el('header', { class: 'page' },
        el('p', { class: 'kicker' }, 'Silbe · word times'),
        el('h1', {}, dataset),
        el('p', { class: 'lead' }, [
            plural(items.length, 'recording'), ' of ', plural(works().length, 'song'), ' in ',
            plural(versions().length, 'version'), ', aligned in ',
            plural(modes.length, 'mode'), ': ', modes.map((mode) => mode.name).join(', ')].join('')));
}

/** A section whose content is made anew when a choice changes. */
function section(title, controls, make) {
    const body = el('div');
    const update = () => body.replaceChildren(make());
    const node = el('section', {}, el('div', { class: 'section-head' }, el('h2', {}, title),
        el('div', { class: 'controls' }, controls(update))), body);
    update();
    return node;
}

function figuresSection() {
    let group = 'item';
    return section('Figures', (update) => choice('Rows', GROUPS, group, (value) => {
        group = value;
        update();
    }), () => figuresTable(group));
}

function distributionsSection() {
    const filter = { work: '', version: '' };
    const set = (key, update) => (value) => {
        filter[key] = value;
        update();
    };
    return section('Errors', (update) => [
        select('Song', [['', 'all songs'], ...works().map((work) => [work, titleOfWork(work)])], '',
            set('work', update)),
        select('Version', [['', 'all versions'], ...versions().map((name) => [name, name || '(none)'])],
            '', set('version', update)),
    ], () => distributions(filter));
}

function boxesSection() {
    const modes = overview().modes.map((mode) => [mode.name, mode.name]);
    let mode = modes[0][0];
    return section('Songs and versions', (update) => modes.length < 2 ? [] : choice('Mode', modes, mode,
        (value) => {
            mode = value;
            update();
        }), () => boxGrid(mode));
}

export function overviewView() {
    return {
        title: overview().dataset,
        node: el('main', {}, header(), failures(), boxesSection(), distributionsSection(),
            figuresSection(), notes(), facts()),
    };
}
