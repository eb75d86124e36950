import type { DamagedBlob } from '../../core/metrics/metric-maintenance';

/** Told of each blob that is not what was written, whenever one is met. What is intact is served all the same. */
export type DamageLog = (blob: DamagedBlob) => void;
