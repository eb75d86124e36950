import type { SeriesDemandStore } from '../../src/core/cost/series-demand';

export interface SeriesDemandFixture {
  demand: SeriesDemandStore;
  /** Two series. */
  series: [number, number];
  close(): Promise<void>;
}

const DAY = 86_400_000;

/** What every SeriesDemandStore keeps to. */
export function describeSeriesDemand(name: string, make: () => Promise<SeriesDemandFixture>): void {
  test(`SeriesDemandStore: ${name} keeps the newest day of each series that there is`, async () => {
    const { demand, series, close } = await make();
    const [one, two] = series;
    await demand.note(new Map([[one, 5 * DAY]]));
    await demand.note(
      new Map([
        [one, 4 * DAY],
        [987_654, 4 * DAY],
      ]),
    );
    expect(await demand.lastRead([one, two, 987_654])).toEqual(new Map([[one, 5 * DAY]]));
    await demand.note(
      new Map([
        [one, 6 * DAY],
        [two, 6 * DAY],
      ]),
    );
    expect(await demand.lastRead([two, one])).toEqual(
      new Map([
        [one, 6 * DAY],
        [two, 6 * DAY],
      ]),
    );
    await close();
  });
}
