// What buttons and keys of the recording's page do.

const NUDGE_S = 0.01;
const BEFORE_S = 0.02; // a loop begins a little before its first word

export function itemActions(item, times, player, page) {
    const { state } = page;

    /** Chooses the nearest word on that side (+1, -1) that fits. */
    function step(from, direction, fits = () => true) {
        let i = times.next(from, direction);
        while (i !== null && !fits(i)) {
            i = times.next(i, direction);
        }
        if (i !== null) {
            page.pick(i, { focus: true });
        }
    }

    /** First word of the next line on that side. */
    function stepLine(direction) {
        const line = (item.lineOfWord[state.word] ?? 0) + direction;
        if (item.lines[line] !== undefined) {
            const first = item.lines[line][2];
            page.pick(times.start(first) !== null ? first : times.next(first, 1) ?? first,
                { focus: true });
        }
    }

    const withWord = (change) => () => {
        if (state.word >= 0 && times.start(state.word) !== null) {
            change(state.word);
        }
    };

    function setLoop(isLooping) {
        const [, , first, n] = item.lines[item.lineOfWord[Math.max(0, state.word)]] ?? [];
        const timed = times.timed.filter((i) => i >= first && i < first + n);
        player.loop = isLooping && timed.length > 0
            ? [Math.max(0, times.start(timed[0]) - BEFORE_S), times.end(timed.at(-1))] : null;
        state.isLooping = player.loop !== null;
        page.show();
    }

    const clickTrack = (name) => ({
        estimate: { onsets: times.onsets, hz: 2000 },
        reference: { onsets: times.reference.filter((time) => time !== null), hz: 1000 },
    }[name]);

    const actions = {
        toggle: () => player.toggle(),
        nextWord: () => step(state.word, 1),
        previousWord: () => step(state.word, -1),
        nextLine: () => stepLine(1),
        previousLine: () => stepLine(-1),
        nextBad: () => step(state.word, 1, (i) => times.isBad(i)),
        previousBad: () => step(state.word, -1, (i) => times.isBad(i)),
        half: () => {
            state.isHalf = !state.isHalf;
            player.audio.playbackRate = state.isHalf ? 0.5 : 1;
            page.show();
        },
        loop: () => setLoop(!state.isLooping),
        updateLoop: () => state.isLooping && setLoop(true),
        clicks: () => {
            const next = state.clicks === '' ? 'estimate' : '';
            page.toolbar.showClicks(next);
            actions.setClicks(next);
        },
        setClicks: (name) => {
            state.clicks = name;
            const names = name === 'both' ? ['estimate', 'reference'] : [name];
            page.clicks.setTracks(names.map(clickTrack).filter(Boolean));
        },
        earlier: withWord((i) => times.set(i, times.start(i) - NUDGE_S)),
        later: withWord((i) => times.set(i, times.start(i) + NUDGE_S)),
        // Also for words that the mode did not find.
        here: () => {
            if (state.word >= 0) {
                times.set(state.word, player.time);
            }
        },
        confirm: withWord((i) => times.confirm(i)),
        reset: withWord((i) => times.reset(i)),
        pick: (i) => page.pick(i, { focus: true }),
        seek: (time) => {
            player.seek(time);
            page.timeline.reveal(time);
        },
        setPhones: (isShown) => {
            state.hasPhones = isShown;
            page.timeline.showPhones(isShown);
            page.show();
        },
        phones: () => times.phones.length > 0 && actions.setPhones(!state.hasPhones),
        zoomTo: (value) => page.timeline.setZoom(value),
        zoomIn: () => actions.zoomBy(1.5),
        zoomOut: () => actions.zoomBy(1 / 1.5),
        zoomBy: (factor) => {
            page.timeline.setZoom(factor * page.timeline.zoom());
            page.toolbar.showZoom(page.timeline.zoom());
        },
    };
    return actions;
}
