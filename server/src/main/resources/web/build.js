// Elements of the page. Whatever comes from a configuration enters as text, never as markup.

/** An element with attributes (or listeners: onclick and the like) and children, texts among them. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      made.addEventListener(name.slice(2), value);
    } else {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  append(made, children);
  return made;
}

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) {
      parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
}

/** Puts these in place of all that was there. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * The same, but elements that are like those that were there stay and take over texts and attributes: what is
 * pressed, focused, marked or opened stays so. Listeners stay as they were.
 */
export function renew(parent, ...children) {
  const fresh = document.createElement(parent.nodeName);
  append(fresh, children);
  adopt(parent, fresh);
}

function adopt(old, fresh) {
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  if (before.length !== after.length) {
    old.replaceChildren(...after);
    return;
  }
  before.forEach((node, i) => {
    const next = after[i];
    if (node.nodeName !== next.nodeName) {
      node.replaceWith(next);
    } else if (node.nodeType !== Node.ELEMENT_NODE) {
      if (node.data !== next.data) {
        node.data = next.data;
      }
    } else {
      attributes(node, next);
      adopt(node, next);
    }
  });
}

function attributes(old, fresh) {
  for (const {name} of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== 'open') {
      old.removeAttribute(name);
    }
  }
  for (const {name, value} of fresh.attributes) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
}

/** The address of a page of ours: words of the path, and parameters. */
export function address(path, parameters = {}) {
  const query = new URLSearchParams(
    Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')).toString();
  return '#/' + path + (query ? '?' + query : '');
}

export function link(text, path, parameters) {
  return el('a', {href: address(path, parameters)}, text);
}

const SIGNS = {ok: '●', warn: '▲', bad: '✖', none: '○'};

/** A state by sign and words, so that nobody has to tell colours apart. */
export function mark(level, text) {
  return el('span', {class: 'mark ' + level},
    el('span', {'aria-hidden': 'true'}, SIGNS[level] + ' '), text);
}

/**
 * A table; on a narrow screen each row becomes a block in which cells carry their column's name.
 * columns: [{title, number?, cell: row => text, element or array}].
 */
export function table(caption, columns, rows, nothing = 'none') {
  const head = el('tr', {}, columns.map(c => el('th', {scope: 'col', class: c.number && 'number'}, c.title)));
  const body = rows.map(row => el('tr', {}, columns.map(c =>
    el('td', {'data-label': c.title, class: c.number && 'number'}, el('span', {class: 'cell'}, c.cell(row))))));
  return rows.length === 0
    ? el('p', {class: 'quiet'}, nothing)
    : el('table', {}, el('caption', {}, caption), el('thead', {}, head), el('tbody', {}, body));
}

/** The steps from here back to the start: [[text, path, parameters], …]; the last is here. */
export function trail(...steps) {
  return el('nav', {class: 'trail', 'aria-label': 'Where this is'}, el('ol', {}, steps.map((step, i) =>
    el('li', {}, i === steps.length - 1
      ? el('span', {'aria-current': 'page'}, step[0])
      : link(step[0], step[1], step[2])))));
}

/** Buttons through a long list. go(offset) shows another part. */
export function pager(offset, size, total, go) {
  if (total <= size) {
    return null;
  }
  return el('div', {class: 'pager'},
    el('button', {type: 'button', disabled: offset === 0, onclick: () => go(Math.max(0, offset - size))}, 'Previous'),
    el('span', {}, `${offset + 1}–${Math.min(total, offset + size)} of ${total}`),
    el('button', {type: 'button', disabled: offset + size >= total, onclick: () => go(offset + size)}, 'Next'));
}

/** A field to search by; tells the text when the typing pauses. */
export function searchField(label, text, changed) {
  let timer;
  const input = el('input', {type: 'search', value: text, autocomplete: 'off', spellcheck: 'false',
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => changed(input.value), 250);
    }});
  return el('label', {class: 'field'}, el('span', {}, label), input);
}

/** What is shown only when somebody opens it, and made only then. */
export function folded(summary, make, open = false) {
  const inside = el('div', {});
  let made = false;
  const show = () => {
    if (!made) {
      made = true;
      Promise.resolve(make()).then(
        content => fill(inside, content), e => fill(inside, el('p', {class: 'error'}, e.message)));
    }
  };
  const details = el('details', {open, ontoggle: () => details.open && show()}, el('summary', {}, summary), inside);
  if (open) {
    show();
  }
  return details;
}

export function json(value) {
  return el('pre', {class: 'json', tabindex: '0'}, JSON.stringify(value, null, 2));
}
