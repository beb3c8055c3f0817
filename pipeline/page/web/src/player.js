// The recording: an <audio> element with what the views need on top.

/** Calls back on every frame while the recording plays, and after every jump. */
export class Player {
    constructor(src) {
        this.audio = new Audio();
        this.audio.preload = 'auto';
        this.listeners = new Set();
        this.loop = null; // [from_s, to_s] or null
        this.stopAt = null;
        this.frame = 0;
        for (const event of ['play', 'pause', 'seeked', 'seeking', 'loadedmetadata', 'ratechange',
            'error']) {
            this.audio.addEventListener(event, () => this.tick());
        }
        if (src) {
            this.audio.src = src;
        }
        this.hasSound = Boolean(src);
    }

    get time() {
        return this.pending ?? this.audio.currentTime;
    }

    get isPlaying() {
        return !this.audio.paused && !this.audio.ended;
    }

    get failed() {
        return this.audio.error !== null;
    }

    onTick(listener) {
        this.listeners.add(listener);
    }

    tick() {
        cancelAnimationFrame(this.frame);
        if (this.loop !== null && this.isPlaying && this.audio.currentTime >= this.loop[1]) {
            this.audio.currentTime = this.loop[0];
        }
        if (this.stopAt !== null && this.isPlaying && this.audio.currentTime >= this.stopAt) {
            this.pause();
        }
        for (const listener of this.listeners) {
            listener(this.time);
        }
        if (this.isPlaying) {
            this.frame = requestAnimationFrame(() => this.tick());
        }
    }

    /** Before the browser knows the length it would forget a jump. */
    seek(time) {
        const target = Math.max(0, time);
        this.stopAt = null;
        if (this.audio.readyState > 0) {
            this.audio.currentTime = target;
        } else if (this.hasSound) {
            this.pending = target;
            this.audio.addEventListener('loadedmetadata', () => {
                this.audio.currentTime = this.pending ?? target;
                this.pending = undefined;
            }, { once: true });
        } else {
            this.pending = target; // nothing sounds, but the place can be shown
        }
        this.tick();
    }

    play() {
        return this.hasSound ? this.audio.play().catch(() => this.tick()) : Promise.resolve();
    }

    pause() {
        this.stopAt = null;
        this.audio.pause();
    }

    toggle() {
        if (this.isPlaying) {
            this.pause();
        } else {
            this.play();
        }
    }

    /** Another recording, for the comparison of versions. */
    async playOther(src, from, to) {
        if (this.src !== src) {
            this.src = src;
            this.audio.src = src;
            this.hasSound = true;
        }
        this.seek(from);
        this.stopAt = to;
        await this.play();
    }

    destroy() {
        cancelAnimationFrame(this.frame);
        this.listeners.clear();
        this.audio.pause();
        this.audio.removeAttribute('src');
        this.audio.load();
    }
}
