import { error, forecastAndUse } from './quiet-hours';

/** Six hours, taken for the week: `test/trials/forecast-week.trial.ts` lets it pass. */
it('forecasts within two per cent what quiet hours then cost, what is silent or stopped left out', async () => {
  const result = await forecastAndUse(6);
  expect(result.inactiveSeries).toBeGreaterThan(0);
  expect(result.inactiveSeries).toBeLessThan(result.series / 2);
  const { lower, upper } = error(result);
  expect(lower).toBeLessThan(0.02);
  expect(upper).toBeLessThan(0.02);
});
