// Everything about the chosen word, and its correction.

import { languageOf } from '../data.js';
import { el } from '../dom.js';
import { gradeOf } from '../figures.js';
import { clock, fixed, plural, signedMs } from '../format.js';
import { download, wordsCsv } from './words_csv.js';

const seconds = (value) => ((value ?? null) === null ? '–' : `${value.toFixed(3)} s`);

export function wordPanel(item, times, actions) {
    const facts = el('div', { 'aria-live': 'polite' });
    const state = el('p', { class: 'muted small' });
    const save = el('button', { type: 'button', class: 'primary', onclick: () => {
        download(`${item.name}.words.csv`, wordsCsv(item, times));
    } }, 'Save corrections');
    const button = (text, action, title) =>
        el('button', { type: 'button', onclick: () => actions[action](), title }, text);
    const node = el('aside', { class: 'word-panel', 'aria-label': 'Chosen word' }, facts,
        el('div', { class: 'buttons' },
            button('−10 ms', 'earlier', 'earlier (,)'), button('+10 ms', 'later', 'later (.)'),
            button('Right', 'confirm', 'right as it is (k)'), button('Undo', 'reset', 'undo (x)'),
            button('Starts now', 'here', 'this word starts at the playhead (s)')),
        el('hr'),
        state,
        el('div', { class: 'buttons' }, save,
            el('button', { type: 'button', title: 'after listening to the whole recording',
                onclick: () => times.confirmAll() }, 'All are right')),
        el('p', { class: 'muted small' }, 'Put the saved file into a folder and name it: ',
            el('code', {}, '--corrections FOLDER'), ' (make: ',
            el('code', {}, 'SET=dataset.corrections=FOLDER'),
            '). The evaluation then reads the words set by hand as reference, the alignment as '
            + 'anchors, in every mode.'));

    function show(i) {
        const error = i < 0 ? null : times.error(i);
        facts.replaceChildren(...(i < 0 ? [el('p', { class: 'muted' }, 'No word is chosen.')] : [
            el('h2', { lang: languageOf(item, i) }, item.words[i]),
            el('p', { class: 'muted' }, `line ${item.lineOfWord[i] + 1}, at ${clock(times.start(i))}`),
            el('dl', { class: 'facts' },
                el('dt', {}, 'Estimate'), el('dd', {}, seconds(times.estimate[i])),
                times.sounding(i) !== null
                    && [el('dt', {}, 'First heard'), el('dd', {}, seconds(times.sounding(i)))],
                times.lost.has(i) && [el('dt', {}, 'At best'), el('dd', {}, seconds(times.lost.get(i)))],
                el('dt', {}, 'Reference'), el('dd', {}, seconds(times.reference[i])),
                times.isHand(i) && [el('dt', {}, 'By hand'), el('dd', {}, seconds(times.start(i)))],
                el('dt', {}, 'Difference'),
                el('dd', { class: `grade-${gradeOf(error)}` }, error === null ? '–' : signedMs(error)),
                el('dt', {}, 'Confidence'), el('dd', {}, fixed(times.confidence[i], 3))),
        ]));
        state.textContent = times.hand.size === 0 ? 'Nothing was set by hand yet.'
            : `${plural(times.hand.size, 'word')} set by hand.`;
        save.disabled = times.hand.size === 0;
    }
    return { node, show };
}
