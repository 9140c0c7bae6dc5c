// Tables: sorts by one column, filters rows by their data attributes, says how many are left, keeps both in the address.
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const rows = [...table.tBodies[0].rows], heads = [...table.querySelectorAll('[data-key]')];
  const form = [...document.forms].find(form => form.dataset.filters === table.id);
  const fields = [...form?.querySelectorAll('input, select') ?? []];
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  let sorted = '';
  const save = () => {
    const address = new URLSearchParams(fields.filter(field => field.value).map(field => [field.name, field.value]));
    if (sorted) address.set('sort', sorted);
    // Some browsers refuse this on file://; then the view cannot be sent, and still works.
    try { history.replaceState(null, '', `?${address}${location.hash}`) } catch {}
  };
  const valueOf = cell => cell.dataset.value ?? cell.querySelector('time')?.dateTime ?? cell.textContent;
  const sort = (head, sign) => {
    sorted = (sign < 0 ? '-' : '') + head.dataset.key;
    for (const other of heads) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', sign < 0 ? 'descending' : 'ascending');
    // Rows that have nothing to sort by stay last in both directions.
    const keyed = rows.map(row => [valueOf(row.cells[head.cellIndex]), row]);
    table.tBodies[0].append(...keyed.sort(([a], [b]) => !a - !b || sign * compare(a, b)).map(([, row]) => row));
  };
  for (const head of heads) head.replaceChildren(button(head.textContent, () => { sort(head, head.ariaSort === 'ascending' ? -1 : 1); save() }));

  const valuesOf = (row, name) => row.dataset[name]?.split('|') ?? [];
  const fits = (row, { name, value }) => !value || (name === 'name'
    ? value.toLowerCase().split(/[\s-]+/).every(part => row.cells[0].textContent.toLowerCase().includes(part))
    : valuesOf(row, name).includes(value));
  const filter = () => {
    for (const row of rows) row.hidden = !fields.every(field => fits(row, field));
    for (const field of fields) field.classList.toggle('on', field.value);
    form.querySelector('output').textContent = `${rows.filter(row => !row.hidden).length} of ${rows.length} ${form.dataset.scope ?? ''}`;
  };
  const asked = new URLSearchParams(location.search);
  for (const field of fields) {
    const counts = new Map();
    for (const value of rows.flatMap(row => valuesOf(row, field.name))) counts.set(value, (counts.get(value) ?? 0) + 1);
    if (field.options) field.append(...[...counts].sort(([a], [b]) => compare(a, b)).map(([value, count]) => element('option', { value }, `${value} (${count})`)));
    field.value = asked.get(field.name) ?? '';
  }
  const wanted = asked.get('sort') ?? '', head = heads.find(head => head.dataset.key === wanted.replace(/^-/, ''));
  if (head) sort(head, wanted.startsWith('-') ? -1 : 1);
  if (form) {
    form.hidden = false;
    for (const type of ['input', 'reset']) form.addEventListener(type, () => setTimeout(() => { filter(); save() }));
    form.addEventListener('submit', event => event.preventDefault());
    filter();
  }
}
