// The calendars of the example's exceptions and environments, read by Mozilla's iCalendar library and held against the JSON.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import ICAL from 'ical.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const site = process.env.SITE ?? join(root, 'target/example-site');
const feeds = join(site, 'feeds');
const calendars = readdirSync(feeds, { recursive: true }).filter(path => path.endsWith('.ics'));
const json = path => JSON.parse(readFileSync(join(site, 'api/v1', path), 'utf8'));

/** The events of a calendar, each with what the library made of it. */
function events(path) {
  const text = readFileSync(join(feeds, path), 'utf8');
  for (const line of text.split('\r\n')) {
    assert.ok(Buffer.byteLength(line) <= 75, `${path}: a line is longer than RFC 5545 allows: ${line}`);
    assert.ok(!line.includes('\n'), `${path}: a line ends without a carriage return: ${line}`);
  }
  const calendar = new ICAL.Component(ICAL.parse(text));
  assert.equal(calendar.getFirstPropertyValue('version'), '2.0');
  return calendar.getAllSubcomponents('vevent').map(component => new ICAL.Event(component, { strictExceptions: true }));
}

test('there is one for everybody, one for each team with exceptions, and one for each approving role', () => {
  assert.ok(calendars.includes('exceptions.ics'));
  const teams = new Set(json('exceptions/index.json').exceptions.map(row => row.team).filter(Boolean));
  for (const team of teams) assert.ok(calendars.includes(join('teams', `${team}.ics`)), `no calendar for ${team}`);
  assert.ok(calendars.some(path => path.startsWith('approvers')));
});

test('every event lasts whole days, is named once, and is about an exception or an environment that exists', () => {
  const known = new Map(json('exceptions/index.json').exceptions.map(row => [row.id, row]));
  const ending = new Map(json('environments/index.json').environments.map(row => [row.id, row]));
  let seen = 0;
  for (const path of calendars) {
    const names = new Set();
    for (const event of events(path)) {
      seen += 1;
      assert.ok(!names.has(event.uid), `${path}: ${event.uid} twice`);
      names.add(event.uid);
      assert.ok(event.startDate.isDate && event.endDate.isDate, `${path}: ${event.uid} has a time of day`);
      assert.equal(event.duration.toSeconds(), 24 * 60 * 60, `${path}: ${event.uid}`);
      if (event.uid.includes('.environment@')) {
        const place = ending.get(event.uid.split('.')[0]);
        assert.ok(place, `${path}: ${event.uid} is about nothing that is there`);
        assert.ok(event.summary.startsWith(place.id), `${path}: ${event.summary}`);
        continue;
      }
      const row = known.get(event.uid.split('.')[0]);
      assert.ok(row, `${path}: ${event.uid} is about nothing that is there`);
      assert.ok(event.summary.includes(row.service), `${path}: ${event.summary}`);
      if (event.uid.includes('.end@')) assert.equal(event.startDate.toString(), row.expiresAt, event.uid);
    }
  }
  assert.ok(seen > 20, `${seen} events`);
});

test('what a person wrote keeps its commas, semicolons and line breaks', () => {
  const described = events('exceptions.ics').find(event => event.uid.startsWith('EX-2026-0019.'));
  const { fields } = json('exceptions/EX-2026-0019.json');
  assert.ok(described.description.includes(fields.reason.value), described.description);
});
