// The data that silbe-report wrote: scripts that put one value each into window.silbeData. A page
// opened from disk may load scripts, not fetch files.

const loading = new Map();

export const overview = () => window.silbeData?.overview ?? null;

/** The data of an item, by the key in its row ("item-0001"); loaded once. */
export function loadItem(key) {
    if (!loading.has(key)) {
        loading.set(key, new Promise((resolve, reject) => {
            const script = document.createElement('script');
            script.src = `data/${key}.js`;
            script.onload = () => resolve(prepare(window.silbeData[key]));
            script.onerror = () => reject(new Error(`data/${key}.js cannot be loaded`));
            document.head.append(script);
        }));
    }
    return loading.get(key);
}

/** Adds what the views derive from the data. */
function prepare(item) {
    item.lineOfWord = [];
    item.lines.forEach(([, , first, n], line) => {
        for (let i = first; i < first + n; i++) {
            item.lineOfWord[i] = line;
        }
    });
    return item;
}

/** Language of a word, for fonts, hyphens and voices that read it out. */
export const languageOf = (item, word) => item.lines[item.lineOfWord[word]]?.[4] ?? item.language;

/** Recordings of a work, in order. */
export const rowsOfWork = (work) => overview().items.filter((row) => row.work === work);

export const works = () => [...new Set(overview().items.map((row) => row.work))];

export const titleOfWork = (work) =>
    overview().items.find((row) => row.work === work && row.title)?.title ?? work;

export const versions = () => [...new Set(overview().items.map((row) => row.version))].sort();

/** Signed error in ms of each word of an item in a mode; null where it has none. */
export function errorsOf(item, mode) {
    const estimate = item.modes[mode]?.start ?? [];
    return item.words.map((_, i) => {
        const reference = item.reference.start[i] ?? null;
        return reference === null || (estimate[i] ?? null) === null
            ? null : 1000 * (estimate[i] - reference);
    });
}
