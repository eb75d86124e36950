import { doubtfulExternalIds, type ExternalId } from './account';

const retired = (value: string, retiredAt: number, varied: Partial<ExternalId> = {}): ExternalId => ({
  ...{
    value,
    state: 'RETIRED',
    createdAt: 0,
    activatedAt: null,
    retiredAt,
    acceptedAt: null,
    refusedAt: 9_000,
  },
  ...varied,
});

describe('doubtfulExternalIds', () => {
  const asked = (...externalIds: ExternalId[]) =>
    doubtfulExternalIds({ externalIds })
      .map(({ value }) => value)
      .sort();

  it('are the last that was ACTIVE, however many rotations were cancelled since, and the last of those', () => {
    expect(
      asked(
        retired('cancelled last', 400, { createdAt: 300 }),
        retired('cancelled', 300),
        retired('active last', 200, { activatedAt: 50 }),
        retired('active', 100, { activatedAt: 10 }),
      ),
    ).toEqual(['active last', 'cancelled last']);
  });

  it('are all that the role is not known to refuse, each once', () => {
    expect(
      asked(
        retired('new', 300, { refusedAt: null, activatedAt: 20 }),
        retired('old', 100, { refusedAt: null, activatedAt: 10 }),
        retired('older', 50, { activatedAt: 5 }),
      ),
    ).toEqual(['new', 'old']);
  });

  it('are none without a RETIRED one', () => {
    expect(asked(retired('now', 0, { state: 'ACTIVE' }))).toEqual([]);
  });
});
