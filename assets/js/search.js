// Search: reads the sharded index under search/ and shows what it finds in a dialog.
// The shards are scripts that call milepost(name, rows), because fetch does not work on file://.
// They hold arrays only, and every lookup goes through a Map: a name like __proto__ is just a name.
const milepost = (() => {
  const base = document.documentElement.dataset.root;
  const asked = new Map(), arrived = new Map();
  const load = (name, use) => {
    if (!asked.has(name)) asked.set(name, new Promise(done => {
      const script = element('script', { src: `${base}search/${name}.js` });
      script.onload = script.onerror = () => { script.remove(); done(use(arrived.get(name) ?? [])); arrived.delete(name) };
      document.head.append(script);
    }));
    return asked.get(name);
  };
  const table = name => load(name, rows => new Map(rows.map(row => [row[0], row])));
  const hash = (text, back) => new TextEncoder().encode(text)[back ? 'reduceRight' : 'reduce']((h, b) => Math.imul(h ^ b, 16777619), -2128831035) >>> 0;
  const words = text => text.normalize('NFKC').toLowerCase().match(/[\p{Alphabetic}\p{N}]+/gu) ?? [];
  const flat = text => words(text).join('-');
  const fileOf = leaf => 'n/n-' + encodeURIComponent(leaf).replaceAll('%', '_');
  const fits = (own, word, whole) => whole ? own === word : own.startsWith(word);
  let bits = 0, leaves = [], kinds = [];
  const bucket = async key => {
    const place = hash(key) % 2 ** bits;
    return (await table('w/' + place.toString(16).padStart(Math.ceil(bits / 4), '0'))).get(key) ?? [key, 0, 0];
  };

  // A list lies in one row when short, else in 2^power parts, by the hash of the entry.
  const list = ([key, size, power, ...entries], mark) => ({ size, parts: 2 ** power, part: async at => power ? (await bucket(key + mark + at % 2 ** power)).slice(3) : entries });
  // Names hold two kinds of rows: each word of a name, and each whole id with a hyphen after every word.
  const named = async (text, whole, ids) => {
    const hits = leaves.filter(leaf => (ids || !leaf.includes('-')) && (text.startsWith(leaf) || fits(leaf, whole ? text + '$' : text, whole)));
    const tables = await Promise.all(hits.slice(0, 4).map(leaf => table(fileOf(leaf))));
    const rows = tables.flatMap(rows => [...rows.values()]).filter(([own]) => !!ids === own.includes('-') && fits(own, text, whole));
    return { all: hits.length < 5, lists: rows.map(row => list(row, '@')) };
  };
  // The rarest term leads; what it finds must hold every other term, in its name or in its text.
  const find = async (terms, open, kind, found, exact) => {
    const known = await Promise.all(terms.map(async (word, at) => {
      const whole = at < terms.length - 1 || !open;
      const [names, text] = await Promise.all([named(word, whole), bucket(word)]);
      const size = names.lists.reduce((sum, { size }) => sum + size, text[1]);
      return { ...names, word, whole, text: list(text, '#'), size, cost: names.all ? size : Infinity };
    }));
    const lead = known.reduce((a, b) => b.cost < a.cost ? b : a);
    let complete = lead.all, checks = 48;
    const take = async (entry, byName) => {
      const id = entry.split('\t', 1)[0];
      if (found.has(id) || (kind && entry[0] !== kind)) return;
      const own = words(entry.slice(1));
      for (const { word, whole, text } of known) {
        if (word === lead.word || own.some(one => fits(one, word, whole))) continue;
        byName = false;
        if (!text.size) return;
        if (checks-- < 1) { complete = false; return }
        if (!(await text.part(hash(id[0] + flat(id.slice(1))))).includes(id)) return;
      }
      found.set(id, [entry, byName]);
    };
    // Forty are shown, so forty are enough; an id typed in full needs no search in texts.
    for (const source of [...lead.lists, lead.text]) for (let at = 0; at < source.parts; at += 8) {
      if (found.size > 40 || at > 31 || (exact && source === lead.text)) { complete = false; break }
      await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].slice(0, source.parts).map(async step => {
        await Promise.all((await source.part(at + step)).map(entry => take(entry, source !== lead.text)));
      }));
    }
    return { known, complete, named: [...found.values()].some(([, byName]) => byName) };
  };
  // One edit apart: a letter more, less, other, or two neighbours swapped.
  const near = (a, b) => {
    let i = 0, x = a.length, y = b.length;
    while (i < x && a[i] === b[i]) i++;
    while (x > i && y > i && a[x - 1] === b[y - 1]) { x--; y-- }
    return (x - i < 2 && y - i < 2) || (x - i === 2 && y - i === 2 && a[i] === b[i + 1] && a[i + 1] === b[i]);
  };
  // One edit leaves one half of a word whole (or swaps across the middle), so words are listed under both halves.
  const corrections = async word => {
    const a = [...word], m = a.length, half = m >> 1;
    const keys = new Set(['<' + a.slice(0, half - 1).join('') + a[half]]);
    for (const length of [m - 1, m, m + 1]) keys.add('<' + a.slice(0, length >> 1).join('')).add('>' + a.slice(m - length + (length >> 1)).join(''));
    const rows = await Promise.all(m > 2 ? [...keys].map(bucket) : []);
    return [...new Set(rows.flatMap(row => row.slice(3)))].filter(other => near(a, [...other])).slice(0, 4);
  };
  const search = async (query, kind = '', early) => {
    await load('root', root => { [, bits, leaves, kinds] = root.length ? root : [0, 0, [], []] });
    const joined = flat(query), terms = [...new Set(words(query))].slice(0, 8), open = /[\p{Alphabetic}\p{N}]$/u.test(query), results = new Map();
    if (!terms.length || !kinds.length) return { results: [], terms };
    const add = (found, used, extra) => {
      for (const [at, [entry, byName]] of found) {
        const [id, title] = entry.slice(1).split('\t'), own = words(id), name = own.join('-');
        const rank = extra || (name === joined ? 0 : name.startsWith(joined) ? 1 : !byName ? 4 : used.every(term => own.includes(term)) ? 2 : 3);
        const place = kinds.findIndex(([letter]) => letter === at[0]);
        if (!results.has(at)) results.set(at, { id, title, rank, kind: kinds[place], order: [rank, 10 + place, 1000 + name.length, id].join() });
      }
    };
    const sorted = () => [...results.values()].sort((a, b) => a.order < b.order ? -1 : 1);
    // First the ids that begin like this; they are drawn while the rest is looked up.
    const found = new Map(), ids = await named(joined + (open ? '' : '-'), false, true);
    for (const entry of (await Promise.all(ids.lists.map(list => list.part(0)))).flat()) if (!kind || entry[0] === kind) found.set(entry.split('\t', 1)[0], [entry, true]);
    add(found, terms, 0);
    if (found.size) early?.(sorted());
    const first = await find(terms, open, kind, found, sorted()[0]?.rank === 0);
    add(found, terms, 0);
    if (!first.named) for (const [at, word] of terms.entries()) for (const other of await corrections(word)) {
      const used = terms.with(at, other), next = new Map();
      if ((await find(used, open && at < terms.length - 1, kind, next)).named) add(next, used, 5);
    }
    return { results: sorted(), terms, ...first };
  };

  let active = -1, turn = 0, kind = '';
  const options = element('div', { role: 'listbox', id: 'found', 'aria-label': 'Found' });
  const status = element('p', { role: 'status' });
  const chips = element('div', { class: 'kinds', role: 'group', 'aria-label': 'Kind' });
  const choose = at => {
    options.children[active]?.removeAttribute('aria-selected');
    active = (at + options.children.length) % options.children.length;
    const option = options.children[active];
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', option?.id ?? '');
  };
  const option = (at, path, name, about) => element('a', { role: 'option', id: 'found-' + at, tabindex: -1, href: base + path }, element('b', {}, name), element('span', {}, about));
  const draw = results => {
    const text = input.value.trim(), asks = /^(arn:|\d{12}$)/.test(text) ? [option('who', 'who/index.html?q=' + encodeURIComponent(text), 'Who owns this?', 'Service, team, on call')] : [];
    options.replaceChildren(...asks, ...results.slice(0, 40).map(({ id, title, kind: [, one, , path] }, at) => option(at, `${path}${id}/index.html`, id, title ? `${title} · ${one}` : one)));
    input.setAttribute('aria-expanded', options.children.length > 0);
    choose(0);
  };
  const show = async () => {
    const now = ++turn;
    const { results, terms, known, complete } = await search(input.value, kind, results => now === turn && draw(results));
    if (now !== turn) return;
    draw(results);
    chips.replaceChildren(...(terms.length ? [['', '', 'All'], ...kinds] : []).map(([letter, , many]) =>
      button(many, () => { kind = letter; input.focus(); show() }, { 'aria-pressed': `${letter === kind}` })));
    status.textContent = !kinds.length ? 'No search index; see the A–Z pages.'
      : !terms.length ? 'An id, part of a name, or a word of the text.'
      : results.length ? `${results[0].rank > 4 ? 'One letter off: ' : ''}${options.children.length}${complete && results.length < 41 ? ' found' : ' shown, maybe more'}`
      : `Nothing holds all of this${known.filter(({ size }) => !size).map(({ word }) => `; “${word}” is nowhere`).join('')}.`;
  };
  const onkeydown = event => {
    const step = new Map([['ArrowDown', 1], ['ArrowUp', -1], ['Enter', 0]]).get(event.key);
    if (step === undefined || event.isComposing) return;
    event.preventDefault();
    if (step) choose(active + step); else options.children[active]?.click();
  };
  const input = element('input', { type: 'text', role: 'combobox', 'aria-label': 'Search', 'aria-expanded': 'false', 'aria-controls': 'found', 'aria-autocomplete': 'list', spellcheck: 'false', oninput: show, onkeydown });
  const dialog = element('dialog', { class: 'search', 'aria-label': 'Search', closedby: 'any' }, input, chips, status, options);
  document.body.append(dialog);
  const open = () => {
    dialog.showModal();
    input.select();
    show();
  };
  for (const link of document.querySelectorAll('[data-search]')) {
    const opener = button(link.textContent, open, { class: link.className, 'aria-haspopup': 'dialog', 'aria-keyshortcuts': '/ Control+K Meta+K' });
    opener.append(element('kbd', { 'aria-hidden': 'true' }, '/'));
    link.replaceWith(opener);
  }
  return Object.assign((name, rows) => arrived.set(name, rows), { open, search, load, hash });
})();
