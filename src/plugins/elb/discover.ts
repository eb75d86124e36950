import type { DiscoverContext } from '../contract';
import { discoverByArn } from './discover-by-arn';
import { discoverClassic } from './discover-classic';

/** Every load balancer of the Region once: the classic API knows the classic ones alone, the newer API the others. */
export async function* discoverLoadBalancers(context: DiscoverContext) {
  const seen = new Set<string>();
  for (const discover of [discoverClassic, discoverByArn]) {
    for await (const found of discover(context)) {
      // Pages shift when a load balancer is made or deleted between them.
      if (seen.has(found.arn)) continue;
      seen.add(found.arn);
      yield found;
    }
  }
}
