// Moving a word's onset, with a pointer or with the keyboard.

import { el } from '../dom.js';

const STEP_S = 0.01;
const BIG_STEP_S = 0.05;

/** timeAt(clientX) -> seconds; onMove(word, time); onPick(word) when a drag begins. */
export function draggable({ timeAt, onMove, onPick }) {
    const state = { active: false };
    let dragged = null; // {word, node}

    function begin(event, word, node, start) {
        event.preventDefault();
        event.stopPropagation();
        const offset = start - timeAt(event.clientX);
        dragged = { word, node: node.parentElement };
        let moved = false;
        const move = (moving) => {
            if (!moved) { // a press alone changes nothing
                moved = Math.abs(moving.clientX - event.clientX) > 1;
                state.active = moved;
            }
            if (moved) {
                onMove(word, timeAt(moving.clientX) + offset);
            }
        };
        const end = () => {
            node.removeEventListener('pointermove', move);
            node.removeEventListener('pointerup', end);
            node.removeEventListener('pointercancel', end);
            state.active = false;
            dragged = null;
            onPick(word, { seek: false });
        };
        node.setPointerCapture(event.pointerId);
        node.addEventListener('pointermove', move);
        node.addEventListener('pointerup', end);
        node.addEventListener('pointercancel', end);
    }

    /** The grip at a word's onset. */
    state.handle = (word, start, isChosen, text) => {
        const node = el('span', {
            class: 'handle', role: 'slider', tabindex: isChosen ? 0 : -1,
            'aria-label': `Onset of ${text}`, 'aria-valuenow': start.toFixed(3),
            'aria-valuetext': `${start.toFixed(3)} seconds`, title: 'drag to correct the onset',
            onpointerdown: (event) => begin(event, word, node, start),
            onclick: (event) => event.stopPropagation(),
            onkeydown: (event) => {
                const step = (event.shiftKey ? BIG_STEP_S : STEP_S)
                    * ({ ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key] ?? 0);
                if (step !== 0) {
                    event.preventDefault();
                    event.stopPropagation();
                    onMove(word, start + step);
                    document.querySelector(`.block.estimate[data-word="${word}"] .handle`)?.focus();
                }
            },
        });
        return node;
    };

    /** While a drag goes on only its block moves: leftOf(word) in pixels. */
    state.place = (leftOf) => {
        if (dragged !== null) {
            dragged.node.style.left = `${leftOf(dragged.word)}px`;
        }
    };
    return state;
}
