// Bundles the page: node build.mjs OUTPUT_FOLDER. Browsers load no ES modules from disk, so
// everything becomes one classic script.
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const output = process.argv[2];
if (!output) {
    console.error('usage: node build.mjs OUTPUT_FOLDER');
    process.exit(2);
}

/** What the bundle contains that others wrote, with their licences: all fit with GPL-3. */
const LIBRARIES = [
    { name: 'wavesurfer.js', use: 'waveforms' },
    { name: 'uplot', use: 'plots' },
];
const FITS_GPL3 = new Set(['MIT', 'BSD-3-Clause']);

async function notice() {
    const parts = [
        'This page is part of Silbe and licensed as it is, GPL-3.0-or-later.',
        'It contains these libraries:',
    ];
    for (const { name, use } of LIBRARIES) {
        const folder = join('node_modules', name);
        const { version, license } = JSON.parse(await readFile(join(folder, 'package.json')));
        if (!FITS_GPL3.has(license)) {
            throw new Error(`${name} ${version}: look whether ${license} fits with GPL-3`);
        }
        const text = await readFile(join(folder, 'LICENSE'), 'utf8');
        parts.push(`---- ${name} ${version} (${use}), ${license} ----`, text.trim());
    }
    return `${parts.join('\n\n')}\n`;
}

await mkdir(output, { recursive: true });
await build({
    entryPoints: ['src/app.js', 'src/app.css'],
    outdir: output,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome100', 'firefox100', 'safari15'],
    charset: 'ascii',
    legalComments: 'none', // they are in NOTICE.txt
    logLevel: 'warning',
});
await copyFile('index.html', join(output, 'index.html'));
await writeFile(join(output, 'NOTICE.txt'), await notice());
