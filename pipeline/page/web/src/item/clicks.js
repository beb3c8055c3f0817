// A click at every word onset while the recording plays, so that errors are heard. Clicks are put
// on the clock of the audio hardware a little ahead; the recording itself is not touched.

const AHEAD_S = 0.15;
const JUMP_S = 0.3; // the recording's clock moved by more: somebody jumped

export class Clicks {
    constructor(player) {
        this.player = player;
        this.tracks = []; // [{onsets, hz}]
        this.context = null;
        this.scheduled = null; // recording time up to which clicks are out
        this.planned = []; // oscillators not yet heard
        this.n = 0;
        player.onTick((time) => this.tick(time));
    }

    /** onsets: ascending seconds. An empty list switches off. */
    setTracks(tracks) {
        this.tracks = tracks;
        this.forget();
        if (tracks.length > 0 && this.context === null) {
            this.context = new AudioContext();
        }
        this.context?.resume();
    }

    forget() {
        this.planned.forEach((oscillator) => oscillator.disconnect());
        this.planned = [];
        this.scheduled = null;
    }

    tick(time) {
        if (this.tracks.length === 0 || !this.player.isPlaying) {
            this.forget();
            return;
        }
        const end = time + AHEAD_S * this.player.audio.playbackRate;
        if (this.scheduled === null || time > this.scheduled + JUMP_S || end < this.scheduled - JUMP_S) {
            this.forget();
            this.scheduled = time;
        }
        for (const { onsets, hz } of this.tracks) {
            for (const onset of onsets) {
                if (onset >= this.scheduled && onset < end) {
                    this.click((onset - time) / this.player.audio.playbackRate, hz);
                }
            }
        }
        this.scheduled = Math.max(this.scheduled, end);
    }

    click(delay, hz) {
        const at = this.context.currentTime + Math.max(0, delay);
        const oscillator = this.context.createOscillator();
        const gain = this.context.createGain();
        oscillator.frequency.value = hz;
        gain.gain.setValueAtTime(0.35, at);
        gain.gain.exponentialRampToValueAtTime(0.001, at + 0.03);
        oscillator.connect(gain).connect(this.context.destination);
        oscillator.start(at);
        oscillator.stop(at + 0.04);
        oscillator.onended = () => {
            this.planned = this.planned.filter((other) => other !== oscillator);
        };
        this.planned.push(oscillator);
        this.n++;
    }

    destroy() {
        this.forget();
        this.context?.close();
    }
}
