// Words that the mode did not find in the recording, with their lines.

import { languageOf } from '../data.js';
import { el } from '../dom.js';
import { clock, plural } from '../format.js';

/** onPick(word). Nothing is shown where there are none. */
export function lostWords(item, times, onPick) {
    const entries = [...times.lost].sort(([a], [b]) => a - b).map(([i, start]) => {
        const state = el('span', { class: 'muted' });
        const node = el('li', {}, el('button', { type: 'button', class: 'lost', 'data-word': i,
            onclick: () => onPick(i) }, el('span', { lang: languageOf(item, i) }, item.words[i])),
        ` line ${item.lineOfWord[i] + 1}`, start === null ? '' : `, at best ${clock(start)}`, state);
        return { i, node, state };
    });
    const paint = () => entries.forEach(({ i, state }) => {
        state.textContent = times.isHand(i) ? ', set by hand' : '';
    });
    paint();
    return {
        paint,
        node: entries.length === 0 ? null : el('section', { class: 'card lost-words' },
            el('h2', {}, `${plural(entries.length, 'word')} not found in the recording`),
            el('p', { class: 'muted small' }, 'They count as errors, and are left out of the files of '
                + 'word times. To place one: choose it, go to where it begins, and press s.'),
            el('ul', {}, entries.map(({ node }) => node))),
    };
}
