// The keyboard of the recording's page.

import { el } from '../dom.js';

/** actions: {name: function}; keys of one letter work anywhere but in fields. */
const KEYS = [
    [' ', 'toggle', 'space', 'play or pause'],
    ['ArrowRight', 'nextWord', '→', 'next word'],
    ['ArrowLeft', 'previousWord', '←', 'word before'],
    ['ArrowDown', 'nextLine', '↓', 'next line'],
    ['ArrowUp', 'previousLine', '↑', 'line before'],
    ['n', 'nextBad', 'n', 'next bad word'],
    ['b', 'previousBad', 'b', 'bad word before'],
    ['h', 'half', 'h', 'half speed'],
    ['l', 'loop', 'l', 'loop this line'],
    ['c', 'clicks', 'c', 'click track'],
    [',', 'earlier', ',', 'this word 10 ms earlier'],
    ['.', 'later', '.', 'this word 10 ms later'],
    ['s', 'here', 's', 'this word starts at the playhead'],
    ['k', 'confirm', 'k', 'this word is right as it is'],
    ['x', 'reset', 'x', 'undo what was set for this word'],
    ['p', 'phones', 'p', 'phones, where the mode hears them'],
    ['+', 'zoomIn', '+', 'zoom in'],
    ['-', 'zoomOut', '−', 'zoom out'],
];

/** A button, a field or a link keeps the keys that it needs itself. */
function isTaken(event) {
    const target = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || target.closest?.('input[type=range], select, '
        + 'textarea, [role=slider]')) {
        return true;
    }
    const isControl = target.closest?.('input, a, summary, button:not(.word)') !== null;
    return isControl && (event.key === ' ' || event.key.startsWith('Arrow'));
}

export function listenToKeys(actions) {
    const listener = (event) => {
        const row = KEYS.find(([key]) => key === event.key);
        if (row !== undefined && !isTaken(event)) {
            event.preventDefault();
            actions[row[1]]();
        }
    };
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
}

export const keyHelp = () => el('details', { class: 'keys' }, el('summary', {}, 'Keyboard'),
    el('dl', {}, KEYS.map(([, , sign, text]) => el('div', {}, el('dt', {}, el('kbd', {}, sign)),
        el('dd', {}, text)))));
