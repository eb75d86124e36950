/** Slots of a block as a bitmap: bit 0 of byte 0 is slot 0. */
export function encodeSlots(slots: readonly number[]): Buffer {
  const bitmap = Buffer.alloc(slots.length === 0 ? 0 : (Math.max(...slots) >> 3) + 1);
  for (const slot of slots) bitmap[slot >> 3]! |= 1 << (slot & 7);
  return bitmap;
}

/** The slots of a bitmap, ascending. */
export function decodeSlots(bitmap: Uint8Array): number[] {
  const slots: number[] = [];
  bitmap.forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) slots.push(index * 8 + bit);
  });
  return slots;
}

export function hasSlot(bitmap: Uint8Array, slot: number): boolean {
  return ((bitmap[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0;
}
