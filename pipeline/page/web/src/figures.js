// Statistics of errors. Errors are numbers in milliseconds, estimate minus reference.

/** Quantile by linear interpolation of a sorted array. */
export function quantile(sorted, p) {
    const at = p * (sorted.length - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

export const sortNumbers = (values) => Float64Array.from(values).sort();

/** Whiskers at 5 and 95 %, box at the quartiles; null without errors. */
export function boxOf(errors) {
    if (errors.length === 0) {
        return null;
    }
    const sorted = sortNumbers(errors);
    const [low, q1, median, q3, high] = [0.05, 0.25, 0.5, 0.75, 0.95].map((p) => quantile(sorted, p));
    return { low, q1, median, q3, high, n: sorted.length };
}

/** Half the range that holds 98 % of all errors, at least 50 ms, rounded up to a step. */
export function rangeOf(errors) {
    if (errors.length === 0) {
        return 100;
    }
    const widest = quantile(sortNumbers(errors.map(Math.abs)), 0.98);
    return Math.min(2000, Math.max(50, Math.ceil(widest / 25) * 25));
}

/** Shares of the errors in bins of [-range, range]; what lies outside counts in the outer bins. */
export function histogram(errors, range, nBins) {
    const shares = new Array(nBins).fill(0);
    for (const error of errors) {
        const bin = Math.floor((error + range) / (2 * range) * nBins);
        shares[Math.min(nBins - 1, Math.max(0, bin))] += 1 / errors.length;
    }
    return shares;
}

/** Share of the errors within each tolerance (ms, ascending). */
export function cumulative(errors, tolerances) {
    const sorted = sortNumbers(errors.map(Math.abs));
    let n = 0;
    return tolerances.map((tolerance) => {
        while (n < sorted.length && sorted[n] <= tolerance) {
            n++;
        }
        return sorted.length > 0 ? n / sorted.length : null;
    });
}

/** How bad an error is, for colours: 0 unknown, 1 within 50 ms, 2 100 ms, 3 300 ms, 4 beyond. */
export function gradeOf(errorMs) {
    if (errorMs === null || !Number.isFinite(errorMs)) {
        return 0;
    }
    const size = Math.abs(errorMs);
    return size <= 50 ? 1 : size <= 100 ? 2 : size <= 300 ? 3 : 4;
}

export const GRADES = ['no reference', 'within 50 ms', 'within 100 ms', 'within 300 ms',
    'more than 300 ms'];

/** Index of the last element of an ascending array that is <= value, or -1; nulls are skipped over. */
export function lastAtMost(values, value) {
    let found = -1;
    let low = 0;
    let high = values.length - 1;
    while (low <= high) {
        const middle = (low + high) >> 1;
        if (values[middle] <= value) {
            found = middle;
            low = middle + 1;
        } else {
            high = middle - 1;
        }
    }
    return found;
}

/** y at x on the line through (xs, ys), xs ascending; extended beyond its ends. */
export function interpolate(xs, ys, x) {
    if (xs.length < 2) {
        return xs.length === 1 ? ys[0] : NaN;
    }
    const i = Math.min(Math.max(lastAtMost(xs, x), 0), xs.length - 2);
    const step = xs[i + 1] - xs[i];
    return step > 0 ? ys[i] + (x - xs[i]) / step * (ys[i + 1] - ys[i]) : ys[i];
}
