// <work>_<version>.words.csv: what silbe-evaluate reads as reference and silbe-align as anchors.
// Rows of confidence 1 were set or confirmed by hand; the others tell which words lie between.

const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

export function wordsCsv(item, times) {
    const rows = times.timed.map((i) => [
        times.start(i).toFixed(4),
        times.end(i).toFixed(4),
        quoted(item.words[i]),
        item.lineOfWord[i] + 1,
        times.isHand(i) ? '1.000' : Math.min(times.confidence[i] ?? 0, 0.999).toFixed(3),
    ].join(';'));
    return `start;end;word;line;confidence\n${rows.join('\n')}\n`;
}

export function download(name, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
