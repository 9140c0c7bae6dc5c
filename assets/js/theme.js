// Keeps the reader's theme: system, light or dark. Runs in the head before anything is drawn; adds its switch to the footer.
{
  const apply = theme => { document.documentElement.dataset.theme = theme };
  const current = memory('theme') ?? 'system';
  apply(current);
  addEventListener('DOMContentLoaded', () => document.querySelector('.foot').append(element('fieldset', { class: 'theme', 'aria-label': 'Theme' },
    ...['system', 'light', 'dark'].map(name =>
      element('label', {}, element('input', { type: 'radio', name: 'theme', checked: name === current, onchange() { apply(name); memory('theme', name) } }), name)))));
}
