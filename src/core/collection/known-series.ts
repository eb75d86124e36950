import { createHash } from 'node:crypto';
import type { Series, SeriesCatalog, SeriesSpec } from '../metrics/series';
import { inSlices } from '../slices';
import type { Fence } from './leases';

/** Numbers kept of a series: id, block and slot. */
const NUMBERS = 3;
/** Specs that are hashed in one turn of the event loop, in half a millisecond. */
const SLICE = 1_000;

interface KnownAccount {
  /** Of the specs and the tenant, in their order. */
  fingerprint: string;
  /** The numbers of each series, in the order of the specs. */
  places: Uint32Array;
}

/**
 * What `ensure` of the catalogue answered last, for each account. The series of most accounts are the same in every cycle,
 * and to read and compare half a thousand rows costs more than to ask CloudWatch for them. Of a series twelve bytes are
 * kept: all else is in its spec.
 *
 * What is known stays true: a series goes only with its account, whose id is never used again, and an account that moves
 * comes with another tenant. The lease is not looked at: whatever a run writes checks it.
 */
export class KnownSeries implements Pick<SeriesCatalog, 'ensure'> {
  /** The one that was used longest ago first. */
  private readonly accounts = new Map<number, KnownAccount>();
  private held = 0;

  /** @param most series that are known at once, of all accounts */
  constructor(
    private readonly catalog: Pick<SeriesCatalog, 'ensure'>,
    private readonly most: number,
  ) {}

  /** @throws StaleLeaseError when a series is new, or another than it was */
  async ensure(fence: Fence, tenantId: number, specs: readonly SeriesSpec[]): Promise<Series[]> {
    const { accountId } = fence;
    const fingerprint = await fingerprintOf(tenantId, specs);
    const known = this.take(accountId);
    if (known?.fingerprint === fingerprint) {
      this.keep(accountId, known);
      return specs.map((spec, index) => seriesAt(spec, known.places, index * NUMBERS, tenantId, accountId));
    }
    const series = await this.catalog.ensure(fence, tenantId, specs);
    this.keep(accountId, { fingerprint, places: placesOf(series) });
    return series;
  }

  private take(accountId: number): KnownAccount | undefined {
    const known = this.accounts.get(accountId);
    if (known) this.forget(accountId, known);
    return known;
  }

  private keep(accountId: number, known: KnownAccount): void {
    this.take(accountId);
    this.accounts.set(accountId, known);
    this.held += known.places.length / NUMBERS;
    for (const [oldest, itsSeries] of this.accounts) {
      if (this.held <= this.most) return;
      this.forget(oldest, itsSeries);
    }
  }

  private forget(accountId: number, { places }: KnownAccount): void {
    this.accounts.delete(accountId);
    this.held -= places.length / NUMBERS;
  }
}

async function fingerprintOf(tenantId: number, specs: readonly SeriesSpec[]): Promise<string> {
  const hash = createHash('sha256').update(String(tenantId));
  for await (const slice of inSlices(specs, SLICE)) hash.update(JSON.stringify(slice));
  return hash.digest('base64');
}

function placesOf(series: readonly Series[]): Uint32Array {
  const places = new Uint32Array(series.length * NUMBERS);
  series.forEach(({ id, block, slot }, index) => places.set([id, block, slot], index * NUMBERS));
  return places;
}

/** Field by field: to spread the spec and add to it takes V8 a hundred times as long. */
function seriesAt(
  {
    resourceId,
    region,
    plugin,
    namespace,
    name,
    statistic,
    unit,
    period,
    dimensions,
    settleSeconds,
  }: SeriesSpec,
  places: Uint32Array,
  at: number,
  tenantId: number,
  accountId: number,
): Series {
  return {
    id: places[at]!,
    tenantId,
    accountId,
    resourceId,
    region,
    plugin,
    namespace,
    name,
    statistic,
    unit,
    period,
    dimensions,
    settleSeconds,
    block: places[at + 1]!,
    slot: places[at + 2]!,
  };
}
