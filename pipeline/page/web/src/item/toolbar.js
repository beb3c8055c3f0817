// Play, speed, loop, clicks, zoom.

import { choice, el } from '../dom.js';
import { clock } from '../format.js';

export function toolbar(item, actions, { hasReference, hasPhones }) {
    const play = el('button', { type: 'button', class: 'primary play', onclick: actions.toggle },
        'Play');
    const time = el('output', { class: 'time' }, clock(0));
    const toggle = (text, action, title) => el('button', { type: 'button', 'aria-pressed': 'false',
        onclick: actions[action], title }, text);
    const half = toggle('½ speed', 'half', 'half speed (h)');
    const loop = toggle('Loop line', 'loop', 'loop this line (l)');
    const phones = hasPhones ? toggle('Phones', 'phones', 'what was heard of each word (p)') : null;
    const zoom = el('input', { type: 'range', min: 0, max: 100, value: 57, 'aria-label': 'Zoom',
        oninput: () => actions.zoomTo(10 * 80 ** (zoom.value / 100)) });
    const tracks = [['', 'off'], ['estimate', 'estimate']];
    if (hasReference) {
        tracks.push(['reference', 'reference'], ['both', 'both']);
    }
    const clicks = choice('Clicks', tracks, '', actions.setClicks);
    const node = el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'Player' },
        play, el('span', { class: 'times' }, time, ` / ${clock(item.duration_s)}`), half, loop, clicks,
        el('button', { type: 'button', onclick: actions.previousBad, title: 'bad word before (b)' },
            '◂ bad'),
        el('button', { type: 'button', onclick: actions.nextBad, title: 'next bad word (n)' },
            'bad ▸'), phones,
        el('label', { class: 'zoom' }, 'Zoom', zoom));
    const press = (button, isPressed) => button.setAttribute('aria-pressed', String(isPressed));
    return {
        node,
        show({ player, isHalf, isLooping, hasPhones: isShown }) {
            play.textContent = player.isPlaying ? 'Pause' : 'Play';
            play.disabled = !player.hasSound || player.failed;
            press(half, isHalf);
            press(loop, isLooping);
            if (phones !== null) {
                press(phones, isShown);
            }
        },
        showTime(seconds) {
            time.textContent = clock(seconds);
        },
        showZoom(pxPerS) {
            zoom.value = 100 * Math.log(pxPerS / 10) / Math.log(80);
        },
        showClicks(track) {
            clicks.querySelector(`input[value="${track}"]`).checked = true;
        },
    };
}
