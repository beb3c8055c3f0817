// Numbers as people read them. Missing ones are a dash.

const DASH = '–';
const MINUS = '−';

const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);

/** Seconds as milliseconds: 0.0123 -> "12.3". */
export function ms(seconds, decimals = 1) {
    return isNumber(seconds) ? (1000 * seconds).toFixed(decimals).replace('-', MINUS) : DASH;
}

/** Milliseconds with their sign. */
export function signedMs(milliseconds) {
    if (!isNumber(milliseconds)) {
        return DASH;
    }
    const rounded = Math.round(milliseconds);
    return `${rounded > 0 ? '+' : rounded < 0 ? MINUS : '±'}${Math.abs(rounded)} ms`;
}

/** A share 0..1 in percent. */
export const percent = (share) => (isNumber(share) ? (100 * share).toFixed(1) : DASH);

export const fixed = (value, decimals) => (isNumber(value) ? value.toFixed(decimals) : DASH);

export const count = (value) => (isNumber(value) ? value.toLocaleString('en') : DASH);

/** 83.25 -> "1:23.3" */
export function clock(seconds) {
    if (!isNumber(seconds)) {
        return DASH;
    }
    const tenths = Math.floor(10 * seconds + 1e-6);
    const minutes = Math.floor(tenths / 600);
    return `${minutes}:${((tenths - 600 * minutes) / 10).toFixed(1).padStart(4, '0')}`;
}

/** "1 song", "3 songs" */
export const plural = (n, noun) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
