import type { WantedSeries } from './metric-activity';
import { metricKey } from './metric-key';

/** A series of a longer period, or one whose points come later, is never judged by what there was in three hours. */
const LONGEST_SECONDS = 3_600;

/** The wanted metrics of a place, and how many series (statistics) each has: that many queries are saved without it. */
export interface WantedPlace {
  number: number;
  region: string;
  namespace: string;
  metrics: Map<number, number>;
}

/** Sorts series by where ListMetrics would name them. */
export class WantedPlaces {
  /** Region and namespace as a number: there are a few hundred. */
  private readonly numbers = new Map<string, number>();

  /** What is wanted where, without what is not judged; of the places that are chosen, as a cycle mostly needs none. */
  in(wanted: readonly WantedSeries[], isChosen: (place: number) => boolean = () => true): WantedPlace[] {
    const places = new Map<number, WantedPlace | null>();
    for (const series of wanted) {
      if (!isJudged(series)) continue;
      const number = this.numberOf(series);
      let place = places.get(number);
      if (place === undefined) {
        const { region, namespace } = series;
        place = isChosen(number) ? { number, region, namespace, metrics: new Map() } : null;
        places.set(number, place);
      }
      if (!place) continue;
      const key = keyOf(series);
      place.metrics.set(key, (place.metrics.get(key) ?? 0) + 1);
    }
    return [...places.values()].filter((place) => place !== null);
  }

  numberOf({ region, namespace }: WantedSeries): number {
    const name = `${region} ${namespace}`;
    const number = this.numbers.get(name) ?? this.numbers.size;
    this.numbers.set(name, number);
    return number;
  }
}

export function isJudged({ period, settleSeconds }: WantedSeries): boolean {
  return period < LONGEST_SECONDS && settleSeconds <= LONGEST_SECONDS;
}

export function keyOf({ name, dimensions }: WantedSeries): number {
  return metricKey(name, Object.entries(dimensions));
}
