import { AWS_REGIONS } from './regions';
import { PARTITIONS } from './partition';

it('every Region is named once, as its partition names them, in order', () => {
  expect(new Set(AWS_REGIONS.map(({ name }) => name)).size).toBe(AWS_REGIONS.length);
  for (const { name, partition } of AWS_REGIONS) expect(name).toMatch(PARTITIONS[partition].regionPattern);
  const names = AWS_REGIONS.filter(({ partition }) => partition === 'AWS').map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  for (const { homeRegion } of Object.values(PARTITIONS)) {
    expect(AWS_REGIONS).toContainEqual(expect.objectContaining({ name: homeRegion, optIn: false }));
  }
});
