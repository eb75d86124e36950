import { tagRecord, type DiscoverContext } from '../contract';

/** Both APIs of Elastic Load Balancing: DescribeTags takes at most 20 load balancers. */
const BATCH_SIZE = 20;
/** Tags change seldom, and cost a call for every 20 load balancers. */
const MAX_AGE_SECONDS = 15 * 60;
/** How the two APIs say that a load balancer of the batch is gone; they then answer for none of it. */
const GONE = new Set(['AccessPointNotFoundException', 'LoadBalancerNotFoundException']);

/** One load balancer's entry in an answer of DescribeTags. */
interface TagDescription {
  Tags?: { Key?: string; Value?: string }[];
}

type Tags = Record<string, string>;

/**
 * The tags of load balancers, asked for 20 at a time: at once for those never seen, else every quarter of an hour.
 * @param kind tells names (classic) from ARNs
 * @param ids names or ARNs
 * @param describe one DescribeTags call, answering id and description pairs
 * @returns tags by id; a load balancer that was deleted meanwhile is missing
 */
export function tagsById(
  { remember }: Pick<DiscoverContext, 'remember'>,
  kind: string,
  ids: readonly string[],
  describe: (ids: string[]) => Promise<[id: string, description: TagDescription][]>,
): Promise<Map<string, Tags>> {
  return remember(kind, ids, MAX_AGE_SECONDS, async (unknown) => {
    const tags = new Map<string, Tags>();
    for (let start = 0; start < unknown.length; start += BATCH_SIZE) {
      await addTags(tags, unknown.slice(start, start + BATCH_SIZE), describe);
    }
    return tags;
  });
}

/** Halves a batch until the load balancers that are gone stand alone, and leaves those out. */
async function addTags(
  tags: Map<string, Tags>,
  ids: string[],
  describe: (ids: string[]) => Promise<[id: string, description: TagDescription][]>,
): Promise<void> {
  try {
    const descriptions = new Map(await describe(ids));
    for (const id of ids) tags.set(id, tagRecord(descriptions.get(id)?.Tags));
  } catch (error) {
    if (!(error instanceof Error && GONE.has(error.name))) throw error;
    if (ids.length === 1) return;
    const middle = Math.ceil(ids.length / 2);
    await addTags(tags, ids.slice(0, middle), describe);
    await addTags(tags, ids.slice(middle), describe);
  }
}
