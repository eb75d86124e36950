import type { SettleObservation, SettleObservations } from '../../src/core/collection/settle-times';

const DAY = 86_400_000;
const TODAY = Date.UTC(2026, 10, 24);

const seen = (name: string, ageMs: number, day = TODAY): SettleObservation => ({
  ...{ namespace: 'AWS/SQS', name, day, ageMs },
});

/** What every implementation of SettleObservations keeps to. */
export function describeSettleObservations(
  name: string,
  open: () => Promise<{ observations: SettleObservations; close: () => Promise<void> }>,
): void {
  describe(`SettleObservations: ${name}`, () => {
    it('keeps the largest age of each metric and day, and forgets days', async () => {
      const { observations, close } = await open();
      await observations.record([seen('Sent', 60_000), seen('Received', 90_000)], TODAY - 6 * DAY);
      await observations.record([seen('Sent', 30_000), seen('Received', 120_000)], TODAY - 6 * DAY);
      await observations.record([seen('Sent', 5_000, TODAY - DAY)], TODAY - 6 * DAY);
      expect(await observations.load(TODAY - DAY)).toEqual([
        seen('Received', 120_000),
        seen('Sent', 5_000, TODAY - DAY),
        seen('Sent', 60_000),
      ]);
      expect(await observations.load(TODAY)).toHaveLength(2);
      await observations.record([seen('Sent', 1_000, TODAY + 7 * DAY)], TODAY + DAY);
      expect(await observations.load(0)).toEqual([seen('Sent', 1_000, TODAY + 7 * DAY)]);
      await close();
    });
  });
}
