// Making elements. Text only ever becomes text nodes, so data cannot become markup.

const SVG = 'http://www.w3.org/2000/svg';

function assign(node, properties) {
    for (const [key, value] of Object.entries(properties)) {
        if (value === null || value === undefined || value === false) {
            continue;
        }
        if (key.startsWith('on')) {
            node.addEventListener(key.slice(2), value);
        } else if (key === 'style') {
            for (const [name, text] of Object.entries(value)) {
                node.style.setProperty(name, text);
            }
        } else {
            node.setAttribute(key, value === true ? '' : String(value));
        }
    }
    return node;
}

function append(node, children) {
    for (const child of children.flat(Infinity)) {
        if (child !== null && child !== undefined && child !== false) {
            node.append(child);
        }
    }
    return node;
}

/** el('button', {class: 'x', onclick: f}, 'text', node, [nodes]) */
export function el(tag, properties = {}, ...children) {
    return append(assign(document.createElement(tag), properties), children);
}

/** The same for SVG. */
export function svg(tag, properties = {}, ...children) {
    return append(assign(document.createElementNS(SVG, tag), properties), children);
}

/** A choice among few: one radio group drawn as a row of buttons. options: [[value, label], ...] */
export function choice(label, options, value, onchange) {
    const name = `choice-${choice.count = (choice.count ?? 0) + 1}`;
    return el('fieldset', { class: 'choice' }, el('legend', {}, label),
        options.map(([key, text]) => el('label', {},
            el('input', {
                type: 'radio', name, value: key, checked: key === value,
                onchange: () => onchange(key),
            }),
            el('span', {}, text))));
}

/** A drop-down list. options: [[value, label], ...] */
export function select(label, options, value, onchange) {
    return el('label', { class: 'select' }, el('span', {}, label),
        el('select', { onchange: (event) => onchange(event.target.value) },
            options.map(([key, text]) =>
                el('option', { value: key, selected: key === value }, text))));
}
