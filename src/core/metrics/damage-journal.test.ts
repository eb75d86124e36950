import { DamageJournal } from './damage-journal';

test('logs each damage once, with few of many series', () => {
  const lines: { from?: number; series?: number; seriesIds?: number[] }[] = [];
  const journal = new DamageJournal({ error: (fields: object) => void lines.push(fields) });
  const blob = {
    kind: 'head',
    seriesIds: Array.from({ length: 50 }, (_, id) => id),
    to: 9,
    problem: 'bad',
  } as const;
  journal.note({ ...blob, seriesIds: [...blob.seriesIds], from: 1 });
  journal.note({ ...blob, seriesIds: [...blob.seriesIds], from: 1 });
  journal.note({ ...blob, seriesIds: [...blob.seriesIds], from: 2 });
  expect(lines.map(({ from, series, seriesIds }) => [from, series, seriesIds!.length])).toEqual([
    [1, 50, 10],
    [2, 50, 10],
  ]);
});
