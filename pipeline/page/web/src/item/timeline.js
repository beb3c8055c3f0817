// Waveform with the words below it, reference and estimate one above the other. Only the words in
// sight are elements, so that an opera is as quick as a song.

import WaveSurfer from 'wavesurfer.js';
import { el, svg } from '../dom.js';
import { gradeOf } from '../figures.js';
import { signedMs } from '../format.js';
import { colour } from '../plots.js';
import { draggable } from './drag.js';

const MIN_PX_PER_S = 10;
const MAX_PX_PER_S = 800;
const MIN_PHONE_PX_PER_S = 40; // phones would be a grey smear below
const MIN_EARLY_S = 0.01;

function decodePeaks(peaks) {
    if (peaks === null) {
        return null;
    }
    const bytes = atob(peaks.data);
    return Float32Array.from(bytes, (character) => character.charCodeAt(0) / 255);
}

/** What the timeline needs of its surroundings: onSeek(time), onPick(word). */
export function timeline(item, times, player, { onSeek, onPick }) {
    const wave = el('div', { class: 'wave', role: 'img', 'aria-label': 'Waveform' });
    const links = svg('svg', { class: 'links', 'aria-hidden': 'true' });
    const words = el('div', { class: 'blocks' });
    const head = el('div', { class: 'playhead' });
    const lanes = el('div', { class: 'lanes' }, links, words, head);
    const hasReference = times.reference.some((time) => time !== null);
    const names = el('div', { class: 'lane-names', 'aria-hidden': 'true' },
        el('span', {}, hasReference ? 'reference' : ''), el('span', {}, 'estimate'),
        el('span', {}, times.phones.length > 0 ? 'phones' : ''));
    let hasPhones = times.phones.length > 0;
    const node = el('div', { class: `timeline${hasPhones ? ' has-phones' : ''}` }, wave, lanes, names);
    let surfer = null;
    let pxPerS = 120;
    let chosen = -1;

    const scroll = () => surfer?.getScroll() ?? 0;
    const scale = () => Math.max(pxPerS, wave.clientWidth / item.duration_s);
    const x = (time) => time * scale() - scroll();

    function block(lane, i, start, end, grade, text) {
        const width = Math.max(2, (end - start) * scale() - 1);
        return el('div', {
            class: `block ${lane} grade-${grade}${i === chosen ? ' chosen' : ''}${
                lane === 'estimate' && times.isHand(i) ? ' hand' : ''}`,
            'data-word': i, title: text, onclick: () => onPick(i),
            style: { left: `${x(start)}px`, width: `${width}px` },
        }, el('span', {}, item.words[i]));
    }

    const drag = draggable({
        timeAt: (clientX) => (clientX - lanes.getBoundingClientRect().left + scroll()) / scale(),
        onMove: (i, time) => times.set(i, time),
        onPick,
    });

    function estimateBlock(i) {
        const start = times.start(i);
        const error = times.error(i);
        const confidence = times.confidence[i] ?? 1;
        const text = `${item.words[i]}: ${error === null ? 'no reference' : signedMs(error)}, ${
            times.isHand(i) ? 'set by hand' : `confidence ${confidence.toFixed(2)}`}`;
        const node = block('estimate', i, start, times.end(i), gradeOf(error), text);
        // A bar as long as the confidence.
        node.append(el('i', { class: 'confidence',
            style: { width: `${100 * (times.isHand(i) ? 1 : confidence)}%` } }),
        drag.handle(i, start, i === chosen, item.words[i]));
        return node;
    }

    /** Reference and estimate of a word, joined by a line in the colour of their difference. */
    function link(i) {
        const grade = gradeOf(times.error(i));
        return svg('line', { class: `grade-${grade}`, x1: x(times.reference[i]), x2: x(times.start(i)),
            y1: 28, y2: 44 });
    }

    /** A tick where the word's first consonant is heard, before the note. */
    function firstSound(i) {
        const early = times.start(i) - times.sounding(i);
        return el('i', { class: 'first-sound', 'data-word': i,
            title: `${item.words[i]}: first heard ${Math.round(1000 * early)} ms before its note`,
            style: { left: `${x(times.sounding(i))}px`, width: `${Math.max(2, early * scale())}px` } });
    }

    function phoneBlock([i, symbol, start, end, confidence]) {
        return el('div', { class: `phone${i === chosen ? ' chosen' : ''}`, 'data-word': i,
            title: `${symbol} of ${item.words[i]}: ${Math.round(1000 * (end - start))} ms, confidence ${
                (confidence ?? 0).toFixed(2)}`,
            onclick: () => onPick(i),
            style: { left: `${x(start)}px`, width: `${Math.max(1, (end - start) * scale() - 1)}px` } },
        symbol);
    }

    const phonesInSight = (from, to) => (hasPhones && scale() >= MIN_PHONE_PX_PER_S
        ? times.phones.filter(([, , start, end]) => start < to && end > from).map(phoneBlock) : []);

    function draw() {
        if (drag.active) { // the handle under the finger must stay the same element
            drag.place((i) => x(times.start(i)));
            return;
        }
        const from = scroll() / scale();
        const to = from + wave.clientWidth / scale();
        const visible = [];
        const lines = [];
        for (let i = 0; i < item.words.length; i++) {
            const reference = times.reference[i] ?? null;
            const start = times.start(i);
            if (reference !== null && reference < to) {
                const end = times.referenceEnds[i] ?? times.reference[i + 1] ?? reference + 0.3;
                if (end > from) {
                    visible.push(block('reference', i, reference, end, gradeOf(times.error(i)),
                        item.words[i]));
                }
            }
            if (start !== null && start < to && times.end(i) > from) {
                visible.push(estimateBlock(i));
                if (times.sounding(i) !== null && start - times.sounding(i) >= MIN_EARLY_S) {
                    visible.push(firstSound(i));
                }
                if (reference !== null) {
                    lines.push(link(i));
                }
            }
        }
        words.replaceChildren(...visible, ...phonesInSight(from, to));
        links.replaceChildren(...lines);
        moveHead(player.time);
    }

    function moveHead(time) {
        head.style.transform = `translateX(${x(time)}px)`;
    }

    function setZoom(value) {
        pxPerS = Math.max(MIN_PX_PER_S, Math.min(MAX_PX_PER_S, value));
        surfer?.zoom(pxPerS);
        draw();
    }

    /** Brings a time into sight, unless it is there already. */
    function reveal(time) {
        const at = x(time);
        if (surfer && (at < 40 || at > wave.clientWidth - 80)) {
            surfer.setScroll(Math.max(0, time * scale() - wave.clientWidth / 3));
            draw();
        }
    }

    /** Called once the node is in the document: waveforms need a width. */
    function enter() {
        const peaks = decodePeaks(item.peaks);
        surfer = WaveSurfer.create({
            container: wave,
            height: 96,
            media: player.audio,
            peaks: [peaks ?? new Float32Array(2)],
            duration: item.duration_s,
            minPxPerSec: pxPerS,
            normalize: false,
            interact: true,
            autoScroll: true,
            autoCenter: false,
            waveColor: colour('--wave'),
            progressColor: colour('--wave-done'),
            cursorColor: colour('--accent'),
            cursorWidth: 2,
        });
        surfer.on('interaction', (time) => onSeek(time));
        for (const event of ['scroll', 'redraw', 'redrawcomplete', 'zoom', 'ready']) {
            surfer.on(event, draw);
        }
        draw();
    }

    lanes.addEventListener('wheel', (event) => {
        if (event.ctrlKey) {
            event.preventDefault();
            setZoom(pxPerS * Math.exp(-event.deltaY / 300));
        } else if (surfer && (event.deltaX !== 0 || event.shiftKey)) {
            event.preventDefault();
            surfer.setScroll(scroll() + event.deltaX + (event.shiftKey ? event.deltaY : 0));
        }
    }, { passive: false });
    lanes.addEventListener('click', (event) => {
        if (event.target === lanes || event.target === words) {
            onSeek((event.clientX - lanes.getBoundingClientRect().left + scroll()) / scale());
        }
    });
    const resize = new ResizeObserver(draw);
    resize.observe(node);

    return {
        node, draw, enter, moveHead, reveal, setZoom,
        zoom: () => pxPerS,
        showPhones: (isShown) => {
            hasPhones = isShown;
            node.classList.toggle('has-phones', isShown);
            draw();
        },
        setChosen: (i) => {
            chosen = i;
            draw();
        },
        destroy: () => {
            resize.disconnect();
            surfer?.destroy();
        },
    };
}
