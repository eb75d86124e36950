import { error, forecastAndUse } from '../e2e/quiet-hours';

it('forecasts within two per cent what a quiet week then costs', async () => {
  const result = await forecastAndUse(7 * 24);
  console.log(JSON.stringify(result));
  const { lower, upper } = error(result);
  expect(lower).toBeLessThan(0.02);
  expect(upper).toBeLessThan(0.02);
});
