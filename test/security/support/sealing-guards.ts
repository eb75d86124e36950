import type { Sealer } from '../../../src/core/credentials/sealing/sealer';

/** What is judged: the sealer as it is, or one of which a guard was broken. */
export type SealerSubject = Pick<Sealer, 'seal' | 'open'>;

const HOME = { tenantId: 1, accountId: 7, field: 'access-key' };
const SECRET = '{"accessKeyId":"AKIAEXAMPLE000000000"}';

/** What is sealed for one row opens for no other account, tenant or field. */
export async function expectBoundToItsRow(sealer: SealerSubject): Promise<void> {
  const sealed = await sealer.seal(SECRET, HOME);
  expect(await sealer.open(sealed, HOME)).toBe(SECRET);
  for (const moved of [
    { accountId: 8 },
    { tenantId: 2 },
    { tenantId: 7, accountId: 1 },
    { field: 'other' },
  ]) {
    await expectRefusal(sealer.open(sealed, { ...HOME, ...moved }), 'RC_SECRET_UNREADABLE');
  }
}

/** A tag that was cut to 4 bytes, which an attacker can guess in 2^32 attempts, is none. */
export async function expectWholeTags(sealer: SealerSubject): Promise<void> {
  const sealed = await sealer.seal(SECRET, HOME);
  const parts = sealed.split('.');
  const cut = Buffer.from(parts.pop()!, 'base64url').subarray(0, 4).toString('base64url');
  await expectRefusal(sealer.open([...parts, cut].join('.'), HOME), 'RC_SECRET_UNREADABLE');
}

/** A text that names a key which the gateway does not have is not tried with the keys that it has. */
export async function expectNamedKeyAlone(sealer: SealerSubject): Promise<void> {
  const [version, , ...rest] = (await sealer.seal(SECRET, HOME)).split('.');
  await expectRefusal(sealer.open([version, '00000000', ...rest].join('.'), HOME), 'RC_SECRET_KEY_UNKNOWN');
}

async function expectRefusal(opening: Promise<string>, code: string): Promise<void> {
  await expect(opening).rejects.toMatchObject({ kind: 'Conflict', code });
}
