import fc from 'fast-check';
import { NO_DATA_REASONS } from '../../../core/metrics/no-data';
import type { SeriesState } from '../../../core/metrics/series-state';
import { BlockState } from './block-state';
import { DamagedBlobError } from './bytes';

const NOW = Date.UTC(2026, 10, 24);
const instant = fc.option(
  fc.oneof(
    fc.integer({ min: NOW - 5, max: NOW }),
    fc.maxSafeNat().map((n) => n >> 2),
  ),
);
const someState: fc.Arbitrary<SeriesState> = fc.record({
  ...{ watermark: instant, askedAt: instant, answeredAt: instant, receivedAt: instant },
  trouble: fc.option(
    fc.record({
      reason: fc.constantFrom(...NO_DATA_REASONS),
      evidence: fc.constantFrom('', 'é 💥', 'denied'),
    }),
  ),
});

function stateOf(states: ReadonlyMap<number, SeriesState>): BlockState {
  const block = new BlockState();
  for (const [slot, { trouble, ...instants }] of states) {
    for (const [name, value] of Object.entries(instants) as [keyof typeof instants, number | null][]) {
      if (value !== null) block.setInstant(name, slot, value);
    }
    block.setTrouble(slot, trouble);
  }
  return block;
}

test('states come back as they were, and slots that were never written are unknown', () => {
  const someStates = fc.array(fc.tuple(fc.nat(60), someState), { maxLength: 40 });
  fc.assert(
    fc.property(someStates, (entries) => {
      const states = new Map(entries);
      const decoded = BlockState.decode(stateOf(states).encode());
      for (let slot = 0; slot <= 61; slot++) {
        expect(decoded.get(slot)).toEqual(states.get(slot) ?? new BlockState().get(0));
      }
    }),
  );
});

test('a thousand series of two calls take less than a hundred bytes', () => {
  const block = new BlockState();
  for (let slot = 0; slot < 1_000; slot++) {
    block.setInstant('watermark', slot, NOW);
    for (const name of ['askedAt', 'answeredAt', 'receivedAt'] as const) {
      block.setInstant(name, slot, NOW + (slot < 500 ? 1_000 : 1_700));
    }
    block.setTrouble(slot, null);
  }
  expect(block.encode().length).toBeLessThan(100);
});

test('any changed byte is found', () => {
  const blob = stateOf(
    new Map([[3, { watermark: NOW, askedAt: 1, answeredAt: null, receivedAt: 2, trouble: null }]]),
  ).encode();
  fc.assert(
    fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const damaged = Buffer.from(blob);
      damaged[at]! ^= by;
      expect(() => BlockState.decode(damaged)).toThrow(DamagedBlobError);
      expect(() => BlockState.decode(blob.subarray(0, at))).toThrow(DamagedBlobError);
    }),
  );
});
