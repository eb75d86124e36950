import { covers, WHOLE } from './collection-scope';

describe('covers', () => {
  const ec2 = { plugins: ['ec2'], regions: [] };
  const ec2InOne = { plugins: ['ec2'], regions: ['eu-central-1'] };

  it.each([
    [WHOLE, WHOLE, true],
    [WHOLE, ec2InOne, true],
    [ec2, WHOLE, false],
    [ec2, ec2InOne, true],
    [ec2InOne, ec2, false],
    [ec2InOne, { plugins: ['rds'], regions: ['eu-central-1'] }, false],
    [{ plugins: ['ec2', 'rds'], regions: [] }, ec2, true],
  ])('%j covers %j: %s', (scope, wanted, expected) => expect(covers(scope, wanted)).toBe(expected));
});
