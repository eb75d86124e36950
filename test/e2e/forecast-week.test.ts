import { error, forecastAndUse } from './quiet-days';

jest.setTimeout(300_000);

/** A day, taken for each day of the week: `test/trials/forecast-week.trial.ts` lets the whole week pass. */
it('forecasts within two per cent what a quiet day then costs, what is silent or stopped left out', async () => {
  const result = await forecastAndUse(1);
  expect(result.inactiveSeries).toBeGreaterThan(0);
  expect(result.inactiveSeries).toBeLessThan(result.series / 2);
  const { lower, upper } = error(result);
  expect(lower).toBeLessThan(0.02);
  expect(upper).toBeLessThan(0.02);
});
