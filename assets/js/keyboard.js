// Keys: slash and Ctrl/Cmd-K search, g and a letter go to a section, ? lists them.
// Single keys disturb speech input, so the list has a switch that turns them off; Ctrl/Cmd-K always works.
{
  const places = new Map([...document.querySelectorAll('a[data-key]')].map(link => [link.dataset.key, link]));
  let single = memory('keys') !== 'off', going = -1500;
  const row = (text, ...keys) => [element('dt', {}, ...keys.flatMap(key => [element('kbd', {}, key), ' '])), element('dd', {}, text)];
  const dialog = element('dialog', { class: 'keys', 'aria-labelledby': 'keys', closedby: 'any' },
    element('h2', { id: 'keys' }, 'Keys'),
    element('dl', {}, ...row('search, always', /Mac|iP/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'), ...row('search', '/'), ...[...places].flatMap(([key, link]) => row(link.textContent, 'g', key)), ...row('this list', '?'), ...row('close', 'Esc')),
    element('label', {}, element('input', { type: 'checkbox', checked: single, onchange: event => { single = event.target.checked; memory('keys', single ? 'on' : 'off') } }), 'Single keys (off for speech input)'),
    button('Close', () => dialog.close()));
  document.body.append(dialog);
  const help = () => dialog.showModal();
  document.querySelector('.foot ul').append(element('li', {}, button('Keys', help, { class: 'copy' })));
  document.addEventListener('keydown', event => {
    const { key, target, ctrlKey, metaKey, altKey, timeStamp } = event;
    const find = () => { event.preventDefault(); milepost.open() };
    if (key === 'k' && ctrlKey !== metaKey && !altKey) return find();
    if (!single || ctrlKey || metaKey || altKey || target.isContentEditable || target.closest('input, select, textarea, dialog')) return;
    const place = timeStamp - going < 1500 && places.get(key);
    going = key === 'g' ? timeStamp : -1500;
    if (place) place.click();
    else if (key === '?') help();
    else if (key === '/') find();
  });
}
