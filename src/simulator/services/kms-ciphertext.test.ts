import fc from 'fast-check';
import { buildKmsKey } from '../world/build-kms-key';
import { decryptBlob, encryptBlob, keyIdOfBlob } from './kms-ciphertext';

const key = buildKmsKey({ accountId: '111111111111', region: 'eu-west-1' }, undefined);
const plaintext = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
const context = fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 });

test('what was encrypted comes back under the same context, its pairs in any order', () => {
  fc.assert(
    fc.property(plaintext, context, (text, pairs) => {
      const blob = encryptBlob(key, text, pairs);
      const reversed = Object.fromEntries(Object.entries(pairs).reverse());
      expect(keyIdOfBlob(blob)).toBe(key.KeyId);
      expect(decryptBlob(key, blob, reversed)).toEqual(text);
    }),
  );
});

test('nothing comes back under another context', () => {
  fc.assert(
    fc.property(plaintext, context, context, (text, pairs, others) => {
      const sorted = (one: object) => JSON.stringify(Object.entries(one).sort());
      fc.pre(sorted(pairs) !== sorted(others));
      expect(decryptBlob(key, encryptBlob(key, text, pairs), others)).toBeUndefined();
    }),
  );
});

test('nothing comes back from a blob with one byte changed, or cut', () => {
  fc.assert(
    fc.property(plaintext, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, position, change) => {
      const blob = encryptBlob(key, text, {});
      const at = position % blob.length;
      expect(decryptBlob(key, blob.subarray(0, at), {})).toBeUndefined();
      blob[at] ^= change;
      // The key id in front says which key is asked; the key itself finds the change.
      expect(keyIdOfBlob(blob) === key.KeyId && decryptBlob(key, blob, {})).toBeFalsy();
    }),
  );
});
