// A banner when the build is older than 36 hours. It adds to the page and changes nothing of what the page says.
{
  const hours = Math.floor((Date.now() - Date.parse(document.documentElement.dataset.built)) / 36e5);
  if (hours > 36) document.querySelector('main').prepend(element('p', { class: 'notice warning', role: 'status' },
    `Built ${hours} hours ago; what it says was true on the day named at its foot.`));
}
