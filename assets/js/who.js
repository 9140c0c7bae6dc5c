// Whose is it: looks a thing up in the small files under search/who/, and shows who stands behind it.
// What a text asks about is read as in src/assess/who/asked.rs: change both or neither.
{
  const { load, hash, search } = milepost, root = document.documentElement.dataset.root, place = document.querySelector('[data-who]');
  const fold = text => text.normalize('NFKC').toLowerCase();
  const hex = (number, digits) => number.toString(16).padStart(digits, '0');
  const slot = (at, bits) => hex(at % 2 ** bits, Math.ceil(bits / 4) || 1);
  const file = name => load('who/' + name, read => read);
  const row = async key => (await file(slot(hash(fold(key.slice(2))), place.dataset.who))).answers.find(row => row.key === key);
  // What is said of accounts that have no row of their own has a gap where the account stands.
  const account = async id => await row('a ' + id) ?? JSON.parse(JSON.stringify(await row('a {account}')).replaceAll('{account}', id));
  const resource = async (arn, region, id) => {
    const own = /^\d{12}$/.test(id) ? id : 'none', [declared, home] = await Promise.all([row('r ' + arn), account(own)]);
    const known = name => home.regions.find(row => row.region === name), here = known(region) ?? known('{region}');
    if (here.shards !== undefined) {
      const at = hash(arn), code = ` ${hex(at, 8)}${hex(hash(arn, true), 8)}`;
      const { answers, reasons } = await file(`r/${hex(hash(`${own}:${region}`), 8)}-${slot(at, here.shards)}`);
      const found = answers.find(({ arns }) => arns.includes(code));
      if (found) return { ...found, reasons };
    }
    // Where its tags may be hidden, its region says whose it is in place of its account.
    return { ...home, ...here, ...declared, kind: 'a resource', notes: [['p', {}, [here.absent.replace('{region}', () => region)]]] };
  };
  const keys = text => {
    const equals = text.indexOf('='), name = text.slice(0, Math.max(equals, 0)), scheme = /:\/\//, cut = text.search(scheme);
    if (equals >= 0 && !scheme.test(name)) return [`t ${name.trim().toLowerCase()}=${text.slice(equals + 1).trim()}`];
    const address = cut < 0 ? '' : text.slice(cut + 3), below = cut < 0 ? text.replace(/^git@[^:]*:/, '') : address.replace(/^[^/]*/, '').split(/[?#]/)[0];
    const [org, repository, ...path] = below.split('/').filter(part => part && part !== '.'), all = ['n ' + fold(text.replace(/^@+/, ''))];
    if (repository) {
      if (address && path[0] === '-') path.shift();
      if (address && /^(blob|tree|raw|edit|blame)$/.test(path[0])) path.splice(0, 2);
      const whole = `${org}/${repository.replace(/\.git$/, '')}`.toLowerCase();
      const folders = path.length ? [...path, ''].map((_, at) => `p ${whole}/${path.slice(0, path.length - at).join('/')}`) : ['p ' + whole];
      all.push(...folders, 'e ' + whole);
    }
    return [...all, 'h ' + fold((address || text).split(/[/?#]/)[0].split('@').pop().split(':')[0]), 't ' + text];
  };
  const find = async text => {
    const [arn, partition, service, region, id, ...rest] = text.split(':');
    if (arn === 'arn' && partition && service && rest.join(':')) return resource(text, region, id);
    return /^\d{12}$/.test(text) ? account(text) : (await Promise.all(keys(text).map(row))).find(Boolean);
  };

  // What is shown comes as names, attributes and children; a number stands for a reason that several answers share.
  const say = (...text) => element('p', {}, ...text);
  // Seven answers: all of one file; of a resource row by row, -1 and -2 being those of the first and the second file.
  const lost = what => say(`Part of the index did not arrive: ${what} remains unknown here.`);
  const questions = async ({ about, files, rows }, make) => {
    const sheets = await Promise.all(files.map(file));
    const row = (at, number) => {
      const sheet = sheets[~at], made = make(sheet?.rows[number] ?? at);
      if (sheet) made.lastChild.append(make(sheet.of));
      return made;
    };
    return [make(about ?? sheets[0].about), element('dl', { class: 'facts two' }, ...(rows ?? sheets[0].rows).map(row))];
  };
  const show = async (text, { kind, owners, notes, reasons, seven }) => {
    const make = node => typeof node === 'string' ? node : node >= 0 ? make(reasons[node]) : element(node[0], node[1], ...node[2].map(make));
    const asked = seven ? await questions(seven, make).catch(() => [lost('the rest of the answer')]) : [];
    return [element('h2', {}, element('code', {}, text), ', ' + kind), ...[...owners, ...notes].map(make), ...asked];
  };
  const unheard = async text => {
    const { results } = await search(text);
    const near = results.slice(0, 5).map(({ id, kind: [, one, , path] }) => element('li', {}, element('a', { href: `${root}${path}${id}/index.html` }, id), `, ${one.toLowerCase()}`));
    return [element('h2', {}, element('code', {}, text)), say('Nothing is known of it here. The command ', element('code', {}, 'milepost who'), ' looks through all tags.'), ...near.length ? [say('Did you mean one of these?'), element('ul', {}, ...near)] : []];
  };
  let turn = 0;
  const ask = async () => {
    const text = input.value.trim(), now = ++turn;
    let shown = [];
    try { history.replaceState(null, '', '?q=' + encodeURIComponent(text)) } catch {}
    try {
      if (text) { const found = await find(text); shown = await (found ? show(text, found) : unheard(text)) }
    } catch { shown = [lost('whose it is')] }
    if (now === turn) out.replaceChildren(...shown);
  };
  const input = element('input', { type: 'text', class: 'find wide', 'aria-label': 'ARN, account, repository, tag, host or name', autocomplete: 'off', spellcheck: 'false', onpaste: () => setTimeout(ask) });
  const out = element('div', { 'aria-live': 'polite' });
  place.replaceChildren(element('form', { onsubmit: event => { event.preventDefault(); ask() } }, input, ' ', button('Whose is it?', ask, { class: 'find' })), out);
  input.value = new URLSearchParams(location.search).get('q') ?? '';
  ask();
}
