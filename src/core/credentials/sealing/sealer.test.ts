import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { ConflictError, type ErrorCode } from '../../errors';
import { KeyEncryptionKeys } from './key-encryption-keys';
import { LocalKey } from './local-key';
import type { SealContext } from './seal-context';
import { Sealer } from './sealer';

const CONTEXT: SealContext = { tenantId: 1, accountId: 2, field: 'access-key' };
const [oldBytes, newBytes] = [randomBytes(32), randomBytes(32)];
const [oldKey, newKey] = [new LocalKey(oldBytes), new LocalKey(newBytes)];
const sealerOf = (...keys: LocalKey[]) => new Sealer(new KeyEncryptionKeys(keys));
const sealer = sealerOf(oldKey);

async function expectRefused(
  attempt: Promise<string>,
  code: ErrorCode = 'RC_SECRET_UNREADABLE',
): Promise<void> {
  const thrown: unknown = await attempt.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ConflictError);
  expect(thrown).toMatchObject({ code });
}

/** The sealed text with one of its dot-separated parts changed. */
function withPart(sealed: string, index: number, change: (bytes: Buffer) => Buffer): string {
  const parts = sealed.split('.');
  parts[index] = change(Buffer.from(parts[index], 'base64url')).toString('base64url');
  return parts.join('.');
}

/** As the first release sealed it: under the key itself. */
function sealedByTheFirstRelease(plain: string, { tenantId, accountId, field }: SealContext): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', oldBytes, iv, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(`rolecall|v1|tenant:${tenantId}|account:${accountId}|${field}`));
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return ['v1', oldKey.id, ...parts].join('.');
}

describe('Sealer', () => {
  it('opens what it sealed, and shows nothing of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (plain) => {
        expect(await sealer.open(await sealer.seal(plain, CONTEXT), CONTEXT)).toBe(plain);
      }),
    );
    const sealed = await sealer.seal('{"accessKeyId":"AKIA"}', CONTEXT);
    expect(sealed).toMatch(/^v2\.[0-9a-f]{8}\.[\w-]{80}\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
    expect(sealer.keyIdOf(sealed)).toBe(oldKey.id);
    expect(Buffer.from(sealed.split('.')[4], 'base64url').toString()).not.toContain('AKIA');
  });

  it('never uses a data key, or an IV, twice', async () => {
    const sealed = await Promise.all(Array.from({ length: 100 }, () => sealer.seal('same', CONTEXT)));
    for (const part of [2, 3, 4]) expect(new Set(sealed.map((text) => text.split('.')[part])).size).toBe(100);
  });

  it.each([
    ['tenant', { ...CONTEXT, tenantId: 3 }],
    ['account', { ...CONTEXT, accountId: 3 }],
    ['field', { ...CONTEXT, field: 'other' }],
  ])('neither opens nor wraps anew for another %s', async (_name, context) => {
    const sealed = await sealer.seal('secret', CONTEXT);
    await expectRefused(sealer.open(sealed, context));
    await expectRefused(sealerOf(newKey, oldKey).rewrap(sealed, context));
    await expectRefused(sealer.open(sealedByTheFirstRelease('secret', CONTEXT), context));
  });

  it('binds the secret itself to its context, not its data key alone', async () => {
    const [mine, theirs] = [await sealer.seal('mine', CONTEXT), await sealer.seal('theirs', CONTEXT)];
    const other = { ...CONTEXT, accountId: 3 };
    const dataKey = await oldKey.unwrap(Buffer.from(theirs.split('.')[2], 'base64url'), CONTEXT);
    const rewrappedForOther = (await oldKey.wrap(dataKey, other)).toString('base64url');
    await expectRefused(
      sealer.open(
        theirs
          .split('.')
          .map((part, index) => (index === 2 ? rewrappedForOther : part))
          .join('.'),
        other,
      ),
    );
    const mixed = mine.split('.').map((part, index) => (index === 2 ? theirs.split('.')[2] : part));
    await expectRefused(sealer.open(mixed.join('.'), CONTEXT));
  });

  it('does not open with any bit flipped', async () => {
    const sealed = await sealer.seal('secret', CONTEXT);
    for (const part of [2, 3, 4, 5]) {
      const bits = Buffer.from(sealed.split('.')[part], 'base64url').length * 8;
      for (let bit = 0; bit < bits; bit++) {
        const flipped = withPart(sealed, part, (bytes) => {
          bytes[bit >> 3] ^= 1 << (bit & 7);
          return bytes;
        });
        await expectRefused(sealer.open(flipped, CONTEXT));
      }
    }
  });

  it.each([0, 4, 8, 12, 15])('does not open with a tag cut to %i bytes', async (length) => {
    const cut = (tag: Buffer) => tag.subarray(0, length);
    await expectRefused(sealer.open(withPart(await sealer.seal('secret', CONTEXT), 5, cut), CONTEXT));
    await expectRefused(sealer.open(withPart(sealedByTheFirstRelease('secret', CONTEXT), 4, cut), CONTEXT));
    const shortWrapping = (wrapped: Buffer) => wrapped.subarray(0, wrapped.length - 16 + length);
    await expectRefused(
      sealer.open(withPart(await sealer.seal('secret', CONTEXT), 2, shortWrapping), CONTEXT),
    );
  });

  it.each([
    '',
    'v1',
    'v2',
    'secret',
    'v1.k.a.b',
    'v1.k.a.b.c.d',
    'v2.k.a.b.c',
    'v2.k.a.b.c.d.e',
    'v3.k.a.b.c.d',
  ])('does not open %p', async (text) => {
    await expectRefused(sealer.open(text, CONTEXT));
    expect(() => sealer.keyIdOf(text)).toThrow(ConflictError);
  });

  it('says which key it lacks', async () => {
    const sealed = await sealer.seal('secret', CONTEXT);
    const stranger = sealerOf(newKey);
    for (const attempt of [stranger.open(sealed, CONTEXT), stranger.rewrap(sealed, CONTEXT)]) {
      await expectRefused(attempt, 'RC_SECRET_KEY_UNKNOWN');
      await expect(attempt).rejects.toThrow(oldKey.id);
    }
    await expectRefused(
      stranger.open(sealedByTheFirstRelease('secret', CONTEXT), CONTEXT),
      'RC_SECRET_KEY_UNKNOWN',
    );
  });

  it('does not open with another key under the same id', async () => {
    const sealed = (await sealer.seal('secret', CONTEXT)).replace(oldKey.id, newKey.id);
    await expectRefused(sealerOf(newKey, oldKey).open(sealed, CONTEXT));
  });

  it('needs keys of 32 bytes, and at least one', () => {
    expect(() => new LocalKey(Buffer.alloc(16))).toThrow('32 bytes');
    expect(() => new KeyEncryptionKeys([])).toThrow('no key-encryption key');
  });
});

describe('rewrap', () => {
  const both = sealerOf(newKey, oldKey);

  it('wraps the data key by the first key and leaves the secret’s bytes as they are', async () => {
    const before = await sealer.seal('secret', CONTEXT);
    const after = await both.rewrap(before, CONTEXT);
    expect(both.keyIdOf(after)).toBe(newKey.id);
    expect(after.split('.').slice(3)).toEqual(before.split('.').slice(3));
    expect(after.split('.')[2]).not.toBe(before.split('.')[2]);
    for (const one of [both, sealerOf(newKey)]) expect(await one.open(after, CONTEXT)).toBe('secret');
    expect(await both.open(before, CONTEXT)).toBe('secret');
  });

  it('leaves what is under the first key already', async () => {
    const sealed = await both.seal('secret', CONTEXT);
    expect(await both.rewrap(sealed, CONTEXT)).toBe(sealed);
    expect(both.keyIds).toEqual([newKey.id, oldKey.id]);
  });

  it('opens what the first release sealed, and makes an envelope of it, of the same key too', async () => {
    const direct = sealedByTheFirstRelease('secret', CONTEXT);
    expect(await sealer.open(direct, CONTEXT)).toBe('secret');
    for (const [one, id] of [
      [sealer, oldKey.id],
      [both, newKey.id],
    ] as const) {
      const enveloped = await one.rewrap(direct, CONTEXT);
      expect(enveloped).toMatch(new RegExp(`^v2\\.${id}\\.`));
      expect(await one.open(enveloped, CONTEXT)).toBe('secret');
    }
  });
});
