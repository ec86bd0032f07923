// The last 30 minutes of one measurement in equal buckets, kept up with live samples: what a sparkline draws.

export const SPARK_SPAN_MS = 30 * 60_000;
export const SPARK_BUCKETS = 120;
export const BUCKET_MS = SPARK_SPAN_MS / SPARK_BUCKETS;

export class Ring {
  readonly #sum = new Float64Array(SPARK_BUCKETS);
  readonly #count = new Uint32Array(SPARK_BUCKETS);
  /** Number of the bucket that a slot holds; -1: none. */
  readonly #holds = new Float64Array(SPARK_BUCKETS).fill(-1);

  static bucketOf(timeMs: number): number {
    return Math.floor(timeMs / BUCKET_MS);
  }

  /** Adds a sample; one older than what its slot holds by now is dropped. */
  add(timeMs: number, value: number): void {
    if (!Number.isFinite(value) || !Number.isFinite(timeMs) || timeMs < 0) return;
    const bucket = Ring.bucketOf(timeMs);
    const slot = bucket % SPARK_BUCKETS;
    const held = this.#holds[slot] ?? -1;
    if (held > bucket) return;
    if (held < bucket) {
      this.#holds[slot] = bucket;
      this.#sum[slot] = 0;
      this.#count[slot] = 0;
    }
    this.#sum[slot] = (this.#sum[slot] ?? 0) + value;
    this.#count[slot] = (this.#count[slot] ?? 0) + 1;
  }

  /** Mean of a bucket; NaN where there is no sample. */
  mean(bucket: number): number {
    const slot = bucket % SPARK_BUCKETS;
    if (this.#holds[slot] !== bucket) return NaN;
    const count = this.#count[slot] ?? 0;
    return count === 0 ? NaN : (this.#sum[slot] ?? NaN) / count;
  }

  clear(): void {
    this.#holds.fill(-1);
  }
}
