// The poem in its lines; every word is a button that jumps to its onset.

import { el } from '../dom.js';
import { gradeOf, GRADES } from '../figures.js';
import { fixed, signedMs } from '../format.js';

function describe(item, times, i) {
    if (times.start(i) === null) {
        return times.lost.has(i) ? 'not found in the recording' : 'not placed';
    }
    const error = times.error(i);
    return [
        `${times.start(i).toFixed(2)} s`,
        error === null ? 'no reference' : `${signedMs(error)} from the reference`,
        times.isHand(i) ? 'set by hand' : `confidence ${fixed(times.confidence[i], 2)}`,
    ].join(', ');
}

export function lyricsPanel(item, times, onPick) {
    const buttons = item.words.map((text, i) => el('button', {
        type: 'button', class: 'word', 'data-word': i, tabindex: -1, onclick: () => onPick(i),
    }, text));
    const lines = [];
    const stanzas = [];
    item.lines.forEach(([, stanza, first, n, language], l) => {
        const line = el('p', { class: 'line', 'data-line': l, lang: language ?? item.language },
            buttons.slice(first, first + n).flatMap((button) => [button, ' ']));
        lines.push(line);
        (stanzas[stanza] ??= el('div', { class: 'stanza' })).append(line);
    });
    const node = el('div', { class: 'lyrics', lang: item.language, role: 'group', 'aria-label': 'Lyrics' },
        stanzas.filter(Boolean));
    let sung = -1;
    let chosen = -1;

    function paint() {
        buttons.forEach((button, i) => {
            const confidence = times.confidence[i] ?? 1;
            button.className = ['word', `grade-${gradeOf(times.error(i))}`,
                confidence < 0.5 && !times.isHand(i) ? 'unsure' : '',
                times.isHand(i) ? 'hand' : '', times.start(i) === null ? 'missing' : '',
                i === sung ? 'sung' : '', i === chosen ? 'chosen' : ''].filter(Boolean).join(' ');
            button.title = describe(item, times, i);
        });
    }

    /** The word that sounds. The view follows it only while it plays. */
    function setSung(i, follow) {
        if (i === sung) {
            return;
        }
        buttons[sung]?.classList.remove('sung');
        buttons[sung]?.removeAttribute('aria-current');
        lines[item.lineOfWord[sung]]?.classList.remove('sung-line');
        sung = i;
        buttons[i]?.classList.add('sung');
        buttons[i]?.setAttribute('aria-current', 'true');
        const line = lines[item.lineOfWord[i]];
        line?.classList.add('sung-line');
        if (follow && line) {
            const box = node.getBoundingClientRect();
            const own = line.getBoundingClientRect();
            if (own.top < box.top || own.bottom > box.bottom) {
                node.scrollTop += own.top - box.top - box.height / 3;
            }
        }
    }

    function setChosen(i, focus) {
        const old = buttons[chosen];
        old?.classList.remove('chosen');
        old?.setAttribute('tabindex', '-1');
        chosen = i;
        buttons[i]?.classList.add('chosen');
        buttons[i]?.setAttribute('tabindex', '0');
        if (focus) {
            buttons[i]?.focus({ preventScroll: false });
        }
    }

    paint();
    buttons[0]?.setAttribute('tabindex', '0');
    return { node, paint, setSung, setChosen };
}

/** What the colours mean. */
export function legend(hasReference) {
    const grades = hasReference ? [1, 2, 3, 4] : [];
    return el('p', { class: 'legend muted small' },
        grades.map((grade) => el('span', { class: `key grade-${grade}` }, GRADES[grade])),
        el('span', { class: 'key unsure' }, 'confidence below 0.5'),
        el('span', { class: 'key hand' }, 'set by hand'));
}
