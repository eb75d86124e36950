import { HeadRow } from './head-layout';

it.each([null, 7, 'text'])(
  'takes %p, as a damaged page may give it, for a row that is not intact',
  (stored) => {
    const row = new HeadRow(stored as never);
    expect([row.isIntact, row.length, row.get(0)]).toEqual([false, 0, NaN]);
  },
);
