import fc from 'fast-check';
import type { ChangedPoints } from './bus';
import { mergeChanges } from './merge-changes';

describe('mergeChanges', () => {
  it('equals a map by series and timestamp where the last value wins', () => {
    const someChange = fc.record({
      seriesId: fc.nat(3),
      points: fc.uniqueArray(fc.tuple(fc.nat(20), fc.integer()), { selector: ([timestamp]) => timestamp }),
    });
    fc.assert(
      fc.property(fc.array(someChange), (batch) => {
        const expected = new Map<string, number>();
        const changes = batch.map(({ seriesId, points }): ChangedPoints => {
          for (const [timestamp, value] of points) expected.set(`${seriesId}@${timestamp}`, value);
          return {
            seriesId,
            timestamps: points.map(([timestamp]) => timestamp),
            values: points.map(([, value]) => value),
          };
        });
        const before = structuredClone(changes);
        const merged = mergeChanges(changes);
        const found = merged.flatMap(({ seriesId, timestamps, values }) =>
          timestamps.map((timestamp, index) => [`${seriesId}@${timestamp}`, values[index]] as const),
        );
        expect(found).toHaveLength(expected.size);
        expect(new Map(found)).toEqual(expected);
        expect(changes).toEqual(before);
        const ids = merged.map(({ seriesId }) => seriesId);
        expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
        for (const { timestamps } of merged)
          expect(timestamps).toEqual([...timestamps].sort((a, b) => a - b));
      }),
    );
  });
});
